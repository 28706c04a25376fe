//! A whole world in one process: machines, people who use them, one storage between them, and a clock. The same seed gives the same world.

#![allow(dead_code, reason = "each test is a crate of its own and uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

pub mod checks;
pub mod disk;
pub mod forge;
pub mod loss;
pub mod machine;
pub mod people;
pub mod random;
pub mod storage;
pub mod told;
pub mod truth;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sync_engine::engine::{Outcome, PaperKey, Report, Task};
use sync_engine::ids::RecordId;
use sync_engine::record::Record;

use disk::{Change, Disk, DiskMemory, Edit};
use machine::{Machine, Round};
use random::Random;
use storage::{Knobs, Storage};
use truth::Truth;

/// More rounds than any pass takes.
const MOST_ROUNDS: usize = 400;

pub const SECOND: u64 = 1000;
pub const HOUR: u64 = 3600 * SECOND;
pub const DAY: u64 = 24 * HOUR;

/// Everything there is.
pub struct World {
    pub random: Random,
    /// Milliseconds since 1970.
    pub now: u64,
    pub storage: Storage,
    pub machines: Vec<Machine>,
    /// The recovery key that is used: the newest.
    pub paper: [u8; PaperKey::SIZE],
    /// All that there ever were, the oldest first.
    pub papers: Vec<[u8; PaperKey::SIZE]>,
    pub truth: Rc<RefCell<Truth>>,
    /// What happened, to be read when something went wrong.
    pub log: Vec<String>,
    pub counts: BTreeMap<&'static str, u64>,
}

impl World {
    pub fn new(seed: u64, knobs: Knobs) -> Self {
        let mut random = Random::new(seed);
        let storage = Storage::new(random.fork(), knobs);
        let mut paper = [0; PaperKey::SIZE];
        rand_core::Rng::fill_bytes(&mut random, &mut paper);
        let now = 1_790_000_000_000;
        let truth = Rc::new(RefCell::new(Truth { now, ..Truth::default() }));
        Self {
            random,
            now,
            storage,
            machines: Vec::new(),
            paper,
            papers: vec![paper],
            truth,
            log: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// The recovery key, typed in.
    pub fn paper(&self) -> PaperKey {
        PaperKey::from_slice(&self.paper).expect("32 bytes")
    }

    /// A machine with nothing on it.
    pub fn add_machine(&mut self) -> usize {
        let memory = DiskMemory::of(Disk::default(), &self.truth, self.machines.len());
        let machine = Machine::new(memory, &mut self.random);
        self.machines.push(machine);
        self.machines.len() - 1
    }

    /// A machine that has the same disk and keychain as another.
    pub fn copy_machine(&mut self, of: usize) -> usize {
        let disk = self.machines[of].memory.copy();
        let copy = self.machines[of].copied(DiskMemory::of(disk, &self.truth, self.machines.len()));
        self.machines.push(copy);
        self.machines.len() - 1
    }

    pub fn pass(&mut self, time: u64) {
        self.now += time;
        self.truth.borrow_mut().now = self.now;
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub fn tell(&mut self, what: String) {
        self.log.push(format!("{:>6} s  {what}", (self.now - 1_790_000_000_000) / SECOND));
    }

    /// Runs a pass to its end; nothing where the machine crashed. Whatever it did before is cut short.
    pub fn run(&mut self, machine: usize, task: Task) -> Option<Report> {
        self.machines[machine].begin(task, &mut self.random);
        for _ in 0..MOST_ROUNDS {
            match self.machines[machine].round(&mut self.storage, self.now) {
                Round::GoesOn => self.now += 50,
                Round::Ended(report) => return Some(report),
                Round::Crashed => return None,
            }
        }
        panic!("a pass of machine {machine} does not end");
    }

    /// As [`Self::run`], and what came of it.
    pub fn outcome(&mut self, machine: usize, task: Task) -> Option<Outcome> {
        self.run(machine, task).map(|report| report.outcome)
    }

    pub fn sync(&mut self, machine: usize) -> Option<Report> {
        self.run(machine, Task::Sync)
    }

    /// Every machine that synchronizes does so, so often, with hours between.
    pub fn sync_all(&mut self, rounds: usize) {
        for _ in 0..rounds {
            self.pass(2 * HOUR);
            for machine in 0..self.machines.len() {
                if self.machines[machine].is_on() {
                    self.sync(machine);
                }
            }
        }
    }

    /// The person changes a record on a machine.
    pub fn edit(&mut self, machine: usize, record: RecordId, what: Change) {
        let at = self.machines[machine].clock(self.now);
        self.machines[machine].memory.edit(Edit { record, at, made: self.now, what });
    }

    /// A record as a machine has it.
    pub fn record(&self, machine: usize, id: &RecordId) -> Option<Record> {
        self.machines[machine].memory.look(|disk| disk.records.get(id).map(|kept| kept.record.clone()))
    }

    /// The machines that must come to the same.
    pub fn wanted(&self) -> Vec<usize> {
        (0..self.machines.len()).filter(|machine| self.machines[*machine].is_wanted()).collect()
    }
}
