//! What must be so, in the end and on the way (SYNC §16).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sync_engine::engine::state::State;
use sync_engine::engine::{Alarm, PaperKey, status};
use sync_engine::format::HeadObject;
use sync_engine::ids::{DeviceId, KeyId, RecordId};
use sync_engine::record::Record;
use sync_engine::storage::ObjectName;

use super::World;
use super::people::CORE;
use super::told::{same, shown};

/// Something that must not be.
pub type Broken = String;

impl World {
    /// After each step: nothing was written wrong, and no name has two contents.
    pub fn check_step(&self, one_machine_a_name: bool) -> Result<(), Broken> {
        if let Some(broken) = self.truth.borrow().broken.first() {
            return Err(broken.clone());
        }
        match self.storage.renamed.first() {
            Some(name) if one_machine_a_name => Err(format!("a name was written with two contents: {}", name.path())),
            _ => Ok(()),
        }
    }

    /// Each record that a machine calls backed up is on the storage: a machine with nothing but the recovery key gets it (SYNC §13, §16.2).
    pub fn check_backed_up(&self) -> Result<(), Broken> {
        let paper = self.paper().identity().id();
        let states = self.wanted().into_iter().filter_map(|machine| self.machines[machine].memory.state());
        let settled = states.into_iter().all(|state| state.membership().is_live(&paper));
        let claims = self.claims();
        // One that is new opens what was written after all have heard of it.
        if claims.is_empty() || !settled {
            return Ok(());
        }
        let blank =
            self.blank().ok_or("a machine with the recovery key finds no vault, and records are called backed up")?;
        for (id, (machine, core)) in claims {
            let found = blank.get(&id).and_then(|record| record.newest(CORE)).map(|(_, value)| value);
            if found != Some(core.as_slice()) {
                let who = self.who_has(&id);
                return Err(format!(
                    "{id:?} is called backed up on machine {machine}, and cannot be recovered:\n{who}"
                ));
            }
        }
        Ok(())
    }

    /// What is called backed up, by machines that know of every removal, and was never deleted anywhere.
    fn claims(&self) -> BTreeMap<RecordId, (usize, Vec<u8>)> {
        let states: Vec<(usize, Rc<State>)> = (0..self.machines.len())
            .filter_map(|machine| Some((machine, self.machines[machine].memory.state()?)))
            .collect();
        let removed: BTreeSet<DeviceId> =
            states.iter().flat_map(|(_, state)| state.membership().removed().keys().copied()).collect();
        let truth = self.truth.borrow();
        let mut claims = BTreeMap::new();
        for (machine, state) in states.iter().filter(|(machine, _)| self.machines[*machine].is_wanted()) {
            let membership = state.membership();
            let informed = membership.removed().len() == removed.len();
            let orphaned = states.iter().any(|(_, other)| is_orphaned(state, other));
            if !informed || orphaned || !membership.is_member(&state.device) {
                continue;
            }
            self.machines[*machine].memory.look(|disk| {
                for (id, kept) in disk.records.iter().filter(|(id, kept)| kept.backed_up && !truth.was_deleted(id)) {
                    if let Some((_, core)) = kept.record.newest(CORE) {
                        claims.insert(*id, (*machine, core.to_vec()));
                    }
                }
            });
        }
        claims
    }

    /// In the end, when the storage has been honest and all have synchronized.
    pub fn check_end(&mut self) -> Result<(), Broken> {
        self.give_up_the_orphans();
        let members = self.members()?;
        let Some(first) = members.first().copied() else { return Ok(()) };
        let records = self.records_of(first);
        for machine in &members {
            same(first, &records, *machine, &self.records_of(*machine))
                .map_err(|(id, broken)| format!("{broken}\n{}", self.who_has(&id)))?;
        }
        self.check_nothing_invented(&records)?;
        // What is deleted each device drops in its own time.
        let mut all = records.clone();
        for machine in &members {
            self.records_of(*machine).iter().for_each(|(id, record)| all.entry(*id).or_default().merge(record));
        }
        self.check_writes(&all)?;
        let blank = self.blank().ok_or("a machine with the recovery key finds no vault")?;
        let undeleted = |records: &BTreeMap<RecordId, Record>| -> BTreeMap<RecordId, Vec<u8>> {
            let living = records.iter().filter(|(_, record)| !record.is_deleted());
            living.filter_map(|(id, record)| Some((*id, record.newest(CORE)?.1.to_vec()))).collect()
        };
        if undeleted(&records) != undeleted(&blank) {
            let (ours, theirs) = (undeleted(&records), undeleted(&blank));
            let (here, there) = (ours.len(), theirs.len());
            let differs = ours.keys().chain(theirs.keys()).find(|id| ours.get(*id) != theirs.get(*id));
            let tell = |id| format!("{}{}{}", shown(records.get(id)), shown(blank.get(id)), self.who_has(id));
            let who = differs.map(tell);
            return Err(format!(
                "a machine with the recovery key does not get what the members have: {there} of {here}\n{}",
                who.unwrap_or_default()
            ));
        }
        same(first, &records, usize::MAX, &blank).map_err(|(id, broken)| format!("{broken}\n{}", self.who_has(&id)))?;
        self.check_all_backed_up(&members)?;
        self.check_the_removed_read_nothing(&members)?;
        self.check_alarms(&members)
    }

    /// A machine is out with the one that let it in, where the remover had not seen its invitation: nobody can tell whether it was signed
    /// before (SYNC §8).
    fn give_up_the_orphans(&mut self) {
        let states: Vec<(usize, Rc<State>)> = self
            .wanted()
            .into_iter()
            .filter_map(|machine| Some((machine, self.machines[machine].memory.state()?)))
            .collect();
        // Lost machines too: what they said before is on the storage.
        let all: Vec<Rc<State>> = self.machines.iter().filter_map(|machine| machine.memory.state()).collect();
        let is_orphan = |state: &State| all.iter().any(|other| is_orphaned(state, other));
        let orphans: Vec<usize> =
            states.iter().filter(|(_, state)| is_orphan(state)).map(|(machine, _)| *machine).collect();
        for machine in &orphans {
            self.machines[*machine].give_up(self.now);
        }
        for machine in orphans {
            self.excuse(machine, false);
            self.count("orphans");
        }
        // The recovery key that an orphan made is worth nothing.
        let Some((_, state)) = states.iter().find(|(machine, _)| self.machines[*machine].is_wanted()) else { return };
        let live = |bytes: &&[u8; PaperKey::SIZE]| {
            let paper = PaperKey::from_slice(*bytes).map(|paper| paper.identity().id());
            paper.is_some_and(|paper| state.membership().is_live(&paper))
        };
        self.paper = self.papers.iter().rev().find(live).copied().unwrap_or(self.paper);
    }

    /// The machines that are in, by the one circle that all of them know.
    fn members(&self) -> Result<Vec<usize>, Broken> {
        let on: Vec<_> = (0..self.machines.len()).filter(|machine| self.machines[*machine].is_on()).collect();
        let sure = self.wanted();
        let Some(first) = sure.first().and_then(|machine| self.machines[*machine].memory.state()) else {
            return Ok(Vec::new());
        };
        let membership = first.membership();
        for machine in &sure {
            let state = self.machines[*machine].memory.state().ok_or("a machine forgot its state")?;
            if !membership.is_member(&state.device) {
                return Err(format!("machine {machine} is not in, and nobody removed it\n{}", self.who_is()));
            }
            let walk = |membership: &sync_engine::circle::Membership| -> Vec<DeviceId> {
                membership.live().map(|standing| standing.card.id()).collect()
            };
            if walk(state.membership()) != walk(membership) {
                return Err(format!("machine {machine} has another idea of who is in than machine {}", sure[0]));
            }
        }
        for machine in &on {
            let device = self.device(*machine).ok_or("a machine forgot its state")?;
            // Where the remover was removed by one who had not heard of it, the removal does not stand (SYNC §8).
            let stands = self.machines[*machine].removed_by.iter().all(|by| membership.is_live(by));
            if self.machines[*machine].out && stands && membership.is_member(&device) {
                return Err(format!("machine {machine} was removed, and is in"));
            }
        }
        Ok(on
            .into_iter()
            .filter(|machine| self.device(*machine).is_some_and(|device| membership.is_member(&device)))
            .collect())
    }

    fn records_of(&self, machine: usize) -> BTreeMap<RecordId, Record> {
        self.machines[machine]
            .memory
            .look(|disk| disk.records.iter().map(|(id, kept)| (*id, kept.record.clone())).collect())
    }

    fn check_writes(&self, records: &BTreeMap<RecordId, Record>) -> Result<(), Broken> {
        let truth = self.truth.borrow();
        for (id, writes) in truth.binding() {
            for write in writes.into_iter().filter(|write| write.stamped < self.machines[write.machine].unwanted_since)
            {
                if !truth.stands(write, records.get(&id)) {
                    let (field, stamp, machine) = (write.field, write.stamp, write.machine);
                    let who = format!("{}{}", shown(records.get(&id)), self.who_has(&id));
                    return Err(format!(
                        "what machine {machine} wrote into field {field} of {id:?} at {stamp:?} is lost:\n{who}"
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_nothing_invented(&self, records: &BTreeMap<RecordId, Record>) -> Result<(), Broken> {
        let truth = self.truth.borrow();
        for (id, record) in records {
            for (field, values) in record.fields() {
                for (stamp, value) in values {
                    if !truth.was_written(id, field, stamp, value) {
                        return Err(format!("nobody wrote what field {field} of {id:?} holds"));
                    }
                }
            }
        }
        Ok(())
    }

    fn check_all_backed_up(&self, members: &[usize]) -> Result<(), Broken> {
        for machine in members {
            let left = self.machines[*machine].memory.look(|disk| {
                disk.records.iter().find(|(_, kept)| !kept.backed_up && !kept.record.is_deleted()).map(|(id, _)| *id)
            });
            if let Some(id) = left {
                return Err(format!("{id:?} is on machine {machine} and is not called backed up, though all is quiet"));
            }
        }
        Ok(())
    }

    /// The newest head of each member is sealed with a key that nobody has who was removed.
    fn check_the_removed_read_nothing(&self, members: &[usize]) -> Result<(), Broken> {
        let mut newest: BTreeMap<DeviceId, (u64, KeyId)> = BTreeMap::new();
        for (name, bytes) in &self.storage.objects {
            let ObjectName::Head(device, n) = name else { continue };
            let Ok(head) = HeadObject::parse(bytes) else { continue };
            let known = newest.entry(*device).or_insert((*n, head.key));
            if *n > known.0 {
                *known = (*n, head.key);
            }
        }
        let members: BTreeSet<_> = members.iter().filter_map(|machine| self.device(*machine)).collect();
        for machine in
            (0..self.machines.len()).filter(|machine| self.machines[*machine].out && self.machines[*machine].is_on())
        {
            let Some(state) = self.machines[machine].memory.state() else { continue };
            if members.contains(&state.device) {
                continue;
            }
            for (device, (n, key)) in newest.iter().filter(|(device, _)| members.contains(device)) {
                if state.circle().keys().get(key).is_some() {
                    return Err(format!("machine {machine} was removed, and can read head {n} of {device:?}"));
                }
            }
        }
        Ok(())
    }

    /// What nobody did is not cried out.
    fn check_alarms(&self, members: &[usize]) -> Result<(), Broken> {
        for machine in members {
            let clock = self.machines[*machine].clock(self.now);
            let status =
                self.machines[*machine].memory.look(|disk| status(disk.state.as_deref().unwrap_or_default(), clock));
            let Some(status) = status else { continue };
            let mut alarms = status.alarms.iter();
            if let Some(alarm) = alarms.find(|alarm| matches!(alarm, Alarm::RolledBack(_) | Alarm::Withheld(_))) {
                return Err(format!("machine {machine} cries {alarm:?}, though all is well"));
            }
        }
        Ok(())
    }
}

/// Whether, by what `other` knows, the device is out because the one that let it in is.
fn is_orphaned(device: &State, other: &State) -> bool {
    let (membership, ours) = (other.membership(), device.membership());
    let inviter = |of: &DeviceId| ours.standing(of).and_then(|standing| standing.inviter);
    let mut above = std::iter::successors(inviter(&device.device), inviter);
    !membership.is_live(&device.device) && above.any(|by| membership.removed().contains_key(&by))
}
