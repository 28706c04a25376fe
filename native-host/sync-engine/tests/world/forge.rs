//! What somebody makes by hand who has the keys of a machine, or none.

use std::rc::Rc;

use sync_engine::circle::Circle;
use sync_engine::engine::state::State;
use sync_engine::format::{Card, Head, HeadObject, Object};
use sync_engine::ids::{DeviceId, ObjectHash};
use sync_engine::keys::{DeviceKeys, Identity, Seal, SyncVaultKey};
use sync_engine::storage::ObjectName;
use sync_engine::wire;

use super::World;

impl World {
    /// What a machine is able to sign with.
    pub fn identity(&self, machine: usize) -> Identity {
        let state = self.state(machine);
        DeviceKeys::derive(self.machines[machine].root, &state.salt)
    }

    pub fn state(&self, machine: usize) -> State {
        let read = |bytes: &[u8]| State::decode(bytes).expect("a state that was just encoded");
        self.machines[machine].memory.look(|disk| disk.state.as_deref().map(read)).expect("it synchronizes")
    }

    pub fn put(&mut self, name: ObjectName, bytes: Vec<u8>) {
        self.storage.objects.insert(name, Rc::new(bytes));
    }

    /// The number of the newest head of a device on the storage, and its bytes.
    pub fn newest_head(&self, device: DeviceId) -> (u64, Rc<Vec<u8>>) {
        let heads = self.storage.objects.iter().filter_map(|(name, bytes)| match name {
            ObjectName::Head(author, n) if *author == device => Some((*n, bytes.clone())),
            _ => None,
        });
        heads.max_by_key(|(n, _)| *n).expect("it has published")
    }

    /// What a machine's newest head says, and what it is sealed with.
    pub fn open_newest_head(&self, machine: usize) -> (Head, ObjectHash, SyncVaultKey) {
        let state = self.state(machine);
        let (n, bytes) = self.newest_head(state.device);
        let object = HeadObject::parse(&bytes).expect("a head");
        let key = state.circle().keys().get(&object.key).expect("its own key").key.duplicate();
        let card = &state.membership().standing(&state.device).expect("in").card;
        let head = object.open(&state.circle().vault(), card, n, &key);
        (head.expect("its own head"), object.circle, key)
    }

    /// Puts a head as the machine would: this one, standing by this circle.
    pub fn put_head(&mut self, head: &Head, circle: &ObjectHash, key: &SyncVaultKey, author: &Identity) {
        let bytes = head.seal(circle, key, author, &mut self.random).expect("a head");
        self.put(head.name(), bytes);
    }

    /// Puts a circle, sealed for these.
    pub fn put_circle(&mut self, circle: &Circle, recipients: &[Card]) -> ObjectHash {
        let Object { hash, bytes } =
            circle.contents().seal(&circle.vault(), recipients, &mut self.random).expect("a circle");
        self.put(ObjectName::Circle(hash), bytes);
        hash
    }

    /// A machine's circle, to be said more in.
    pub fn circle(&self, machine: usize) -> Circle {
        let state = self.state(machine);
        Circle::remembered(state.circle().vault(), state.circle().contents())
    }

    /// All who are in, as a machine knows it.
    pub fn recipients(&self, machine: usize) -> Vec<Card> {
        self.state(machine).membership().live().map(|standing| standing.card.clone()).collect()
    }

    /// A machine's next head, as a version writes it that needs a feature.
    pub fn put_head_that_needs(&mut self, machine: usize, feature: u64) {
        let (mut head, circle, key) = self.open_newest_head(machine);
        (head.n, head.content) = (head.n + 1, head.n + 1);
        let mut value = head.to_value();
        let members = value.as_map_mut().expect("a map");
        let needs = members.iter_mut().find(|(number, _)| *number == 7.into()).expect("needs");
        needs.1 = ciborium::Value::Array(vec![feature.into()]);
        let path = head.name().path();
        let author = self.identity(machine);
        let vault = *head.vault.as_bytes();
        let sealed = key.seal(&wire::encode(&value), &[b"head/v1", &vault, path.as_bytes()], &mut self.random);
        let mut object = [b"PKH1".as_slice(), circle.as_bytes(), key.id().as_bytes(), &sealed].concat();
        let signature = author.sign(sync_engine::keys::Signed::Head, &[path.as_bytes(), &object]);
        object.extend_from_slice(&signature);
        self.put(head.name(), object);
    }
}
