//! A vault that is synchronized, with one device and one mailbox, as each input finds it; and objects with any inside, as a member could make them.

use std::sync::OnceLock;

use protocol::cbor::{self, Value, int_map};
use sync_engine::format::{Ask, Body, Circle, Head, PackBuilder, PackRef, Seen, Sentence, VaultKeyEntry, Yes};
use sync_engine::ids::{ObjectHash, RecordId, VaultId};
use sync_engine::keys::{
    Card, CircleSecret, DeviceKeys, DeviceRoot, Identity, JoinCode, Mailbox, Seal, Signed, SyncVaultKey,
};
use sync_engine::record::Record;
use sync_engine::stamp::Stamp;
use sync_engine::storage::ObjectName;
use sync_engine::wire::Unknown;

use crate::Counter;

/// The number of the head that there is.
pub const N: u64 = 7;

/// What a member knows.
pub struct Synced {
    pub device: Identity,
    pub card: Card,
    pub vault: VaultId,
    pub key: SyncVaultKey,
    pub mailbox: Mailbox,
}

/// The kinds of objects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Head,
    Pack,
    Circle,
    Ask,
    Yes,
}

/// All of them.
pub const KINDS: [Kind; 5] = [Kind::Head, Kind::Pack, Kind::Circle, Kind::Ask, Kind::Yes];

/// The one that each input finds.
pub fn synced() -> &'static Synced {
    static SYNCED: OnceLock<Synced> = OnceLock::new();
    SYNCED.get_or_init(|| {
        let device = DeviceKeys::derive(&DeviceRoot::from_slice(&[1; 32]).unwrap(), &[2; 32]);
        Synced {
            card: device.card("Laptop", false, None),
            device,
            vault: VaultId::from_slice(&[0x77; 16]).unwrap(),
            key: SyncVaultKey::from_slice(&[9; 32]).unwrap(),
            mailbox: JoinCode::from_slice(&[5; 10]).unwrap().mailbox(),
        }
    })
}

impl Synced {
    /// An object of this kind, with any inside.
    pub fn around(&self, kind: Kind, inside: &[u8]) -> Vec<u8> {
        let rng = &mut Counter::default();
        let vault = self.vault.as_bytes();
        match kind {
            Kind::Head => {
                let path = ObjectName::Head(self.device.id(), N).path();
                let seal = self.key.seal(inside, &[b"head/v1", vault, path.as_bytes()], rng);
                let mut object = [b"PKH1", &[0xc1; 32][..], self.key.id().as_bytes(), &seal].concat();
                let signature = self.device.sign(Signed::Head, &[path.as_bytes(), &object]);
                object.extend_from_slice(&signature);
                object
            }
            Kind::Pack => {
                let seal = self.key.seal(inside, &[b"pack/v1", vault, self.device.id().as_bytes()], rng);
                [b"PKP1", &self.key.id().as_bytes()[..], &seal].concat()
            }
            Kind::Circle => {
                let secret = CircleSecret::generate(rng);
                let wrap = self.card.wrap(&secret, &self.vault, rng).expect("a sound card");
                let wraps = Value::Array(vec![self.device.id().as_bytes().to_vec().into(), wrap.into()]);
                let seal = secret.seal(inside, &[b"circle/v1", vault], rng);
                cbor::encode(&int_map([
                    (0, Some(vault.to_vec().into())),
                    (1, Some(Value::Array(vec![wraps]))),
                    (2, Some(seal.into())),
                ]))
            }
            Kind::Ask | Kind::Yes => self.in_the_mailbox(kind, inside),
        }
    }

    /// Its keys are the mailbox's own, so what is sealed is what the engine itself seals: members that nobody knows are kept.
    fn in_the_mailbox(&self, kind: Kind, inside: &[u8]) -> Vec<u8> {
        let rng = &mut Counter::default();
        match kind {
            Kind::Ask => Ask::decode(inside).and_then(|ask| ask.seal(&self.mailbox, rng)),
            _ => Yes::decode(inside).and_then(|yes| yes.seal(&self.mailbox, rng)),
        }
        .unwrap_or_default()
    }
}

/// A sound inside of this kind.
pub fn inside(kind: Kind) -> Vec<u8> {
    let Synced { device, card, vault, key, .. } = synced();
    let hash = ObjectHash::from_slice(&[0xaa; 32]).unwrap();
    let at = Stamp { ms: 1_700_000_000_000, counter: 3, device: [0xdd; 8] };
    let (unknown, vault) = (Unknown::default(), *vault);
    let seen = vec![Seen { device: device.id(), n: 5, hash }];
    match kind {
        Kind::Head => {
            let packs = vec![PackRef { hash, length: 1234, to: 6, count: 7 }];
            let head = Head { vault, device: device.id(), n: N, content: 6, packs, seen, time: at.ms, unknown };
            cbor::encode(&head.to_value())
        }
        Kind::Pack => {
            let mut record = Record::default();
            for (field, ms) in [(0, 1), (1, 2), (64, 3), (64, 4), (99, 5)] {
                record.set(field, Stamp { ms, ..at }, b"value".to_vec().into());
            }
            let mut pack = PackBuilder::default();
            pack.push(RecordId::of_passkey("example.com", &[1]), &record);
            pack.push(RecordId::of_passkey("example.com", &[2]), &Record::default());
            let object = pack.seal(&vault, &device.id(), key, &mut Counter::default()).expect("a small pack");
            key.open(&object.bytes[12..], &[b"pack/v1", vault.as_bytes(), device.id().as_bytes()])
                .expect("our own")
                .to_vec()
        }
        Kind::Circle => {
            let removal = Body::Remove { device: device.id(), kept: Vec::new(), unknown };
            let sentences = vec![Sentence::sign(vault, at, removal, device)];
            let keys = vec![VaultKeyEntry { made: at, key: key.duplicate(), without: vec![device.id()] }];
            Circle { sentences, keys, unknown: Unknown::default() }.encode().to_vec()
        }
        Kind::Ask => Ask { card: card.clone(), unknown }.encode().to_vec(),
        Kind::Yes => {
            let yes = Yes { vault, inviter: device.id(), circle: hash, n: N, seen, unknown };
            yes.encode().to_vec()
        }
    }
}
