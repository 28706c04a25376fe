//! The host is killed between any two commits, and so between any two requests: whatever was going on, the next pass goes on with it.

use sync_engine::engine::{Backing, Outcome, Task};

use super::world::{HOUR, World};
use super::{run, vault_of};

/// More commits than any of these takes.
const MOST: usize = 200;

/// Does something again and again, killed after 0, 1, 2 … commits, until it is not killed; after each time all must come to rest.
fn killed_after_each_commit(prepare: impl Fn() -> World, machine: usize, task: impl Fn(&World) -> Task) {
    for commits in 0..MOST {
        let mut world = prepare();
        let task_now = task(&world);
        let report = run(&mut world, machine, (task_now, Backing::Server, commits), |_, _| None);
        world.check_backed_up().unwrap_or_else(|broken| panic!("killed after {commits} commits: {broken}"));
        // The person tries again what did not come to its end.
        if report.as_ref().is_none_or(|report| report.outcome == Outcome::NotYet) {
            let task_now = task(&world);
            run(&mut world, machine, (task_now, Backing::Server, super::ALL), |_, _| None);
        }
        for _ in 0..4 {
            world.pass(2 * HOUR);
            world.sync_all(1);
        }
        world.check_step(false).unwrap_or_else(|broken| panic!("killed after {commits} commits: {broken}"));
        world.check_end().unwrap_or_else(|broken| panic!("killed after {commits} commits: {broken}"));
        if report.is_some() {
            assert!(commits > 3, "it was never killed");
            return;
        }
    }
    panic!("it takes more than {MOST} commits");
}

fn with_news_on_both_sides() -> World {
    let mut world = vault_of(2);
    let shared = world.create(0);
    world.sync_all(2);
    world.rename(0, shared);
    world.rename(1, shared);
    world.create(0);
    world.create(1);
    world.sync(1);
    world
}

#[test]
fn while_both_sides_have_news() {
    killed_after_each_commit(with_news_on_both_sides, 0, |_| Task::Sync);
}

#[test]
fn while_removing() {
    let prepare = || {
        let mut world = vault_of(3);
        for machine in 0..3 {
            world.create(machine);
        }
        world.sync(2);
        world.machines[2].unwanted = true;
        world
    };
    let victim = |world: &World| Task::Remove { devices: vec![world.device(2).unwrap()], paper: None };
    killed_after_each_commit(prepare, 0, victim);
}

#[test]
fn while_being_born_again() {
    let prepare = || {
        let mut world = vault_of(2);
        world.create(0);
        world.sync_all(2);
        world.machines[1].backup = Some(world.machines[1].memory.copy());
        world.create(1);
        world.sync(1);
        world.create(1);
        world.sync(1);
        world.restore_disk(1);
        world.create(1);
        world
    };
    killed_after_each_commit(prepare, 1, |_| Task::Sync);
}

#[test]
fn while_the_storage_was_wiped() {
    for commits in 0..MOST {
        let mut world = with_news_on_both_sides();
        world.sync_all(2);
        world.storage.objects.clear();
        let report = run(&mut world, 0, (Task::Sync, Backing::Server, commits), |_, _| None);
        world.sync_all(5);
        world.check_end().unwrap_or_else(|broken| panic!("killed after {commits} commits: {broken}"));
        if report.is_some() {
            assert!(commits > 3, "it was never killed");
            return;
        }
    }
    panic!("it takes more than {MOST} commits");
}

#[test]
fn while_it_compacts_and_purges() {
    let prepare = || {
        let mut world = vault_of(2);
        let gone = world.create(0);
        for _ in 0..6 {
            world.create(0);
            world.pass(2 * HOUR);
            world.sync(0);
            world.sync(1);
        }
        world.delete(0, gone);
        world.sync_all(2);
        world.pass(31 * 24 * HOUR);
        world.create(1);
        world.sync(1);
        world
    };
    killed_after_each_commit(prepare, 0, |_| Task::Sync);
}
