//! A machine, and the pass that it is in the middle of.

use std::collections::BTreeSet;

use sync_engine::engine::{Backing, DeviceRoot, JoinCode, Pass, Report, Step, Task};
use sync_engine::ids::DeviceId;
use sync_engine::storage::{Answer, Request};

use super::disk::{Disk, DiskMemory};
use super::random::Random;
use super::storage::{Outcome, Storage};

/// A machine of somebody's.
pub struct Machine {
    pub memory: DiskMemory,
    /// In its keychain.
    pub root: &'static DeviceRoot,
    /// How far its clock is off, in milliseconds.
    pub skew: i64,
    /// It is gone, with its disk.
    pub lost: bool,
    /// Somebody removed it, or tries to; or it is lost.
    pub unwanted: bool,
    /// Since when.
    pub unwanted_since: u64,
    /// A removal of it came to its end: it is out for ever.
    pub out: bool,
    /// By which device, and which recovery key where it took that.
    pub removed_by: Vec<DeviceId>,
    /// It has asked to be let in, with this code.
    pub asking: Option<[u8; JoinCode::SIZE]>,
    /// All names that it ever had.
    pub names: BTreeSet<DeviceId>,
    pub backup: Option<Disk>,
    running: Option<Running>,
}

struct Running {
    pass: Pass<'static, DiskMemory>,
    requests: Vec<Request>,
}

/// How a round of a pass went.
pub enum Round {
    GoesOn,
    Ended(Report),
    Crashed,
}

impl Machine {
    pub fn new(memory: DiskMemory, random: &mut Random) -> Self {
        // A pass borrows it, and lives as long as the world.
        let root = Box::leak(Box::new(DeviceRoot::generate(random)));
        Self::of(memory, root)
    }

    fn of(memory: DiskMemory, root: &'static DeviceRoot) -> Self {
        Self {
            memory,
            root,
            skew: 0,
            lost: false,
            unwanted: false,
            unwanted_since: u64::MAX,
            out: false,
            removed_by: Vec::new(),
            asking: None,
            names: BTreeSet::new(),
            backup: None,
            running: None,
        }
    }

    /// The same once more, with this disk.
    pub fn copied(&self, memory: DiskMemory) -> Self {
        Self {
            skew: self.skew,
            unwanted: self.unwanted,
            unwanted_since: self.unwanted_since,
            out: self.out,
            names: self.names.clone(),
            ..Self::of(memory, self.root)
        }
    }

    /// Whether it synchronizes.
    pub fn is_on(&self) -> bool {
        !self.lost && self.memory.look(|disk| disk.state.is_some())
    }

    /// From now on nobody counts on it.
    pub fn give_up(&mut self, now: u64) {
        self.unwanted = true;
        self.unwanted_since = self.unwanted_since.min(now);
    }

    /// Whether it is one of those that must come to the same in the end.
    pub fn is_wanted(&self) -> bool {
        self.is_on() && !self.unwanted
    }

    /// Its clock.
    pub fn clock(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.skew)
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// It is switched off in the middle of whatever it does.
    pub fn restart(&mut self) {
        self.running = None;
    }

    /// Begins a pass.
    pub fn begin(&mut self, task: Task, random: &mut Random) {
        let rng = Box::leak(Box::new(random.fork()));
        let pass = Pass::new(self.memory.clone(), self.root, rng, Backing::Server, task);
        self.running = Some(Running { pass, requests: Vec::new() });
    }

    /// Carries out what the pass asked for, and lets it go on until it asks again.
    pub fn round(&mut self, storage: &mut Storage, now: u64) -> Round {
        let clock = self.clock(now);
        let Some(running) = &mut self.running else { return Round::Crashed };
        let mut answers: Vec<Answer> = Vec::with_capacity(running.requests.len());
        for request in &running.requests {
            match storage.call(request) {
                Outcome::Answered(answer) => answers.push(answer),
                Outcome::Crashed => {
                    self.running = None;
                    return Round::Crashed;
                }
            }
        }
        let step = running.pass.step(clock, answers).unwrap_or_else(|never| match never {});
        let round = match step {
            Step::Requests(requests) => {
                running.requests = requests;
                return Round::GoesOn;
            }
            Step::Done(report) => Round::Ended(report),
        };
        self.running = None;
        if let Some(state) = self.memory.state() {
            self.names.insert(state.device);
        }
        round
    }
}
