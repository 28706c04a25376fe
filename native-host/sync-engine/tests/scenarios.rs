//! Every row of SYNC §14 (conflicts) and §15 (attacks), each a test named after it, and the bad days that they leave out; over an honest storage
//! unless it is about another.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "scenarios/attacks.rs"]
mod attacks;
#[path = "scenarios/attacks_by_bytes.rs"]
mod attacks_by_bytes;
#[path = "scenarios/attacks_from_inside.rs"]
mod attacks_from_inside;
#[path = "scenarios/attacks_on_joining.rs"]
mod attacks_on_joining;
#[path = "scenarios/bad_days.rs"]
mod bad_days;
#[path = "scenarios/conflicts.rs"]
mod conflicts;
#[path = "scenarios/conflicts_of_machines.rs"]
mod conflicts_of_machines;
#[path = "scenarios/mutations.rs"]
mod mutations;
#[path = "scenarios/promises.rs"]
mod promises;
#[path = "world/mod.rs"]
mod world;

use sync_engine::engine::{Alarm, Status, status};
use sync_engine::ids::RecordId;
use sync_engine::record::FieldNumber;

use world::World;
use world::storage::Knobs;

/// A vault of so many machines, each let in by the first, all quiet.
fn vault_of(machines: usize) -> World {
    let mut world = World::new(7, Knobs::HONEST);
    let first = world.found();
    for machine in 1..machines {
        assert_eq!(world.join(first), machine);
    }
    world.sync_all(3);
    world
}

/// What a machine shows in a field, and what was there before, the newest first.
fn values(world: &World, machine: usize, id: &RecordId, field: FieldNumber) -> Vec<Vec<u8>> {
    let record = world.record(machine, id).unwrap_or_default();
    record.values(field).iter().map(|(_, value)| value.to_vec()).collect()
}

fn is_deleted(world: &World, machine: usize, id: &RecordId) -> bool {
    world.record(machine, id).unwrap().is_deleted()
}

fn state_of(world: &World, machine: usize) -> Status {
    let clock = world.machines[machine].clock(world.now);
    world.machines[machine].memory.look(|disk| status(disk.state.as_deref().unwrap(), clock)).unwrap()
}

fn cries(world: &World, machine: usize, alarm: impl Fn(&Alarm) -> bool) -> bool {
    state_of(world, machine).alarms.iter().any(alarm)
}

/// All is as it must be in the end.
fn all_is_well(world: &mut World) {
    world.sync_all(6);
    world.check_step(false).unwrap();
    world.check_end().unwrap();
}
