//! What a pass costs (SYNC §6).

use std::cell::Cell;
use std::rc::Rc;

use sync_engine::engine::{Backing, Task};
use sync_engine::ids::RecordId;
use sync_engine::storage::{Folder, ObjectName, Request};
use zeroize::Zeroizing;

use super::world::World;
use super::world::disk::Change;
use super::world::people::CORE;
use super::world::{HOUR, SECOND};
use super::{ALL, Mortal, run, run_over, vault_of};

fn requests_of(world: &mut World, machine: usize) -> Vec<Request> {
    let mut requests = Vec::new();
    world.pass(SECOND);
    run(world, machine, (Task::Sync, Backing::Server, ALL), |_, request| {
        requests.push(request.clone());
        None
    })
    .unwrap();
    requests
}

#[test]
fn a_pass_with_nothing_to_do_is_one_list() {
    let mut world = vault_of(2);
    world.sync_all(2);
    for machine in 0..2 {
        world.sync(machine);
        assert_eq!(requests_of(&mut world, machine), [Request::List(Folder::Heads)]);
    }
}

/// What one change costs its writer and a reader, in a vault of so many records.
fn one_change(records: usize) -> [Vec<Request>; 2] {
    let mut world = vault_of(2);
    for number in 0..records {
        world.create_numbered(0, number);
    }
    world.sync_all(6);
    world.create_numbered(0, records);
    [0, 1].map(|machine| requests_of(&mut world, machine))
}

#[test]
fn one_change_costs_the_same_whatever_the_vaults_size() {
    let kinds = |requests: &[Request]| -> Vec<&'static str> {
        let kind = |request: &Request| match request {
            Request::List(_) => "list",
            Request::Get(..) => "get",
            Request::Put(..) => "put",
            Request::Delete(_) => "delete",
        };
        requests.iter().map(kind).collect()
    };
    let [small, large] = [10, 600].map(one_change);
    let [writer, reader] = [0, 1].map(|side| (kinds(&small[side]), kinds(&large[side])));
    // A list, a pack, a head; an old head is deleted.
    assert_eq!(writer.1, ["list", "put", "put", "delete"]);
    // A list, a head, a pack; its own head says that it has read that, and an old one is deleted.
    assert_eq!(reader.1, ["list", "get", "get", "put", "delete"]);
    assert_eq!(writer.0, writer.1);
    assert_eq!(reader.0, reader.1);

    let bytes = |requests: &[Request]| -> usize {
        let put = |request: &Request| if let Request::Put(_, bytes) = request { bytes.len() } else { 0 };
        requests.iter().map(put).sum()
    };
    assert!(bytes(&large[0]) < 2000, "{}", bytes(&large[0]));
}

#[test]
fn many_records_go_in_packs_of_four_megabytes_each_uploaded_before_the_next_is_made() {
    let mut world = vault_of(1);
    for number in 0..9000_u32 {
        let id = RecordId::of_passkey("site.example", &number.to_be_bytes());
        world.edit(0, id, Change::Write(vec![(CORE, vec![number as u8; 1000])]));
    }
    let memory = world.machines[0].memory.clone();
    let (mut packs, mut most, found) = (0, 0, Rc::default());
    let counted = Mortal { memory: memory.clone(), commits: Rc::new(Cell::new(ALL)), found: Rc::clone(&found) };
    let report = run_over(counted, &mut world, 0, (Task::Sync, Backing::Server), |_, request| {
        if let Request::Put(ObjectName::Pack(..), bytes) = request {
            packs += 1;
            assert!(bytes.len() <= 4 << 20, "{}", bytes.len());
        }
        most = most.max(memory.look(|disk| disk.outbox.iter().map(|(_, bytes)| bytes.len()).sum()));
        None
    });
    let report = report.unwrap();
    assert_eq!((report.published, report.pending, report.trouble), (9000, 0, None));
    assert!(packs >= 3, "{packs}");
    // Once to be packed, once to be called backed up.
    assert_eq!(found.get(), 2 * 9000);
    assert!(most <= 5 << 20, "the outbox held {most} bytes at once");
    assert!(memory.look(|disk| disk.records.values().all(|kept| kept.backed_up && !kept.unpublished)));

    let reader = world.join(0);
    assert_eq!(world.machines[reader].memory.look(|disk| disk.records.len()), 9000);
}

#[test]
fn packs_stay_few_and_what_they_held_stays() {
    let mut world = vault_of(2);
    for _ in 0..40 {
        world.create(0);
        world.pass(2 * HOUR);
        world.sync(0);
        world.sync(1);
    }
    world.sync_all(3);
    let packs = world.state(0).own.packs;
    assert!(packs.len() <= 8, "{}", packs.len());
    let files = world.storage.objects.keys().filter(|name| matches!(name, ObjectName::Pack(..))).count();
    assert!(files <= packs.len() + 2, "{files} files for {} packs", packs.len());
    world.check_end().unwrap();
}

#[test]
fn the_purged_leave_the_storage() {
    let mut world = vault_of(1);
    let (gone, stays) = (world.create(0), world.create(0));
    world.sync(0);
    world.delete(0, gone);
    world.sync(0);
    let before = world.machines[0].memory.look(|disk| disk.records[&gone].record.fields().count());
    world.pass(31 * 24 * HOUR);
    world.sync(0);
    let (after, state) = world.machines[0]
        .memory
        .look(|disk| (disk.records[&gone].record.fields().count(), Zeroizing::new(disk.state.clone().unwrap())));
    assert!(before > 1 && after == 1, "{before}, {after}");
    let state = sync_engine::engine::state::State::decode(&state).unwrap();
    let named: Vec<_> = state.own.packs.iter().map(|pack| ObjectName::Pack(state.device, pack.hash)).collect();
    let on_storage = world.storage.objects.keys().filter(|name| matches!(name, ObjectName::Pack(..)));
    assert!(on_storage.clone().all(|name| named.contains(name)), "an old pack is left");
    assert!(!state.own.packs.iter().any(|pack| pack.stale));
    assert!(world.blank().unwrap()[&stays].newest(CORE).is_some());
}
