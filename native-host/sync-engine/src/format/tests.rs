mod bytes;
mod circles;
mod heads;
mod limits;
mod mailboxes;
mod names;
mod packs;
mod unknown;

use protocol::cbor::Value;

use super::{Body, Circle, Head, PackRef, Seen, Sentence, VaultKeyEntry};
use crate::ids::{DeviceId, ObjectHash, SentenceId, VaultId};
use crate::keys::{Card, SyncVaultKey};
use crate::stamp::Stamp;
use crate::testing::{device, paper};
use crate::wire::Unknown;

fn vault() -> VaultId {
    VaultId::from_slice(&[0x77; 16]).unwrap()
}

fn key() -> SyncVaultKey {
    SyncVaultKey::from_slice(&[9; 32]).unwrap()
}

fn hash(byte: u8) -> ObjectHash {
    ObjectHash::from_slice(&[byte; 32]).unwrap()
}

fn stamp(ms: u64) -> Stamp {
    Stamp { ms, counter: 3, device: [0xdd; 8] }
}

fn laptop() -> Card {
    device(1).card("Laptop", false, None)
}

fn words() -> Card {
    paper(4).card("", true, None)
}

fn head() -> Head {
    Head {
        vault: vault(),
        device: device(1).id(),
        n: 300,
        content: 299,
        packs: vec![PackRef { hash: hash(0xaa), length: 1234, to: 299, count: 7 }],
        seen: vec![Seen { device: DeviceId::from_slice(&[0xbb; 16]).unwrap(), n: 5, hash: hash(0xcc) }],
        time: 1_700_000_000_000,
        unknown: Unknown::default(),
    }
}

fn found() -> Body {
    let unknown = Unknown::default();
    Body::Found { device: Box::new(laptop()), paper: Box::new(words()), salt: [0x5a; 16], unknown }
}

fn invite(card: Card) -> Body {
    Body::Invite { card: Box::new(card), unknown: Unknown::default() }
}

fn remove() -> Body {
    let kept = vec![SentenceId::from_slice(&[0xee; 32]).unwrap()];
    Body::Remove { device: device(2).id(), kept, unknown: Unknown::default() }
}

/// Of the vault that `device(1)` founds with `paper(4)`, in which `device(2)` is.
fn circle() -> Circle {
    let founding = Sentence::found(stamp(1), found(), &device(1)).countersigned(&paper(4));
    let invitation =
        Sentence::sign(founding.vault, stamp(2), invite(device(2).card("Desktop", false, None)), &device(1));
    let keys = vec![VaultKeyEntry { made: stamp(1), key: key(), without: vec![device(3).id()] }];
    Circle { sentences: vec![founding, invitation], keys, unknown: Unknown::default() }
}

fn bytes_of(value: &Value) -> Vec<u8> {
    protocol::cbor::encode(value)
}
