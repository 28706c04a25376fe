//! SYNC §14: what becomes of machines and storages.

use sync_engine::engine::Alarm;

use super::world::people::CORE;
use super::world::{DAY, HOUR};
use super::{all_is_well, cries, values, vault_of};

#[test]
pub fn a_device_is_restored_from_a_backup() {
    let mut world = vault_of(2);
    let old_name = world.device(1).unwrap();
    world.machines[1].backup = Some(world.machines[1].memory.copy());
    let id = world.create(1);
    world.sync(1);
    world.restore_disk(1);
    world.sync_all(3);
    assert!(!values(&world, 1, &id, CORE).is_empty(), "it read back what it had written");
    assert_ne!(world.device(1), Some(old_name), "and has a new name");
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::Twice(_))));
    all_is_well(&mut world);
}

#[test]
pub fn a_machine_is_copied() {
    let mut world = vault_of(2);
    let old_name = world.device(1).unwrap();
    let copy = world.copy_machine(1);
    let ids = [world.create(1), world.create(copy)];
    world.sync_all(6);
    for id in ids {
        for machine in [0, 1, copy] {
            assert!(!values(&world, machine, &id, CORE).is_empty());
        }
    }
    let names = [world.device(1).unwrap(), world.device(copy).unwrap()];
    assert_ne!(names[0], names[1]);
    assert!(names.contains(&old_name) || cries(&world, 0, |alarm| matches!(alarm, Alarm::Twice(_))));
    // The common old name falls silent.
    let heads_of_old = |world: &super::world::World| {
        world
            .storage
            .objects
            .keys()
            .filter(|name| matches!(name, sync_engine::storage::ObjectName::Head(device, _) if *device == old_name))
            .cloned()
            .collect::<Vec<_>>()
    };
    let before = heads_of_old(&world);
    for machine in [1, copy] {
        world.create(machine);
    }
    world.sync_all(3);
    assert_eq!(heads_of_old(&world), before);
    all_is_well(&mut world);
}

#[test]
pub fn the_storage_is_restored_from_last_weeks_backup() {
    let mut world = vault_of(3);
    world.create(0);
    world.sync_all(2);
    let last_week = world.storage.objects.clone();
    for machine in 0..3 {
        world.pass(2 * DAY);
        world.create(machine);
        world.sync_all(1);
    }
    world.storage.objects = last_week;
    all_is_well(&mut world);
    assert_eq!(world.blank().unwrap().len(), 4);
}

#[test]
pub fn the_storage_is_wiped() {
    let mut world = vault_of(3);
    for machine in 0..3 {
        world.create(machine);
    }
    world.sync_all(3);
    world.storage.objects.clear();
    // One alone fills it again, once the others' files have been gone for a while.
    for _ in 0..4 {
        world.pass(HOUR);
        world.sync(1);
    }
    assert_eq!(world.blank().unwrap().len(), 3);
    all_is_well(&mut world);
}

#[test]
pub fn a_newer_version_needs_what_this_one_has_not() {
    let mut world = vault_of(2);
    world.put_head_that_needs(1, 77);
    world.sync(0);
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::Newer(_))));
    let id = world.create(0);
    world.sync(0);
    assert!(world.blank().unwrap().contains_key(&id), "own changes keep flowing");
}
