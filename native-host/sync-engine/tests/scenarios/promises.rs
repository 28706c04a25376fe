//! What a person is told must be so, whatever the storage, a clock or a machine of the circle does (SYNC §7, §10, §12, §13).

use protocol::cbor::{Fields, Value};
use sync_engine::circle::Circle;
use sync_engine::engine::{Alarm, DeviceRoot, Outcome, Task};
use sync_engine::format::{self, Body, Sentence};
use sync_engine::ids::RecordId;
use sync_engine::stamp::Clock;
use sync_engine::storage::{ObjectName, Request};
use sync_engine::wire::Unknown;

use super::world::people::{CORE, LABEL};
use super::world::{DAY, HOUR, World};
use super::{all_is_well, cries, is_deleted, state_of, values, vault_of};

/// A machine says this, by a circle and a head of its own.
fn publishes(world: &mut World, machine: usize, contents: format::Circle, recipients: usize) {
    let (mut head, _, key) = world.open_newest_head(machine);
    let circle = Circle::remembered(head.vault, contents);
    let cards = world.recipients(0);
    let hash = world.put_circle(&circle, &cards[..recipients]);
    (head.n, head.content) = (head.n + 1, head.n + 1);
    let author = world.identity(machine);
    world.put_head(&head, &hash, &key, &author);
}

fn unknown(key: i64, value: impl Into<Value>) -> Unknown {
    Unknown::rest(Fields::of(Value::Map(vec![(key.into(), value.into())]), "a later version's").unwrap())
}

fn is_backed_up(world: &World, machine: usize, id: &RecordId) -> bool {
    world.machines[machine].memory.look(|disk| disk.records[id].backed_up)
}

#[test]
fn nothing_is_done_that_could_not_be_published() {
    let mut world = vault_of(3);
    let (thief, mut contents) = (world.identity(2), world.circle(2).contents());
    // It fills the circle up to the last hundred bytes of what an object can hold.
    let at = world.state(2).stamp(world.now);
    let says = |size: usize| {
        Sentence::sign(
            world.state(2).circle().vault(),
            at,
            Body::Other { kind: 9, unknown: unknown(1, vec![0; size]) },
            &thief,
        )
    };
    contents.sentences.push(says(900_000));
    let room = 63 * 16_384 - 100 - contents.encode().len();
    contents.sentences.pop();
    contents.sentences.push(says(900_000 + room));
    publishes(&mut world, 2, contents, 2);
    let victim = world.device(2).unwrap();
    let report = world.run(0, Task::Remove { devices: vec![victim], paper: None }).unwrap();
    assert_eq!(report.outcome, Outcome::NotYet, "no head on the storage says so");
    assert!(report.trouble.is_some());
}

#[test]
fn a_removal_that_waited_is_carried_out_though_another_cannot_be() {
    let mut world = vault_of(3);
    let recovered = world.recover();
    world.sync_all(2);
    let before: std::collections::BTreeSet<_> = world.storage.objects.keys().cloned().collect();
    let guest = world.join(1);
    world.sync(0);
    let (guest, victim) = (world.device(guest).unwrap(), world.device(2).unwrap());
    // Offline, both are to go.
    world.storage.refuses = |_| true;
    let task = Task::Remove { devices: vec![guest, victim], paper: None };
    assert_eq!(world.outcome(0, task), Some(Outcome::NotYet));
    world.storage.refuses = |_| false;
    // Meanwhile who invited the first is removed by one who has not heard of that: it was never in.
    world.storage.hidden = world.storage.objects.keys().filter(|name| !before.contains(name)).cloned().collect();
    world.remove(recovered, 1);
    world.storage.hidden.clear();
    world.sync(0);
    let state = world.state(0);
    assert!(state.membership().standing(&guest).is_none());
    assert!(!state.membership().is_member(&victim));
}

#[test]
fn a_removal_waits_once_for_what_could_not_be_fetched_from_the_device() {
    let mut world = vault_of(3);
    let victim = world.device(2).unwrap();
    let remove = || Task::Remove { devices: vec![victim], paper: None };
    let id = world.create(2);
    world.sync(2);
    world.storage.refuses = |request| matches!(request, Request::Get(ObjectName::Head(..), _));
    assert_eq!(world.outcome(0, remove()), Some(Outcome::NotYet));
    assert_eq!(state_of(&world, 0).removing, [victim]);
    world.storage.refuses = |_| false;
    world.sync(0);
    assert!(world.record(0, &id).is_some(), "its last passkey was read first");
    assert!(!world.state(0).membership().is_member(&victim));

    // Who never gives it out does not keep the device in.
    let mut world = vault_of(3);
    let victim = world.device(2).unwrap();
    world.create(2);
    world.sync(2);
    world.storage.refuses = |request| matches!(request, Request::Get(ObjectName::Head(..), _));
    world.outcome(0, Task::Remove { devices: vec![victim], paper: None });
    world.sync(0);
    assert!(!world.state(0).membership().is_member(&victim));
}

#[test]
fn what_a_later_version_adds_to_the_circle_travels_on() {
    let mut world = vault_of(3);
    let mut contents = world.circle(1).contents();
    contents.unknown = unknown(9, vec![7; 32]);
    let later = contents.unknown.clone();
    publishes(&mut world, 1, contents, 4);
    world.sync(0);
    assert_eq!(world.circle(0).contents().unknown, later);
    let new = world.join(0);
    let recovered = world.recover();
    for machine in [new, recovered] {
        assert_eq!(world.circle(machine).contents().unknown, later);
    }
}

#[test]
fn what_others_hold_the_tombstone_of_is_not_backed_up() {
    let mut world = vault_of(3);
    let id = world.create(0);
    world.sync_all(2);
    assert!(is_backed_up(&world, 1, &id));
    world.delete(1, id);
    world.delete(0, id);
    for _ in 0..4 {
        world.pass(10 * DAY);
        for machine in [0, 2] {
            world.create(machine);
            world.sync(machine);
        }
    }
    assert!(world.record(0, &id).unwrap().is_purged());
    world.undelete(1, id);
    world.storage.refuses = |request| matches!(request, Request::Put(..));
    world.sync(1);
    assert!(!is_deleted(&world, 1, &id));
    assert!(!is_backed_up(&world, 1, &id), "the key is nowhere else");
    world.storage.refuses = |_| false;
    world.sync(1);
    assert!(is_backed_up(&world, 1, &id));
    all_is_well(&mut world);
}

#[test]
fn who_starts_over_without_the_keychain_goes_on_by_the_same_clock() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.machines[1].skew = 365 * DAY as i64;
    world.rename(1, id);
    world.sync_all(2);
    let root = DeviceRoot::generate(&mut world.random);
    world.machines[0].root = Box::leak(Box::new(root));
    let paper = world.paper();
    assert_eq!(world.outcome(0, Task::StartOver { name: "again".to_owned(), paper }), Some(Outcome::Done));
    let name = world.rename(0, id);
    world.sync(0);
    assert_eq!(values(&world, 0, &id, LABEL)[0], name);
}

#[test]
fn a_deletion_learned_of_by_a_clock_far_behind_is_not_purged_once_that_is_right() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.machines[1].skew = -20 * 365 * DAY as i64;
    world.delete(0, id);
    let own = world.create(1);
    world.sync(0);
    world.sync(1);
    world.delete(1, own);
    world.sync(1);
    world.machines[1].skew = 0;
    world.create(0);
    world.sync(0);
    world.sync(1);
    for id in [id, own] {
        assert!(is_deleted(&world, 1, &id));
        assert!(!values(&world, 1, &id, CORE).is_empty());
    }
    all_is_well(&mut world);
}

#[test]
fn a_stamp_that_nobody_could_go_past_is_not_believed() {
    let mut world = vault_of(3);
    let id = world.create(0);
    world.sync_all(2);
    let mut state = world.state(2);
    state.clock = Clock::from_newest((u64::MAX, u32::MAX));
    let mut disk = world.machines[2].memory.copy();
    disk.state = Some(state.encode().to_vec());
    world.machines[2].memory.restore(disk);
    world.delete(2, id);
    let mut said = world.circle(2);
    let accomplice = sync_engine::keys::DeviceKeys::derive(world.machines[2].root, &[9; 32]);
    said.invite(&world.identity(2), accomplice.card("late", false, None), state.stamp(world.now));
    publishes(&mut world, 2, said.contents(), 4);
    world.sync_all(2);
    for machine in 0..2 {
        assert!(world.state(machine).clock.newest().0 < world.now + 365 * DAY, "machine {machine}");
        assert!(!is_deleted(&world, machine, &id));
    }
    world.remove(0, 2);
    let name = world.rename(1, id);
    world.sync_all(2);
    assert_eq!(values(&world, 0, &id, LABEL)[0], name);
}

#[test]
fn strange_objects_are_counted_as_they_lie_there() {
    let mut world = vault_of(2);
    let device = world.device(1).unwrap();
    let (n, bytes) = world.newest_head(device);
    world.put(ObjectName::Head(device, n + 1), bytes[..bytes.len() / 2].to_vec());
    for _ in 0..3 {
        world.pass(HOUR);
        world.sync(0);
        assert!(cries(&world, 0, |alarm| *alarm == Alarm::Strange(1)));
    }
    world.sync_all(3);
    assert!(!cries(&world, 0, |alarm| matches!(alarm, Alarm::Strange(_))), "it is not the newest any more");
}

#[test]
fn junk_under_a_number_that_is_nobodys_makes_nobody_write() {
    let mut world = vault_of(2);
    let device = world.device(0).unwrap();
    let (n, _) = world.newest_head(device);
    world.put(ObjectName::Head(device, u64::MAX), b"junk".to_vec());
    for _ in 0..5 {
        world.pass(60_000);
        world.sync(0);
    }
    assert_eq!(world.state(0).own.number, n);
}

#[test]
fn a_device_is_silent_if_it_misses_what_others_say_not_if_nobody_says_anything() {
    let mut world = vault_of(2);
    let silent = |world: &World| cries(world, 0, |alarm| matches!(alarm, Alarm::Silent(_)));
    for _ in 0..8 {
        world.pass(5 * DAY);
        world.sync(0);
        world.sync(1);
    }
    assert!(!silent(&world), "nobody had anything to say");
    world.create(0);
    world.sync_all(1);
    world.pass(40 * DAY);
    assert!(!silent(&world), "nobody has looked");
    world.create(0);
    world.sync(0);
    world.pass(HOUR);
    world.sync(0);
    world.pass(31 * DAY);
    world.sync(0);
    assert!(silent(&world));
    world.sync_all(2);
    assert!(!silent(&world));
}

#[test]
fn a_change_is_not_withheld_from_a_machine_that_was_switched_off() {
    let mut world = vault_of(3);
    world.create(1);
    world.sync(1);
    world.sync(2);
    let device = world.device(1).unwrap();
    let (n, _) = world.newest_head(device);
    world.storage.hidden = [ObjectName::Head(device, n)].into();
    world.pass(HOUR);
    world.sync(0);
    world.storage.hidden.clear();
    world.pass(3 * DAY);
    let withheld = |world: &World| cries(world, 0, |alarm| matches!(alarm, Alarm::Withheld(_)));
    assert!(!withheld(&world), "it has not looked again");
    world.sync(0);
    assert!(!withheld(&world));
}

#[test]
fn a_pack_that_the_storage_lost_is_there_again_within_a_day() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.storage.objects.retain(|name, _| !matches!(name, ObjectName::Pack(..) | ObjectName::Circle(_)));
    world.pass(DAY);
    world.sync(0);
    assert!(world.blank().unwrap()[&id].newest(CORE).is_some());
    all_is_well(&mut world);
}
