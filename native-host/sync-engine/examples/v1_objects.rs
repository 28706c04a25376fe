//! Writes a storage with one object of each kind and more, as tests/v1 has one from version 1: `cargo run --example v1_objects -- FOLDER`, where
//! FOLDER has a `keys.txt`. Nothing is written over.

#[path = "../tests/v1/contents.rs"]
mod contents;

use std::convert::Infallible;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use contents::Keys;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use sync_engine::format::{Object, PackBuilder, PackRef, Seen};
use sync_engine::ids::{ObjectHash, RecordId};
use sync_engine::keys::{Card, Identity};
use sync_engine::record::Record;
use sync_engine::storage::ObjectName;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("which folder?")?);
    let keys = Keys::read(&fs::read_to_string(folder.join("keys.txt"))?);
    let made = objects(&keys)?;
    for (name, bytes) in &made {
        put(&folder.join("storage").join(name.path()), bytes)?;
    }
    println!("{} objects, {} bytes", made.len(), made.iter().map(|(_, bytes)| bytes.len()).sum::<usize>());
    Ok(())
}

type Named = (ObjectName, Vec<u8>);

fn objects(keys: &Keys) -> Result<Vec<Named>, Box<dyn Error>> {
    let rng = &mut Counter::default();
    let vault = keys.vault();
    let card = |member: &Identity| member.card("", false, None);
    let [laptop, desktop, tablet, paper] = [&keys.laptop, &keys.desktop, &keys.tablet, &keys.paper].map(card);
    let members: [&[&Card]; 3] =
        [&[&laptop, &paper], &[&laptop, &desktop, &tablet, &paper], &[&laptop, &desktop, &paper]];
    let mut circles = Vec::new();
    for (number, members) in (1..).zip(members) {
        circles.push(keys.circle(number).seal(&vault, members.iter().copied(), rng)?);
    }
    let mut pack = |records: Vec<(RecordId, Record)>, author: &Identity, key: usize| {
        let mut pack = PackBuilder::default();
        records.iter().for_each(|(id, record)| pack.push(*id, record));
        pack.seal(&vault, &author.id(), &keys.vault_keys[key], rng)
    };
    let first = pack(keys.first_pack(), &keys.laptop, 0)?;
    let second = pack(keys.second_pack(), &keys.laptop, 1)?;
    let desktops = pack(keys.desktop_pack(), &keys.desktop, 1)?;
    let named = |pack: &Object, to, count| PackRef { hash: pack.hash, length: pack.bytes.len() as u64, to, count };

    let head_1 = keys.head(&keys.laptop, 1, vec![named(&first, 1, 1)], vec![]);
    let bytes_1 = head_1.seal(&circles[0].hash, &keys.vault_keys[0], &keys.laptop, rng)?;
    let seen = |device: &Identity, head: &[u8]| Seen { device: device.id(), n: 1, hash: ObjectHash::of_object(head) };
    let packs = vec![named(&desktops, 1, 1)];
    let desktop_1 = keys.head(&keys.desktop, 1, packs, vec![seen(&keys.laptop, &bytes_1)]);
    let desktop_bytes = desktop_1.seal(&circles[2].hash, &keys.vault_keys[1], &keys.desktop, rng)?;
    let packs = vec![named(&first, 1, 1), named(&second, 2, 2)];
    let head_2 = keys.head(&keys.laptop, 2, packs, vec![seen(&keys.desktop, &desktop_bytes)]);
    let bytes_2 = head_2.seal(&circles[2].hash, &keys.vault_keys[1], &keys.laptop, rng)?;

    let mailbox = keys.code.mailbox();
    let ask = keys.ask().seal(&mailbox, rng)?;
    let yes = keys.yes(circles[2].hash, vec![seen(&keys.desktop, &desktop_bytes)]).seal(&mailbox, rng)?;
    let mut made = vec![
        (head_1.name(), bytes_1),
        (head_2.name(), bytes_2),
        (desktop_1.name(), desktop_bytes),
        (ObjectName::Ask(mailbox.slot), ask),
        (ObjectName::Yes(mailbox.slot), yes),
    ];
    for (author, pack) in [(&keys.laptop, first), (&keys.laptop, second), (&keys.desktop, desktops)] {
        made.push((ObjectName::Pack(author.id(), pack.hash), pack.bytes));
    }
    made.extend(circles.into_iter().map(|circle| (ObjectName::Circle(circle.hash), circle.bytes)));
    Ok(made)
}

fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    File::create_new(path)?.write_all(bytes)
}

/// SHA-256 of a counter: the same objects each time.
#[derive(Default)]
struct Counter(u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&Sha256::digest(self.0.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
