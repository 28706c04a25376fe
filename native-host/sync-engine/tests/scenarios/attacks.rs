//! SYNC §15: what a storage does that is an enemy's: it hides, rolls back, alters, deletes, lies about the time.

use std::collections::BTreeSet;
use std::rc::Rc;

use sync_engine::engine::{Alarm, Outcome, Task};
use sync_engine::storage::{ObjectName, Request};

use super::world::people::{CORE, LABEL};
use super::world::random::Random;
use super::world::{DAY, HOUR, World};
use super::{all_is_well, cries, values, vault_of};

const YEAR: i64 = 365 * 24 * HOUR.cast_signed();

fn heads_of(world: &World, machine: usize) -> Vec<ObjectName> {
    let device = world.device(machine).unwrap();
    let names = world.storage.objects.keys();
    names.filter(|name| matches!(name, ObjectName::Head(author, _) if *author == device)).cloned().collect()
}

fn passkeys(world: &World, machine: usize) -> usize {
    world.machines[machine].memory.look(|disk| disk.records.len())
}

#[test]
fn attack_1_one_devices_head_is_hidden_from_one_reader() {
    let mut world = vault_of(3);
    let before: BTreeSet<_> = heads_of(&world, 1).into_iter().collect();
    world.create(1);
    world.sync(1);
    let new: BTreeSet<_> = heads_of(&world, 1).into_iter().filter(|name| !before.contains(name)).collect();
    let look = |world: &mut World| {
        world.storage.hidden.clone_from(&new);
        world.sync(0);
        world.storage.hidden.clear();
        world.sync(2);
    };
    look(&mut world);
    look(&mut world);
    assert!(!cries(&world, 0, |alarm| matches!(alarm, Alarm::Withheld(_))), "it may still be on its way");
    for _ in 0..3 {
        world.pass(13 * HOUR);
        look(&mut world);
    }
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::Withheld(_))));
    all_is_well(&mut world);
}

#[test]
fn attack_2_the_whole_storage_is_rolled_back() {
    let mut world = vault_of(2);
    let before = world.storage.objects.clone();
    for _ in 0..3 {
        world.create(1);
        world.sync_all(2);
    }
    let device = world.device(1).unwrap();
    world.storage.objects = before;
    for _ in 0..4 {
        world.pass(HOUR);
        world.sync(0);
    }
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::RolledBack(_))));
    assert_eq!(passkeys(&world, 0), 3, "nothing is lost here");
    // The one whose own head is gone publishes everything again, by itself.
    all_is_well(&mut world);
    assert_eq!(world.blank().unwrap().len(), 3);
    assert_eq!(world.device(1), Some(device), "and keeps its name");
}

#[test]
fn attack_3_an_old_head_under_a_newer_number_or_anothers_name() {
    let mut world = vault_of(2);
    let id = world.create(1);
    world.sync_all(2);
    let newer = world.rename(1, id);
    world.sync_all(2);
    let (of_0, of_1) = (world.device(0).unwrap(), world.device(1).unwrap());
    let (n, bytes) = world.newest_head(of_1);
    let (own, _) = world.newest_head(of_0);
    for name in [ObjectName::Head(of_1, n + 1), ObjectName::Head(of_1, n + 900), ObjectName::Head(of_0, own + 1)] {
        world.put(name, bytes.to_vec());
    }
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[0], newer);
    }
    assert_eq!((world.device(0), world.device(1)), (Some(of_0), Some(of_1)));
    all_is_well(&mut world);
}

#[test]
fn attack_4_any_object_is_altered_cut_short_or_swapped_for_any_other() {
    let mut random = Random::new(4);
    let mut quiet = vault_of(2);
    quiet.create(0);
    quiet.create(1);
    quiet.sync_all(2);
    let objects = quiet.storage.objects.clone();
    for name in objects.keys() {
        for kind in 0..4 {
            let mut world = vault_of(2);
            world.create(0);
            world.create(1);
            world.sync_all(2);
            // The same world, to the last byte.
            assert_eq!(world.storage.objects, objects);
            let mut bytes = objects[name].to_vec();
            match kind {
                0 => {
                    let at = random.below(bytes.len());
                    bytes[at] ^= 1 << random.below(8);
                }
                1 => bytes.truncate(random.below(bytes.len())),
                2 => bytes.clear(),
                _ => bytes = random.pick(&objects.values().cloned().collect::<Vec<_>>()).unwrap().to_vec(),
            }
            world.storage.objects.insert(name.clone(), Rc::new(bytes));
            let third = world.recover();
            world.create(0);
            world.sync_all(3);
            for machine in 0..2 {
                assert_eq!(passkeys(&world, machine), 3, "{} altered ({kind})", name.path());
            }
            let _ = third;
            world.storage.objects.insert(name.clone(), objects[name].clone());
            world.machines[third].unwanted = !world.machines[third].is_on();
            all_is_well(&mut world);
        }
    }
}

#[test]
fn attack_11_a_clock_in_the_future() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.machines[1].skew = YEAR;
    world.rename(1, id);
    world.sync_all(2);
    let corrected = world.rename(0, id);
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[0], corrected, "the next edit by anyone goes past it");
    }
    all_is_well(&mut world);
}

#[test]
fn attack_11_a_clock_in_the_future_purges_nothing_early() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.delete(0, id);
    world.sync_all(2);
    world.machines[1].skew = YEAR;
    world.sync_all(3);
    assert!(!values(&world, 1, &id, CORE).is_empty(), "the other's head shows which year it is");
    all_is_well(&mut world);
}

#[test]
fn attack_18_the_storage_deletes_everything() {
    let mut world = vault_of(3);
    for machine in 0..3 {
        world.create(machine);
    }
    world.sync_all(3);
    for _ in 0..3 {
        world.storage.objects.clear();
        world.sync_all(2);
        assert_eq!(world.blank().map(|records| records.len()), Some(3));
    }
    all_is_well(&mut world);
}

#[test]
fn attack_22_an_orphan_circle_holds_a_removal_that_was_never_completed() {
    let mut world = vault_of(3);
    let id = world.create(2);
    world.sync_all(2);
    let remover = world.machines[1].memory.copy();
    let device = world.device(2).unwrap();
    world.storage.refuses = |request| matches!(request, Request::Put(ObjectName::Head(..), _));
    let outcome = world.outcome(1, Task::Remove { devices: vec![device], paper: None });
    assert_eq!(outcome, Some(Outcome::NotYet), "removed only when the head is there");
    world.storage.refuses = |_| false;
    // The remover dies with its disk; what it knew is gone.
    drop(remover);
    world.lose(1);
    let blank = world.blank().unwrap();
    assert!(blank.contains_key(&id));
    let new = world.recover();
    world.pass(DAY);
    world.sync_all(2);
    let state = world.machines[new].memory.state().unwrap();
    assert!(state.membership().is_member(&device));
    all_is_well(&mut world);
}
