//! What is lost with a machine, and what a machine with nothing but the recovery key gets.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sync_engine::engine::{Outcome, Task};
use sync_engine::ids::RecordId;
use sync_engine::record::Record;

use super::World;
use super::disk::{Disk, DiskMemory};
use super::machine::{Machine, Round};
use super::random::Random;
use super::storage::{Knobs, Storage};
use super::truth::Truth;

impl World {
    /// What a machine wrote and what is nowhere else any more cannot be asked for; nor what those wrote who were gone before, and this one
    /// alone still had.
    pub fn excuse(&mut self, machine: usize, counts_storage: bool) {
        let mut held: Vec<BTreeMap<RecordId, Record>> = Vec::new();
        for other in (0..self.machines.len()).filter(|other| !self.machines[*other].unwanted) {
            held.push(
                self.machines[other]
                    .memory
                    .look(|disk| disk.records.iter().map(|(id, kept)| (*id, kept.record.clone())).collect()),
            );
        }
        held.extend(self.blank().filter(|_| counts_storage));
        let mut truth = self.truth.take();
        let stands: Vec<bool> = truth
            .writes
            .iter()
            .map(|write| {
                let concerned = write.machine == machine || self.machines[write.machine].unwanted;
                !concerned
                    || held
                        .iter()
                        .any(|held| held.get(&write.record).is_some_and(|record| truth.stands(write, Some(record))))
            })
            .collect();
        for (write, stands) in truth.writes.iter_mut().zip(stands) {
            write.excused |= !stands;
        }
        self.truth.replace(truth);
    }

    /// What a machine that has nothing but the recovery key gets from the storage as it is; nothing where it finds no vault.
    pub fn blank(&self) -> Option<BTreeMap<RecordId, Record>> {
        let vault = self.vault()?;
        let mut random = Random::new(self.now);
        let mut storage = Storage::new(random.fork(), Knobs::HONEST);
        storage.objects.clone_from(&self.storage.objects);
        let memory = DiskMemory::of(Disk::default(), &Rc::new(RefCell::new(Truth::default())), 0);
        let mut machine = Machine::new(memory, &mut random);
        machine.begin(Task::Recover { paper: self.paper(), vault, name: "blank".to_owned() }, &mut random);
        for _ in 0..super::MOST_ROUNDS {
            match machine.round(&mut storage, self.now) {
                Round::GoesOn => {}
                Round::Ended(report) => {
                    let joined = matches!(report.outcome, Outcome::Joined { .. });
                    let records =
                        |disk: &Disk| disk.records.iter().map(|(id, kept)| (*id, kept.record.clone())).collect();
                    return joined.then(|| machine.memory.look(records));
                }
                Round::Crashed => return None,
            }
        }
        panic!("a recovery does not end");
    }
}
