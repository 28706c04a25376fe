//! What people do: they use passkeys, name them, delete them, add machines, lose them, and put yesterday's disk back.

use sync_engine::engine::{JoinCode, Outcome, PaperKey, Task};
use sync_engine::ids::{DeviceId, RecordId, VaultId};
use sync_engine::record::{DELETED, FieldNumber};

use super::World;
use super::disk::Change;
use super::storage::Knobs;

/// The fields that the world writes, as the product numbers them.
pub const CORE: FieldNumber = 1;
pub const LAST_USED: FieldNumber = 3;
/// One that no version knows.
pub const OF_LATER: FieldNumber = 11;
pub const LABEL: FieldNumber = 64;
pub const NOTE: FieldNumber = 65;

/// CBOR `true`.
pub const DELETED_YES: &[u8] = &[0xf5];

/// How often a person tries something that the storage does not do.
const PATIENCE: usize = 4;

impl World {
    /// A first machine, with sync turned on.
    pub fn found(&mut self) -> usize {
        let machine = self.add_machine();
        self.found_on(machine);
        machine
    }

    pub fn found_on(&mut self, machine: usize) {
        self.tell(format!("machine {machine} founds the vault"));
        let task = Task::Found { name: format!("machine {machine}"), paper: self.paper() };
        self.run(machine, task);
    }

    pub fn vault(&self) -> Option<VaultId> {
        let on = self.machines.iter().filter(|machine| machine.is_on());
        on.filter_map(|machine| machine.memory.state()).map(|state| state.circle().vault()).next()
    }

    pub fn device(&self, machine: usize) -> Option<DeviceId> {
        self.machines[machine].memory.state().map(|state| state.device)
    }

    /// A new machine that another lets in. Where the storage does not do its part, the new one is left waiting.
    pub fn join(&mut self, by: usize) -> usize {
        let new = self.add_machine();
        self.let_in(new, by);
        new
    }

    /// Lets a machine in.
    pub fn let_in(&mut self, new: usize, by: usize) {
        self.tell(format!("machine {by} lets machine {new} in"));
        let mut bytes = [0; JoinCode::SIZE];
        rand_core::Rng::fill_bytes(&mut self.random, &mut bytes);
        self.machines[new].asking = Some(bytes);
        let ask = |_: &mut Self| Task::Ask { code: code(&bytes), name: format!("machine {new}") };
        let Some(Outcome::Done) = self.insist(new, ask) else { return };
        let Some(Outcome::Asked(newcomer)) = self.insist(by, |_| Task::AwaitAsk { code: code(&bytes) }) else { return };
        let admit = |_: &mut Self| Task::Admit { code: code(&bytes), newcomer: newcomer.clone() };
        let Some(Outcome::Done) = self.insist(by, admit) else { return };
        self.look_for_the_answer(new);
        self.insist(by, |_| Task::Close { code: code(&bytes) });
    }

    /// A machine that has asked looks whether it was let in.
    pub fn look_for_the_answer(&mut self, new: usize) {
        let Some(bytes) = self.machines[new].asking else { return };
        if let Some(Outcome::Joined { .. }) = self.insist(new, |_| Task::AwaitYes { code: code(&bytes) }) {
            self.machines[new].asking = None;
            self.count("joins");
        }
    }

    /// Tries a few times.
    fn insist(&mut self, machine: usize, task: impl Fn(&mut Self) -> Task) -> Option<Outcome> {
        for _ in 0..PATIENCE {
            let task = task(self);
            match self.outcome(machine, task) {
                None | Some(Outcome::NotYet) => self.pass(super::SECOND),
                done => return done,
            }
        }
        None
    }

    /// A machine removes others: with the recovery key, if it takes that.
    pub fn remove(&mut self, by: usize, victim: usize) {
        let (Some(state), Some(device)) = (self.machines[by].memory.state(), self.device(victim)) else { return };
        if device == state.device {
            return;
        }
        if state.membership().standing(&device).is_none() {
            return;
        }
        let mut names = state.membership().names_of_machine(&device);
        names.retain(|name| *name != state.device);
        let with_paper = !names.iter().all(|name| state.membership().may_remove(&state.device, name));
        self.tell(format!(
            "machine {by} removes machine {victim}{}",
            if with_paper { ", with the recovery key" } else { "" }
        ));
        let now = self.now;
        // A copy has names in common with it.
        let goes = |world: &Self, machine: usize| {
            // Whoever died on coming in has its name in its memory alone.
            let now = world.device(machine);
            let mut ever = world.machines[machine].names.iter().chain(now.as_ref());
            now != Some(state.device) && ever.any(|name| names.contains(name))
        };
        let gone: Vec<usize> = (0..self.machines.len()).filter(|machine| goes(self, *machine)).collect();
        for machine in &gone {
            self.machines[*machine].give_up(now);
        }
        let task = |world: &mut Self| {
            let paper = with_paper.then(|| world.paper());
            Task::Remove { devices: vec![device], paper }
        };
        let outcome = self.insist(by, task);
        self.tell(format!("  → {outcome:?}"));
        for machine in gone {
            self.machines[machine].out |= outcome == Some(Outcome::Done);
            self.machines[machine].removed_by = vec![state.device];
            let paper = with_paper.then(|| self.paper().identity().id());
            self.machines[machine].removed_by.extend(paper);
            self.excuse(machine, false);
        }
        self.count("removals");
    }

    /// A machine is set up from the recovery key.
    pub fn recover(&mut self) -> usize {
        let new = self.add_machine();
        self.recover_on(new);
        new
    }

    pub fn recover_on(&mut self, new: usize) {
        self.tell(format!("machine {new} is set up from the recovery key"));
        let Some(vault) = self.vault() else { return };
        let task = |world: &mut Self| Task::Recover { paper: world.paper(), vault, name: format!("machine {new}") };
        let outcome = self.insist(new, task);
        self.tell(format!("  → {outcome:?}"));
        self.count("recoveries");
    }

    /// The recovery key is replaced by another; or another is added, and used from now on.
    pub fn new_paper(&mut self, by: usize, replace: bool) {
        self.tell(format!(
            "machine {by} makes another recovery key{}",
            if replace { " in the place of the first" } else { "" }
        ));
        let mut bytes = [0; PaperKey::SIZE];
        rand_core::Rng::fill_bytes(&mut self.random, &mut bytes);
        let task = |world: &mut Self| Task::InvitePaper {
            new: PaperKey::from_slice(&bytes).expect("32 bytes"),
            old: replace.then(|| world.paper()),
        };
        let outcome = self.insist(by, task);
        self.tell(format!("  → {outcome:?}"));
        // What was said goes on the storage sooner or later: sooner.
        if outcome != Some(Outcome::Done) {
            let knobs = std::mem::replace(&mut self.storage.knobs, Knobs::HONEST);
            self.sync(by);
            self.storage.knobs = knobs;
        }
        let new = PaperKey::from_slice(&bytes).expect("32 bytes").identity().id();
        if self.machines[by].memory.state().is_some_and(|state| state.membership().is_live(&new)) {
            self.paper = bytes;
            self.papers.push(bytes);
        }
        self.count("recovery keys");
    }

    /// A machine is gone, with all that was nowhere else.
    pub fn lose(&mut self, machine: usize) {
        self.tell(format!("machine {machine} is lost"));
        self.machines[machine].restart();
        self.machines[machine].lost = true;
        self.machines[machine].give_up(self.now);
        self.excuse(machine, true);
        self.count("losses");
    }

    /// Its disk is put back to what it was.
    pub fn restore_disk(&mut self, machine: usize) {
        let Some(disk) = self.machines[machine].backup.clone() else { return };
        self.tell(format!("machine {machine} gets back an earlier disk"));
        self.machines[machine].restart();
        self.machines[machine].memory.restore(disk);
        // Where lists are stale it may write over what it wrote in the time that it has forgotten.
        self.excuse(machine, self.storage.knobs.stale == 0);
        self.count("disks restored");
    }

    /// The person makes a passkey.
    pub fn create(&mut self, machine: usize) -> RecordId {
        let number = self.random.below(if self.random.clone().per_mille(250) { 40 } else { 1_000_000_000 });
        self.create_numbered(machine, number)
    }

    /// The passkey of this number: the same one, wherever it is made or imported.
    pub fn create_numbered(&mut self, machine: usize, number: usize) -> RecordId {
        let id = passkey(number);
        let known = self.machines[machine].memory.look(|disk| disk.records.contains_key(&id));
        if !known {
            let fields = vec![(CORE, core(number)), (LABEL, self.word("made"))];
            self.edit(machine, id, Change::Write(fields));
        }
        id
    }

    pub fn rename(&mut self, machine: usize, record: RecordId) -> Vec<u8> {
        let name = self.word("name");
        self.edit(machine, record, Change::Write(vec![(LABEL, name.clone())]));
        name
    }

    pub fn delete(&mut self, machine: usize, record: RecordId) {
        self.edit(machine, record, Change::Write(vec![(DELETED, DELETED_YES.to_vec())]));
    }

    pub fn undelete(&mut self, machine: usize, record: RecordId) {
        self.edit(machine, record, Change::Restore);
    }

    /// Something that nobody has written before.
    pub fn word(&mut self, kind: &str) -> Vec<u8> {
        format!("{kind} {:x}", rand_core::Rng::next_u64(&mut self.random)).into_bytes()
    }
}

/// A passkey's record id.
pub fn passkey(number: usize) -> RecordId {
    RecordId::of_passkey("site.example", &number.to_be_bytes())
}

fn core(number: usize) -> Vec<u8> {
    format!("key of {number}").into_bytes()
}

fn code(bytes: &[u8]) -> JoinCode {
    JoinCode::from_slice(bytes).expect("80 bits")
}
