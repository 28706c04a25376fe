//! SYNC §15: what somebody does who has a machine that is in, or was.

use std::collections::BTreeSet;

use sync_engine::circle::Circle;
use sync_engine::engine::{Alarm, Outcome, Refusal, Task};
use sync_engine::format::Head;
use sync_engine::storage::ObjectName;

use super::world::World;
use super::world::people::{CORE, DELETED_YES, LABEL};
use super::{all_is_well, cries, is_deleted, values, vault_of};

/// Four machines, all let in by the first; the last is the thief's, who kept all its keys, and was removed.
fn with_a_thief() -> (World, usize) {
    let mut world = vault_of(4);
    world.create(0);
    world.sync_all(2);
    (world, 3)
}

/// The thief says this, in a circle and a head of its own.
fn publishes(
    world: &mut World,
    thief: usize,
    (mut head, key): (Head, sync_engine::keys::SyncVaultKey),
    circle: &Circle,
) {
    let recipients = world.recipients(0);
    let hash = world.put_circle(circle, &recipients);
    (head.n, head.content) = (head.n + 1, head.n + 1);
    let author = world.identity(thief);
    world.put_head(&head, &hash, &key, &author);
}

#[test]
pub fn attack_5_a_removed_device_reads_on() {
    let (mut world, thief) = with_a_thief();
    world.remove(0, thief);
    let id = world.create(1);
    world.sync_all(3);
    assert!(!values(&world, 0, &id, CORE).is_empty());
    assert!(world.record(thief, &id).is_none());
    let heads: Vec<_> = (0..3).map(|machine| world.newest_head(world.device(machine).unwrap()).1).collect();
    for head in heads {
        let object = sync_engine::format::HeadObject::parse(&head).unwrap();
        assert!(world.state(thief).circle().keys().get(&object.key).is_none());
    }
    all_is_well(&mut world);
}

#[test]
pub fn attack_6_a_removed_device_forges_a_back_dated_invitation_and_removals() {
    let (mut world, thief) = with_a_thief();
    let (opened, kept) = (world.open_newest_head(thief), world.circle(thief));
    let before: BTreeSet<_> = world.storage.objects.keys().cloned().collect();
    world.remove(0, thief);
    // One member does not hear of it for a while, and passes on what the thief says.
    let news: BTreeSet<_> = world.storage.objects.keys().filter(|name| !before.contains(name)).cloned().collect();
    let identity = world.identity(thief);
    let accomplice = sync_engine::keys::DeviceKeys::derive(world.machines[thief].root, &[9; 32]);
    let mut forged = kept;
    let membership = forged.evaluate();
    let early = sync_engine::stamp::Stamp { ms: 1, counter: 0, device: [0; 8] };
    forged.invite(&identity, accomplice.card("accomplice", false, None), early);
    for machine in 0..3 {
        forged.remove(&identity, world.device(machine).unwrap(), early, &membership);
    }
    let (head, _, key) = opened;
    publishes(&mut world, thief, (head, key), &forged);
    world.storage.hidden = news;
    world.sync(1);
    assert!(world.state(1).membership().is_live(&accomplice.id()));
    world.storage.hidden.clear();
    world.sync_all(3);
    for machine in 0..3 {
        let state = world.state(machine);
        assert!(!state.membership().is_live(&accomplice.id()));
        assert_eq!(state.membership().members().count(), 3);
    }
    all_is_well(&mut world);
}

#[test]
pub fn attack_6_what_a_removed_device_writes_is_not_read() {
    let (mut world, thief) = with_a_thief();
    world.remove(0, thief);
    for machine in 0..3 {
        world.sync(machine);
    }
    // The thief's machine goes on as if nothing had happened.
    let id = world.create(thief);
    world.sync_all(3);
    for machine in 0..3 {
        assert!(world.record(machine, &id).is_none());
    }
    all_is_well(&mut world);
}

#[test]
pub fn attack_6b_a_removed_device_seals_a_head_in_anothers_name_with_the_old_vault_key() {
    let (mut world, thief) = with_a_thief();
    let (mut head, circle, key) = world.open_newest_head(thief);
    let victim = world.device(1).unwrap();
    world.remove(0, thief);
    world.sync_all(2);
    let (n, _) = world.newest_head(victim);
    // It signs with its own key, and puts that where the other's head belongs.
    (head.n, head.content) = (n + 1, n + 1);
    let author = world.identity(thief);
    let bytes = head.seal(&circle, &key, &author, &mut world.random).unwrap();
    world.put(ObjectName::Head(victim, n + 1), bytes);
    let id = world.create(1);
    world.sync_all(3);
    assert!(!values(&world, 0, &id, CORE).is_empty());
    assert_eq!(world.device(1), Some(victim));
    all_is_well(&mut world);
}

#[test]
pub fn attack_7_a_junior_evicts_its_senior() {
    let (mut world, junior) = with_a_thief();
    let senior = world.device(1).unwrap();
    let task = Task::Remove { devices: vec![senior], paper: None };
    assert_eq!(world.outcome(junior, task), Some(Outcome::Refused(Refusal::TooOld)));
    // And by hand, past what Keystow does.
    let (head, _, key) = world.open_newest_head(junior);
    let mut forged = world.circle(junior);
    let (identity, at, membership) = (world.identity(junior), world.state(junior).stamp(world.now), forged.evaluate());
    forged.remove(&identity, senior, at, &membership);
    publishes(&mut world, junior, (head, key), &forged);
    world.machines[junior].lost = true;
    world.machines[junior].unwanted = true;
    world.sync_all(3);
    for machine in 0..3 {
        assert!(world.state(machine).membership().is_member(&senior));
    }
    all_is_well(&mut world);
}

#[test]
pub fn attack_15_an_old_circle_is_replayed_inside_a_new_head() {
    let (mut world, thief) = with_a_thief();
    let (device, old) = (world.device(thief).unwrap(), world.circle(0));
    world.remove(0, thief);
    world.sync_all(2);
    // A member that is in writes a new head that stands by the circle of before.
    let (head, _, key) = world.open_newest_head(1);
    publishes(&mut world, 1, (head, key), &old);
    world.sync(0);
    world.sync(2);
    for machine in [0, 2] {
        assert!(!world.state(machine).membership().is_member(&device));
        let state = world.state(machine);
        let sealing = state.circle().keys().to_seal_with(state.membership()).unwrap();
        assert!(sealing.without.contains(&device));
    }
}

#[test]
pub fn attack_19_a_thief_deletes_everything_before_it_is_removed() {
    let (mut world, thief) = with_a_thief();
    let ids: Vec<_> = (0..3).map(|machine| world.create(machine)).collect();
    world.sync_all(2);
    let names: Vec<_> = ids.iter().map(|id| values(&world, 0, id, LABEL)[0].clone()).collect();
    for id in &ids {
        for _ in 0..4 {
            world.rename(thief, *id);
        }
        world.edit(
            thief,
            *id,
            super::world::disk::Change::Write(vec![(sync_engine::record::DELETED, DELETED_YES.to_vec())]),
        );
    }
    world.sync_all(2);
    assert!(ids.iter().all(|id| is_deleted(&world, 0, id)));
    world.remove(0, thief);
    for id in &ids {
        world.undelete(0, *id);
    }
    world.sync_all(3);
    for (id, name) in ids.iter().zip(names) {
        for machine in 0..3 {
            assert!(!is_deleted(&world, machine, id));
            assert!(!values(&world, machine, id, CORE).is_empty());
            assert!(values(&world, machine, id, LABEL).contains(&name), "its name is among the earlier ones");
        }
    }
    all_is_well(&mut world);
}

#[test]
pub fn attack_20_a_stolen_disk_image_runs_beside_the_original() {
    let (mut world, machine) = with_a_thief();
    let copy = world.copy_machine(machine);
    for _ in 0..4 {
        world.create(machine);
        world.create(copy);
        world.sync_all(1);
    }
    world.sync_all(2);
    for other in 0..3 {
        assert!(cries(&world, other, |alarm| matches!(alarm, Alarm::Twice(_))));
    }
    // Whoever removes one removes every name of that machine.
    world.remove(0, machine);
    world.sync_all(3);
    let membership = world.state(0);
    for name in [machine, copy] {
        assert!(!membership.membership().is_member(&world.device(name).unwrap()));
    }
    all_is_well(&mut world);
}
