//! The engine's own bad days: what a pass costs, many records, a storage that is full or out of reach, and a host killed between any two commits.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "passes/cost.rs"]
mod cost;
#[path = "passes/kept.rs"]
mod kept;
#[path = "passes/killed.rs"]
mod killed;
#[path = "passes/storages.rs"]
mod storages;
#[path = "world/mod.rs"]
mod world;

use std::cell::Cell;
use std::rc::Rc;

use sync_engine::engine::{Backing, Pass, Report, Step, Task};
use sync_engine::ids::RecordId;
use sync_engine::memory::{Memory, Transaction, Which};
use sync_engine::storage::{Answer, Request};

use world::World;
use world::disk::DiskMemory;
use world::storage::{Knobs, Outcome};

/// A vault of so many machines, each let in by the first, all quiet.
fn vault_of(machines: usize) -> World {
    let mut world = World::new(11, Knobs::HONEST);
    let first = world.found();
    for machine in 1..machines {
        assert_eq!(world.join(first), machine);
    }
    world.sync_all(3);
    world
}

/// The host was killed.
#[derive(Debug)]
struct Killed;

impl std::fmt::Display for Killed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host was killed")
    }
}

impl std::error::Error for Killed {}

/// A machine's memory, whose host is killed instead of the commit after so many. It counts the ids that it was asked to find.
#[derive(Clone)]
struct Mortal {
    memory: DiskMemory,
    commits: Rc<Cell<usize>>,
    found: Rc<Cell<usize>>,
}

impl Memory for Mortal {
    type Error = Killed;

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Transaction<Error = Killed>) -> Result<T, Killed>,
    ) -> Result<T, Killed> {
        let left = self.commits.get().checked_sub(1).ok_or(Killed)?;
        self.commits.set(left);
        let mut done = None;
        self.memory
            .transact(|tx| {
                done = Some(work(&mut Immortal(tx, &self.found)));
                Ok(())
            })
            .unwrap_or_else(|never| match never {});
        done.unwrap()
    }
}

/// A transaction that cannot fail, for a memory that can.
struct Immortal<'t>(&'t mut dyn Transaction<Error = std::convert::Infallible>, &'t Cell<usize>);

macro_rules! pass_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        impl Transaction for Immortal<'_> {
            type Error = Killed;

            fn ids(&mut self, which: Which) -> Result<Vec<RecordId>, Killed> {
                let found = self.0.ids(which).unwrap_or_else(|never| match never {});
                self.1.set(self.1.get() + found.len());
                Ok(found)
            }

            $(fn $name(&mut self, $($argument: $type),*) -> Result<$result, Killed> {
                self.0.$name($($argument),*).map_err(|never| match never {})
            })*
        }
    };
}

pass_on! {
    state() -> Option<zeroize::Zeroizing<Vec<u8>>>;
    set_state(state: &[u8]) -> ();
    forget() -> ();
    record(id: &RecordId) -> Option<sync_engine::memory::Kept>;
    put_record(id: &RecordId, kept: &sync_engine::memory::Kept) -> ();
    outbox() -> Vec<sync_engine::storage::ObjectName>;
    outgoing(name: &sync_engine::storage::ObjectName) -> Option<Vec<u8>>;
    put_outgoing(name: &sync_engine::storage::ObjectName, bytes: &[u8]) -> ();
    remove_outgoing(name: &sync_engine::storage::ObjectName) -> ();
}

/// Runs a pass of a machine until it ends, or its host is killed instead of a commit after `commits`. `look` sees every request before it is
/// carried out, and may answer in the storage's place.
fn run(
    world: &mut World,
    machine: usize,
    (task, backing, commits): (Task, Backing, usize),
    look: impl FnMut(&World, &Request) -> Option<Answer>,
) -> Option<Report> {
    let memory = world.machines[machine].memory.clone();
    let memory = Mortal { memory, commits: Rc::new(Cell::new(commits)), found: Rc::default() };
    run_over(memory, world, machine, (task, backing), look)
}

fn run_over(
    memory: Mortal,
    world: &mut World,
    machine: usize,
    (task, backing): (Task, Backing),
    mut look: impl FnMut(&World, &Request) -> Option<Answer>,
) -> Option<Report> {
    let mut rng = world.random.fork();
    let mut pass = Pass::new(memory, world.machines[machine].root, &mut rng, backing, task);
    let mut answers = Vec::new();
    loop {
        let now = world.machines[machine].clock(world.now);
        let requests = match pass.step(now, std::mem::take(&mut answers)) {
            Err(Killed) => return None,
            Ok(Step::Done(report)) => return Some(report),
            Ok(Step::Requests(requests)) => requests,
        };
        for request in requests {
            let answer = look(world, &request).unwrap_or_else(|| match world.storage.call(&request) {
                Outcome::Answered(answer) => answer,
                Outcome::Crashed => panic!("an honest storage"),
            });
            answers.push(answer);
        }
    }
}

/// As many commits as a pass takes.
const ALL: usize = usize::MAX;
