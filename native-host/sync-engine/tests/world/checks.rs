//! What must be so, in the end and on the way (SYNC §16).

use std::collections::{BTreeMap, BTreeSet};

use sync_engine::engine::{Alarm, status};
use sync_engine::format::HeadObject;
use sync_engine::ids::{DeviceId, KeyId, RecordId};
use sync_engine::record::{DELETED, Record};
use sync_engine::storage::ObjectName;

use super::World;
use super::people::CORE;

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
        let claims = self.claims();
        if claims.is_empty() {
            return Ok(());
        }
        let blank =
            self.blank().ok_or("a machine with the recovery key finds no vault, and records are called backed up")?;
        for (id, (machine, core)) in claims {
            let found = blank.get(&id).and_then(|record| record.newest(CORE)).map(|(_, value)| value);
            if found != Some(core.as_slice()) {
                return Err(format!("{id:?} is called backed up on machine {machine}, and cannot be recovered"));
            }
        }
        Ok(())
    }

    /// What is called backed up, by machines that know of every removal, and was never deleted anywhere.
    fn claims(&self) -> BTreeMap<RecordId, (usize, Vec<u8>)> {
        let states: Vec<_> =
            self.wanted().into_iter().map(|machine| (machine, self.machines[machine].memory.state())).collect();
        let removed: BTreeSet<DeviceId> = states
            .iter()
            .flat_map(|(_, state)| state.iter().flat_map(|state| state.membership().removed().keys().copied()))
            .collect();
        let truth = self.truth.borrow();
        let mut claims = BTreeMap::new();
        for (machine, state) in &states {
            let Some(state) = state else { continue };
            let informed = state.membership().removed().len() == removed.len();
            if !informed || !state.membership().is_member(&state.device) {
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
        let members = self.members()?;
        let Some(first) = members.first().copied() else { return Ok(()) };
        let records = self.records_of(first);
        for machine in &members {
            same(first, &records, *machine, &self.records_of(*machine))?;
        }
        self.check_writes(&records)?;
        self.check_nothing_invented(&records)?;
        let blank = self.blank().ok_or("a machine with the recovery key finds no vault")?;
        let undeleted = |records: &BTreeMap<RecordId, Record>| -> BTreeMap<RecordId, Vec<u8>> {
            let living = records.iter().filter(|(_, record)| !record.is_deleted());
            living.filter_map(|(id, record)| Some((*id, record.newest(CORE)?.1.to_vec()))).collect()
        };
        if undeleted(&records) != undeleted(&blank) {
            return Err("a machine with the recovery key does not get what the members have".to_owned());
        }
        same(first, &records, usize::MAX, &blank)?;
        self.check_all_backed_up(&members)?;
        self.check_the_removed_read_nothing(&members)?;
        self.check_alarms(&members)
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
                return Err(format!("machine {machine} is not in, and nobody removed it"));
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
            if self.machines[*machine].out && membership.is_member(&device) {
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
            for write in writes {
                if !truth.stands(write, records.get(&id)) {
                    let (field, stamp, machine) = (write.field, write.stamp, write.machine);
                    return Err(format!(
                        "what machine {machine} wrote into field {field} of {id:?} at {stamp:?} is lost"
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
            let status = status.ok_or_else(|| format!("machine {machine} has no status"))?;
            let cried = status.alarms.iter().find(|alarm| matches!(alarm, Alarm::RolledBack(_) | Alarm::Withheld(_)));
            if let Some(alarm) = cried {
                return Err(format!("machine {machine} cries {alarm:?}, though all is well"));
            }
        }
        Ok(())
    }
}

/// Two machines have the same; of what is deleted, at least that it is.
fn same(
    one: usize,
    left: &BTreeMap<RecordId, Record>,
    other: usize,
    right: &BTreeMap<RecordId, Record>,
) -> Result<(), Broken> {
    let differs = |id: &RecordId| match (left.get(id), right.get(id)) {
        (Some(left), Some(right)) if left.is_deleted() => left.values(DELETED) != right.values(DELETED),
        (left, right) => left != right,
    };
    match left.keys().chain(right.keys()).find(|id| differs(id)) {
        None => Ok(()),
        Some(id) if other == usize::MAX => {
            Err(format!("{id:?} is not the same on machine {one} and for the recovery key"))
        }
        Some(id) => Err(format!("{id:?} is not the same on machine {one} and machine {other}")),
    }
}
