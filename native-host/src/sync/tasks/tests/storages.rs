//! Another storage, or another password for it.

use protocol::manage::sync::{Done, Secret, Step, StorageConfig, SyncFailure, Task, TroubleKind};
use sync_engine::engine::{self, Outcome};
use sync_engine::storage::Trouble;

use super::scripted::{Scripted, came_to, device, folder, id, in_trouble};

fn s3(password: &str) -> StorageConfig {
    StorageConfig::S3 {
        endpoint: "https://s3.example.org".to_owned(),
        region: "auto".to_owned(),
        bucket: "my-bucket".to_owned(),
        prefix: String::new(),
        access_key_id: "AKIA".to_owned(),
        secret_access_key: Secret::new(password.to_owned()),
    }
}

fn change(storage: StorageConfig, tell_the_others: bool) -> Task {
    Task::ChangeStorage { storage, tell_the_others }
}

#[test]
fn the_others_are_told_under_the_old_storage_first() {
    let mut passes = 0;
    let script = Scripted::new(&[device(0, "Here"), device(1, "Desktop")], move |world, task| {
        if let engine::Task::Sync = task {
            passes += 1;
            let over = if passes == 1 { folder("/old") } else { s3("new") };
            assert_eq!(world.storage, Some(over), "pass {passes}");
            assert_eq!(world.told, Some(s3("new")));
        }
        came_to(Outcome::Done)
    });
    script.see(|world| world.untold = vec![id(1)]);
    let done = Done::StorageChanged { waiting: vec!["Desktop".to_owned()] };
    assert_eq!(script.do_it(change(s3("new"), true)), Step::Done(done));
    assert_eq!(script.passes(), ["check", "sync", "sync"]);
    assert_eq!(script.see(|world| world.storage.clone()), Some(s3("new")));
}

#[test]
fn a_folder_is_nobody_elses_and_whoever_wants_tells_nobody() {
    for (storage, tell) in [(folder("/new"), true), (s3("new"), false)] {
        let script = Scripted::new(&[device(0, "Here"), device(1, "Desktop")], |_, _| came_to(Outcome::Done));
        let done = Done::StorageChanged { waiting: Vec::new() };
        assert_eq!(script.do_it(change(storage.clone(), tell)), Step::Done(done));
        assert_eq!(script.see(|world| (world.storage.clone(), world.told.clone())), (Some(storage), None));
    }
}

#[test]
fn a_storage_that_does_not_work_changes_nothing() {
    let script = Scripted::new(&[device(0, "Here")], |_, _| in_trouble(Trouble::NotAllowed("403".to_owned())));
    let step = script.do_it(change(s3("wrong"), true));
    assert!(matches!(step, Step::Failed { why: SyncFailure::Storage(TroubleKind::NotAllowed), .. }), "{step:?}");
    assert_eq!(script.passes(), ["check"]);
    assert_eq!(script.see(|world| (world.storage.clone(), world.told.clone())), (Some(folder("/old")), None));
}

/// The password was revoked before it was changed here: then the others are named, and told by hand.
#[test]
fn an_old_storage_that_is_gone_is_no_obstacle() {
    let script = Scripted::new(&[device(0, "Here"), device(1, "Desktop")], |world, task| match task {
        engine::Task::Sync if world.storage == Some(folder("/old")) => {
            in_trouble(Trouble::NotAllowed("revoked".to_owned()))
        }
        _ => came_to(Outcome::Done),
    });
    script.see(|world| world.untold = vec![id(1)]);
    let done = Done::StorageChanged { waiting: vec!["Desktop".to_owned()] };
    assert_eq!(script.do_it(change(s3("new"), true)), Step::Done(done));
}
