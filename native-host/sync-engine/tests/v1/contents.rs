//! What is in the folder `storage`: three devices and a recovery key, one of the devices removed. Nothing here may ever change; what version 1
//! could write besides gets a folder of its own.

use sync_engine::format::{Ask, Body, Circle, Head, PackRef, Seen, Sentence, VaultKeyEntry, Yes};
use sync_engine::ids::{ObjectHash, RecordId, VaultId};
use sync_engine::keys::{DeviceKeys, DeviceRoot, Identity, JoinCode, PaperKey, SyncVaultKey};
use sync_engine::record::Record;
use sync_engine::stamp::Stamp;
use sync_engine::wire::{self, Unknown};

/// Who there is, from the lines of `keys.txt`.
pub struct Keys {
    pub laptop: Identity,
    pub desktop: Identity,
    /// Removed.
    pub tablet: Identity,
    pub paper: Identity,
    pub code: JoinCode,
    pub vault_keys: [SyncVaultKey; 2],
}

/// When the laptop founded the vault.
pub const FOUNDED: u64 = 1_790_000_000_000;

impl Keys {
    /// From lines of a name, a colon, and 64 hexadecimal digits, words, or a code.
    pub fn read(text: &str) -> Self {
        let line = |name: &str| {
            let of = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            of.unwrap_or_else(|| panic!("{name} is not in keys.txt"))
        };
        let bytes = |name: &str| <[u8; 32]>::try_from(hex(line(name))).expect("32 bytes");
        let device = |name: &str| {
            let root = DeviceRoot::from_slice(&bytes(&format!("{name} root"))).expect("32 bytes");
            DeviceKeys::derive(&root, &bytes(&format!("{name} salt")))
        };
        Self {
            laptop: device("laptop"),
            desktop: device("desktop"),
            tablet: device("tablet"),
            paper: PaperKey::from_words(line("recovery key")).expect("24 words").identity(),
            code: JoinCode::from_text(line("join code")).expect("a code"),
            vault_keys: ["vault key 1", "vault key 2"]
                .map(|name| SyncVaultKey::from_slice(&bytes(name)).expect("32 bytes")),
        }
    }

    fn stamp(&self, seconds: u64, device: &Identity) -> Stamp {
        let device = device.id().as_bytes()[..8].try_into().expect("8 bytes");
        Stamp { ms: FOUNDED + 1000 * seconds, counter: 2, device }
    }

    pub fn founding(&self) -> Sentence {
        let body = Body::Found {
            device: Box::new(self.laptop.card("Laptop", false, None)),
            paper: Box::new(self.paper.card("", true, None)),
            salt: [0x5a; 16],
            unknown: Unknown::default(),
        };
        Sentence::found(self.stamp(0, &self.laptop), body, &self.laptop).countersigned(&self.paper)
    }

    pub fn vault(&self) -> VaultId {
        self.founding().vault
    }

    fn says(&self, seconds: u64, body: Body) -> Sentence {
        Sentence::sign(self.vault(), self.stamp(seconds, &self.laptop), body, &self.laptop)
    }

    /// The circle as the laptop knew it: 1, alone; 2, with both others; 3, without the tablet.
    pub fn circle(&self, number: usize) -> Circle {
        let invite = |card| Body::Invite { card: Box::new(card), unknown: Unknown::default() };
        let removal = Body::Remove { device: self.tablet.id(), kept: vec![self.founding().id()], unknown: later() };
        let sentences = [
            vec![self.founding()],
            vec![
                self.says(60, invite(self.desktop.card("Büro-PC", false, Some(self.tablet.id())))),
                self.says(90, invite(self.tablet.card("Tablet", false, None))),
            ],
            vec![self.says(120, removal), self.says(150, Body::Other { kind: 99, unknown: later() })],
        ];
        let entry = |at: usize, without| {
            let made = self.stamp(120 * at as u64, &self.laptop);
            VaultKeyEntry { made, key: self.vault_keys[at].duplicate(), without }
        };
        let mut keys = vec![entry(0, vec![])];
        if number == 3 {
            keys.push(entry(1, vec![self.tablet.id()]));
        }
        let unknown = if number == 3 { later() } else { Unknown::default() };
        Circle { sentences: sentences.into_iter().take(number).flatten().collect(), keys, unknown }
    }

    /// The laptop's first pack, sealed with the first vault key.
    pub fn first_pack(&self) -> Vec<(RecordId, Record)> {
        let mut record = Record::default();
        let mut set = |field, seconds, value: &[u8]| {
            record.set(field, self.stamp(seconds, &self.laptop), value.to_vec().into());
        };
        set(0, 1, &[0xf4]);
        set(1, 2, b"core");
        set(3, 3, &[0x1a, 0, 0, 0, 1]);
        for second in 4..8 {
            set(64, second, format!("label {second}").as_bytes());
        }
        vec![(RecordId::of_passkey("example.com", &[1, 2, 3]), record)]
    }

    /// Its second, with the second key: a tombstone, and a field of a later version.
    pub fn second_pack(&self) -> Vec<(RecordId, Record)> {
        let mut deleted = Record::default();
        deleted.set(0, self.stamp(200, &self.laptop), vec![0xf5].into());
        let mut later = Record::default();
        later.set(1, self.stamp(201, &self.laptop), b"core".to_vec().into());
        later.set(63, self.stamp(202, &self.laptop), b"one".to_vec().into());
        later.set(1000, self.stamp(203, &self.laptop), b"older".to_vec().into());
        later.set(1000, self.stamp(204, &self.laptop), b"newer".to_vec().into());
        vec![(RecordId::of_passkey("example.org", &[4]), deleted), (RecordId::of_single("later"), later)]
    }

    /// The desktop's: another label for the laptop's first.
    pub fn desktop_pack(&self) -> Vec<(RecordId, Record)> {
        let mut record = Record::default();
        record.set(64, self.stamp(300, &self.desktop), "Bank – “gemeinsam”".as_bytes().to_vec().into());
        vec![(RecordId::of_passkey("example.com", &[1, 2, 3]), record)]
    }

    pub fn head(&self, device: &Identity, n: u64, packs: Vec<PackRef>, seen: Vec<Seen>) -> Head {
        let unknown = if n == 2 { later() } else { Unknown::default() };
        let (vault, time) = (self.vault(), FOUNDED + n);
        Head { vault, device: device.id(), n, content: n, packs, seen, time, unknown }
    }

    pub fn ask(&self) -> Ask {
        Ask { card: self.desktop.card("Büro-PC", false, Some(self.tablet.id())), unknown: later() }
    }

    pub fn yes(&self, circle: ObjectHash, seen: Vec<Seen>) -> Yes {
        Yes { vault: self.vault(), inviter: self.laptop.id(), circle, n: 2, seen, unknown: later() }
    }
}

/// What version 1 does not know and keeps: `{ 100: [true, "new"], "name": { 1: null } }`.
fn later() -> Unknown {
    let map = hex("a2 1864 82 f5 636e6577 646e616d65 a1 01 f6");
    Unknown::rest(wire::fields(wire::decode(&map).expect("canonical"), "later").expect("a map"))
}

pub fn hex(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.replace(' ', "").as_bytes()).expect("hexadecimal digits")
}
