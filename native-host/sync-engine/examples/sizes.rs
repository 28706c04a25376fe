//! How large sync's objects are, for docs/SYNC-FORMAT.md: `cargo run -p sync-engine --example sizes`.

#[path = "../src/testing/counter.rs"]
mod counter;

use counter::Counter;
use sync_engine::format::{
    Ask, Body, Circle, FormatError, Head, PackBuilder, PackRef, Seen, Sentence, VaultKeyEntry, Yes,
};
use sync_engine::ids::{ObjectHash, RecordId, VaultId};
use sync_engine::keys::{Card, DeviceKeys, DeviceRoot, Identity, JoinCode, PaperKey, SyncVaultKey};
use sync_engine::record::Record;
use sync_engine::stamp::Stamp;
use sync_engine::wire::Unknown;

/// Packs are begun anew from here on, in bytes.
const FULL: usize = 4 << 20;

fn main() -> Result<(), FormatError> {
    for devices in [1, 2, 5, 20] {
        let people = Vault::of(devices);
        let (circle, head, yes) = (people.circle()?, people.head(8)?, people.yes()?);
        println!("{devices} devices: circle {circle}, head with 8 packs {head}, yes {yes}");
    }
    let ask = Vault::of(1).ask()?;
    println!("ask {ask}");
    for records in [1, 10, 100, 1_000, 10_000, 100_000] {
        let packs = packs(records)?;
        println!("{records} records: {} packs, {} bytes", packs.len(), packs.iter().sum::<usize>());
    }
    Ok(())
}

struct Vault {
    id: VaultId,
    devices: Vec<(Identity, Card)>,
    paper: (Identity, Card),
    key: SyncVaultKey,
}

impl Vault {
    fn of(count: u8) -> Self {
        let device = |byte| {
            let device = DeviceKeys::derive(&DeviceRoot::from_slice(&[byte; 32]).expect("32 bytes"), &[byte; 32]);
            let card = device.card("Alice’s laptop (Firefox)", false, None);
            (device, card)
        };
        let paper = PaperKey::from_slice(&[200; 32]).expect("32 bytes").identity();
        let card = paper.card("", true, None);
        let key = SyncVaultKey::generate(&mut Counter::of(9));
        let id = VaultId::from_slice(&[7; 16]).expect("16 bytes");
        Self { id, devices: (1..=count).map(device).collect(), paper: (paper, card), key }
    }

    /// Founded by the first, which invites all others.
    fn circle(&self) -> Result<usize, FormatError> {
        let (founder, card) = &self.devices[0];
        let [device, paper] = [card, &self.paper.1].map(|card| Box::new(card.clone()));
        let founding = Body::Found { device, paper, salt: [0; 16], unknown: Unknown::default() };
        let mut sentences = vec![Sentence::sign(self.id, stamp(0), founding, founder).countersigned(&self.paper.0)];
        for (_, card) in &self.devices[1..] {
            let body = Body::Invite { card: Box::new(card.clone()), unknown: Unknown::default() };
            sentences.push(Sentence::sign(self.id, stamp(1), body, founder));
        }
        let keys = vec![VaultKeyEntry { made: stamp(0), key: self.key.duplicate(), without: vec![] }];
        let members = self.devices.iter().map(|(_, card)| card).chain([&self.paper.1]);
        let circle = Circle { sentences, keys, unknown: Unknown::default() };
        Ok(circle.seal(&self.id, members, &mut Counter::of(1))?.bytes.len())
    }

    fn head(&self, packs: u8) -> Result<usize, FormatError> {
        let pack = |byte| PackRef { hash: hash(byte), length: 4_000_000, to: 1000, count: 12_000 };
        let (author, _) = &self.devices[0];
        let head = Head {
            vault: self.id,
            device: author.id(),
            n: 1000,
            content: 1000,
            packs: (0..packs).map(pack).collect(),
            seen: self.seen(),
            time: stamp(0).ms,
            unknown: Unknown::default(),
        };
        Ok(head.seal(&hash(1), &self.key, author, &mut Counter::of(1))?.len())
    }

    fn seen(&self) -> Vec<Seen> {
        self.devices[1..].iter().map(|(device, _)| Seen { device: device.id(), n: 1000, hash: hash(2) }).collect()
    }

    fn ask(&self) -> Result<usize, FormatError> {
        let ask = Ask { card: self.devices[0].1.clone(), unknown: Unknown::default() };
        Ok(ask.seal(&mailbox(), &mut Counter::of(1))?.len())
    }

    fn yes(&self) -> Result<usize, FormatError> {
        let (vault, inviter, circle) = (self.id, self.devices[0].0.id(), hash(1));
        let yes = Yes { vault, inviter, circle, n: 1000, seen: self.seen(), unknown: Unknown::default() };
        Ok(yes.seal(&mailbox(), &mut Counter::of(1))?.len())
    }
}

/// The sizes of the packs that hold so many passkeys, each of 330 bytes in five fields.
fn packs(records: u32) -> Result<Vec<usize>, FormatError> {
    let key = SyncVaultKey::generate(&mut Counter::of(9));
    let [vault, author] = [[7; 16], [8; 16]];
    let mut sizes = Vec::new();
    let mut pack = PackBuilder::default();
    let mut seal = |pack: &PackBuilder| {
        let (vault, author) = (VaultId::from_slice(&vault), sync_engine::ids::DeviceId::from_slice(&author));
        let (vault, author) = (vault.expect("16 bytes"), author.expect("16 bytes"));
        pack.seal(&vault, &author, &key, &mut Counter::of(1)).map(|object| sizes.push(object.bytes.len()))
    };
    for n in 0..records {
        let mut record = Record::default();
        for (field, length) in [(0, 1), (1, 240), (2, 60), (3, 9), (64, 20)] {
            record.set(field, stamp(u64::from(n)), vec![0x5a; length].into());
        }
        pack.push(RecordId::of_passkey("example.com", &n.to_be_bytes()), &record);
        if pack.size() >= FULL {
            seal(&std::mem::take(&mut pack))?;
        }
    }
    if pack.count() > 0 {
        seal(&pack)?;
    }
    Ok(sizes)
}

fn mailbox() -> sync_engine::keys::Mailbox {
    JoinCode::from_slice(&[5; 10]).expect("10 bytes").mailbox()
}

fn stamp(seconds: u64) -> Stamp {
    Stamp { ms: 1_790_000_000_000 + 1000 * seconds, counter: 2, device: [9; 8] }
}

fn hash(byte: u8) -> ObjectHash {
    ObjectHash::from_slice(&[byte; 32]).expect("32 bytes")
}
