//! SYNC §14: what people do on two devices at once.

use std::collections::BTreeSet;

use sync_engine::engine::{Outcome, Task};
use sync_engine::ids::DeviceId;

use super::world::people::{CORE, LABEL, LAST_USED, passkey};
use super::world::{DAY, SECOND, World};
use super::{all_is_well, is_deleted, values, vault_of};

/// A passkey that all of them have.
fn shared(world: &mut World) -> sync_engine::ids::RecordId {
    let id = world.create(0);
    world.sync_all(2);
    id
}

fn members(world: &World, machine: usize) -> BTreeSet<DeviceId> {
    let state = world.machines[machine].memory.state().unwrap();
    state.membership().members().map(|standing| standing.card.id()).collect()
}

#[test]
pub fn two_devices_rename_one_passkey_offline() {
    let mut world = vault_of(2);
    let id = shared(&mut world);
    let earlier = world.rename(0, id);
    world.pass(SECOND);
    let later = world.rename(1, id);
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[..2], [later.clone(), earlier.clone()]);
    }
    all_is_well(&mut world);
}

#[test]
pub fn rename_here_delete_there() {
    let mut world = vault_of(2);
    let id = shared(&mut world);
    world.delete(1, id);
    world.pass(SECOND);
    let name = world.rename(0, id);
    world.sync_all(2);
    for machine in 0..2 {
        assert!(is_deleted(&world, machine, &id));
        assert_eq!(values(&world, machine, &id, LABEL)[0], name);
    }
    world.undelete(0, id);
    world.sync_all(2);
    for machine in 0..2 {
        assert!(!is_deleted(&world, machine, &id));
        assert_eq!(values(&world, machine, &id, LABEL)[0], name);
    }
    all_is_well(&mut world);
}

#[test]
pub fn delete_here_restore_there() {
    for restored_later in [true, false] {
        let mut world = vault_of(2);
        let id = shared(&mut world);
        world.delete(0, id);
        world.sync_all(2);
        let mut both: [fn(&mut World, sync_engine::ids::RecordId); 2] =
            [|world, id| world.delete(0, id), |world, id| world.undelete(1, id)];
        if !restored_later {
            both.reverse();
        }
        for one in both {
            one(&mut world, id);
            world.pass(SECOND);
        }
        world.sync_all(2);
        for machine in 0..2 {
            assert_eq!(is_deleted(&world, machine, &id), !restored_later);
        }
        all_is_well(&mut world);
    }
}

#[test]
pub fn delete_and_another_device_was_offline_for_three_months_and_used_it() {
    let mut world = vault_of(3);
    let id = shared(&mut world);
    world.delete(0, id);
    for _ in 0..4 {
        // A clock is believed that another's head confirms.
        for machine in 0..2 {
            world.create(machine);
            world.sync(machine);
        }
        world.pass(30 * DAY);
        world.edit(2, id, super::world::disk::Change::Write(vec![(LAST_USED, b"used".to_vec())]));
    }
    world.sync(0);
    world.sync(1);
    assert!(values(&world, 0, &id, CORE).is_empty(), "gone where it was deleted, after 30 days");
    world.sync(2);
    assert!(is_deleted(&world, 2, &id));
    assert!(!values(&world, 2, &id, CORE).is_empty(), "not gone unseen where nobody knew of it");
    world.pass(20 * DAY);
    world.sync_all(2);
    assert!(!values(&world, 2, &id, CORE).is_empty());
    world.undelete(2, id);
    world.sync_all(2);
    for machine in 0..3 {
        assert!(!is_deleted(&world, machine, &id));
        assert!(!values(&world, machine, &id, CORE).is_empty());
    }
    all_is_well(&mut world);
}

#[test]
pub fn after_thirty_days_a_deleted_passkey_is_nowhere() {
    let mut world = vault_of(2);
    let id = shared(&mut world);
    world.delete(0, id);
    world.sync_all(2);
    world.pass(31 * DAY);
    for machine in 0..2 {
        world.create(machine);
    }
    world.sync_all(4);
    for machine in 0..2 {
        assert!(is_deleted(&world, machine, &id));
        assert!(world.record(machine, &id).unwrap().is_purged());
    }
    assert!(world.blank().unwrap()[&id].is_purged(), "not on the storage either");
    all_is_well(&mut world);
}

#[test]
pub fn same_passkey_imported_twice() {
    let mut world = vault_of(2);
    let one = world.create_numbered(0, 5);
    let other = world.create_numbered(1, 5);
    assert_eq!(one, other);
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(world.machines[machine].memory.look(|disk| disk.records.len()), 1);
        assert_eq!(values(&world, machine, &passkey(5), LABEL).len(), 2, "both names are kept");
    }
    all_is_well(&mut world);
}

#[test]
pub fn two_new_passkeys_for_one_account() {
    let mut world = vault_of(2);
    world.create_numbered(0, 5);
    world.create_numbered(1, 6);
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(world.machines[machine].memory.look(|disk| disk.records.len()), 2);
    }
    all_is_well(&mut world);
}

#[test]
pub fn two_devices_invite_the_same_newcomer() {
    let mut world = vault_of(3);
    let new = world.add_machine();
    let code = || sync_engine::keys::JoinCode::from_slice(&[7; 10]).unwrap();
    assert_eq!(world.outcome(new, Task::Ask { code: code(), name: "new".to_owned() }), Some(Outcome::Done));
    let Some(Outcome::Asked(newcomer)) = world.outcome(1, Task::AwaitAsk { code: code() }) else {
        panic!("nobody asks")
    };
    let before = world.storage.objects.clone();
    let admit = || Task::Admit { code: code(), newcomer: newcomer.clone() };
    assert_eq!(world.outcome(1, admit()), Some(Outcome::Done));
    // The other does not see that yet.
    let after = std::mem::replace(&mut world.storage.objects, before);
    assert_eq!(world.outcome(2, admit()), Some(Outcome::Done));
    world.storage.objects.extend(after);
    assert!(matches!(world.outcome(new, Task::AwaitYes { code: code() }), Some(Outcome::Joined { .. })));
    world.sync_all(3);
    for machine in 0..4 {
        assert_eq!(members(&world, machine).len(), 4, "it is in once");
        let state = world.machines[machine].memory.state().unwrap();
        let standing = state.membership().standing(&newcomer.device).unwrap();
        assert_eq!(standing.inviter, world.device(1), "by the earlier branch");
    }
    world.machines[new].asking = None;
    all_is_well(&mut world);
}

#[test]
pub fn one_removes_another_while_that_removes_it() {
    let mut world = vault_of(3);
    let (one, other) = (world.device(1).unwrap(), world.device(2).unwrap());
    let before = world.storage.objects.clone();
    world.remove(1, 2);
    let after = std::mem::replace(&mut world.storage.objects, before);
    // The later invited takes the recovery key, or it may not at all.
    let refused = world.outcome(2, Task::Remove { devices: vec![one], paper: None });
    assert_eq!(refused, Some(Outcome::Refused(sync_engine::engine::Refusal::TooOld)));
    world.storage.objects.extend(after);
    world.sync_all(3);
    assert_eq!(members(&world, 0), members(&world, 1));
    assert!(members(&world, 0).contains(&one) && !members(&world, 0).contains(&other));
    all_is_well(&mut world);
}

#[test]
pub fn two_are_removed_by_two_at_once() {
    let mut world = vault_of(5);
    let before = world.storage.objects.clone();
    world.remove(1, 3);
    let after = std::mem::replace(&mut world.storage.objects, before);
    world.remove(2, 4);
    world.storage.objects.extend(after);
    world.sync_all(4);
    for machine in 0..3 {
        assert_eq!(members(&world, machine).len(), 3);
    }
    let state = world.machines[0].memory.state().unwrap();
    let sealing = state.circle().keys().to_seal_with(state.membership()).unwrap();
    assert_eq!(sealing.without.len(), 2, "a third key, made in knowledge of both");
    all_is_well(&mut world);
}

#[test]
pub fn a_removed_devices_last_unseen_passkey() {
    let mut world = vault_of(3);
    let id = world.create(2);
    world.sync(2);
    world.remove(1, 2);
    world.sync_all(3);
    for machine in 0..2 {
        assert!(!values(&world, machine, &id, CORE).is_empty(), "the remover read it first, and took it on");
    }
    assert!(world.blank().unwrap().contains_key(&id));
    all_is_well(&mut world);
}
