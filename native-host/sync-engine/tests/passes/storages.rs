//! Storages that do not do their part (SYNC §10, §12, §13).

use sync_engine::engine::{Backing, Outcome, Refusal, Task};
use sync_engine::storage::{Answer, Request, Trouble};

use super::world::HOUR;
use super::world::people::LABEL;
use super::{ALL, run, vault_of};

#[test]
fn a_full_or_read_only_storage_is_still_read_and_all_is_published_later() {
    for trouble in [Trouble::Full("no room".to_owned()), Trouble::ReadOnly("403".to_owned())] {
        let mut world = vault_of(2);
        let (here, there) = (world.create(0), world.create(1));
        world.sync(1);
        let refuse =
            |_: &_, request: &Request| matches!(request, Request::Put(..)).then(|| Answer::Failed(trouble.clone()));
        let report = run(&mut world, 0, (Task::Sync, Backing::Server, ALL), refuse).unwrap();
        assert_eq!((report.trouble, report.pending), (Some(trouble.clone()), 1));
        assert!(world.record(0, &there).is_some(), "what others wrote is here");
        assert!(!world.machines[0].memory.look(|disk| disk.records[&here].backed_up));

        let report = world.sync(0).unwrap();
        assert_eq!((report.trouble, report.pending), (None, 0));
        world.sync_all(2);
        world.check_end().unwrap();
    }
}

#[test]
fn in_a_folder_a_passkey_is_backed_up_once_another_has_it() {
    let mut world = vault_of(2);
    let id = world.create(0);
    let is_backed_up = |world: &super::World| world.machines[0].memory.look(|disk| disk.records[&id].backed_up);
    run(&mut world, 0, (Task::Sync, Backing::Folder, ALL), |_, _| None).unwrap();
    assert!(!is_backed_up(&world), "written is not uploaded");
    world.pass(2 * HOUR);
    run(&mut world, 1, (Task::Sync, Backing::Folder, ALL), |_, _| None).unwrap();
    run(&mut world, 0, (Task::Sync, Backing::Folder, ALL), |_, _| None).unwrap();
    assert!(is_backed_up(&world));
}

#[test]
fn nothing_is_backed_up_before_its_head_is_on_the_storage() {
    let mut world = vault_of(1);
    let id = world.create(0);
    let heads_fail = |_: &_, request: &Request| match request {
        Request::Put(sync_engine::storage::ObjectName::Head(..), _) => {
            Some(Answer::Failed(Trouble::Unreachable("offline".to_owned())))
        }
        _ => None,
    };
    run(&mut world, 0, (Task::Sync, Backing::Server, ALL), heads_fail).unwrap();
    assert!(!world.machines[0].memory.look(|disk| disk.records[&id].backed_up));
    world.sync(0);
    assert!(world.machines[0].memory.look(|disk| disk.records[&id].backed_up));
}

#[test]
fn a_removal_without_a_storage_is_carried_out_as_soon_as_it_can_be() {
    let mut world = vault_of(3);
    let victim = world.device(2).unwrap();
    let offline = |_: &_, _: &Request| Some(Answer::Failed(Trouble::Unreachable("offline".to_owned())));
    let remove = || Task::Remove { devices: vec![victim], paper: None };
    let report = run(&mut world, 0, (remove(), Backing::Server, ALL), offline).unwrap();
    assert_eq!(report.outcome, Outcome::NotYet);
    let status = world.machines[0]
        .memory
        .look(|disk| sync_engine::engine::status(disk.state.as_deref().unwrap(), world.now).unwrap());
    assert_eq!(status.removing, [victim]);

    // A junior cannot, and is told so at once, storage or not.
    let senior = world.device(0).unwrap();
    let remove_senior = Task::Remove { devices: vec![senior], paper: None };
    let report = run(&mut world, 1, (remove_senior, Backing::Server, ALL), offline).unwrap();
    assert_eq!(report.outcome, Outcome::Refused(Refusal::TooOld));

    world.sync(0);
    world.sync(1);
    let membership = |world: &super::World| world.machines[1].memory.state().unwrap().membership().is_member(&victim);
    assert!(!membership(&world));
    world.sync(2);
    assert!(world.machines[2].memory.state().unwrap().seems_removed());
}

#[test]
fn starting_over_takes_every_record_along_and_nobody_else() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.rename(0, id);
    world.rename(0, id);
    world.sync_all(2);
    let before = world.vault();
    let paper = world.paper();
    let outcome = world.outcome(0, Task::StartOver { name: "alone".to_owned(), paper });
    assert_eq!(outcome, Some(Outcome::Done));
    let state = world.machines[0].memory.state().unwrap();
    assert_ne!(Some(state.circle().vault()), before);
    assert_eq!(state.others().count(), 0);
    assert_eq!(world.record(0, &id).unwrap().values(LABEL).len(), 3, "earlier values go along");
    world.machines[1].lost = true;
    assert_eq!(world.blank().unwrap()[&id].values(LABEL).len(), 3, "and are on the storage");
}
