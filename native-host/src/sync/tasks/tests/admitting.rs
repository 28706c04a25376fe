//! SYNC §9, both sides.

use protocol::manage::sync::{Done, GoOn, Invitation, NewDevice, Step, SyncFailure, Task, TroubleKind};
use sync_engine::engine::{self, Newcomer, Outcome, Refusal, Report};
use sync_engine::keys::JoinCode;
use sync_engine::storage::Trouble;

use super::scripted::{Scripted, World, came_to, device, folder, id, in_trouble, refused, until};
use crate::sync::tasks::CODE_LIVES;

fn newcomer() -> Newcomer {
    Newcomer { device: id(9), name: "Office laptop".to_owned(), card: vec![1] }
}

/// A storage on which somebody asks at the third look, and writes at the second after being let in.
fn somebody_comes() -> impl FnMut(&mut World, &engine::Task) -> Report + Send + 'static {
    let (mut looks, mut admitted) = (0, false);
    move |world, task| match task {
        engine::Task::AwaitAsk { .. } => {
            looks += 1;
            match looks {
                1 => came_to(Outcome::NotYet),
                2 => in_trouble(Trouble::Unreachable("for a moment".to_owned())),
                _ => came_to(Outcome::Asked(newcomer())),
            }
        }
        engine::Task::Admit { newcomer: admit, .. } => {
            assert_eq!(*admit, newcomer());
            admitted = true;
            came_to(Outcome::Done)
        }
        engine::Task::Sync if admitted => {
            world.status.as_mut().unwrap().devices.push(device(9, "Office laptop"));
            came_to(Outcome::Done)
        }
        _ => came_to(Outcome::Done),
    }
}

fn join(code: &str) -> Task {
    let device = NewDevice { storage: folder("/new"), name: "Office laptop".to_owned() };
    Task::Join { device, code: code.to_owned() }
}

#[test]
fn a_device_is_added_once_the_user_has_seen_its_name() {
    let script = Scripted::new(&[device(0, "Laptop")], somebody_comes());
    let tasks = script.begin(Task::AddDevice {});
    let step = until(&tasks, |step| matches!(step, Step::Asked { .. }));
    assert_eq!(step, Step::Asked { name: "Office laptop".to_owned() });
    assert!(!script.passes().contains(&"admit"), "nobody is let in before");
    tasks.go_on(GoOn::Yes {});
    let added = Step::Done(Done::Added { name: "Office laptop".to_owned(), passkeys: 412 });
    assert_eq!(until(&tasks, |step| matches!(step, Step::Done(_))), added);
    assert_eq!(script.passes(), ["sync", "await ask", "await ask", "await ask", "admit", "sync", "close"]);
}

#[test]
fn the_code_that_is_shown_is_one_and_its_time_is_told() {
    let script = Scripted::new(&[device(0, "Laptop")], |_, _| came_to(Outcome::NotYet));
    let tasks = script.begin(Task::AddDevice {});
    let Step::Code { code, invitation, until } = until(&tasks, |step| matches!(step, Step::Code { .. })) else {
        panic!()
    };
    assert!(JoinCode::from_text(code.expose_secret()).is_ok());
    let told = Invitation { code, storage: folder("/old") };
    assert_eq!(Invitation::from_text(invitation.expose_secret()), Some(told));
    assert_eq!(until, 1_000 + CODE_LIVES);
}

#[test]
fn a_no_is_left_for_the_other_side_to_read() {
    let script = Scripted::new(&[device(0, "Laptop")], somebody_comes());
    let tasks = script.begin(Task::AddDevice {});
    until(&tasks, |step| matches!(step, Step::Asked { .. }));
    tasks.go_on(GoOn::No {});
    while tasks.step().is_some() {
        std::thread::yield_now();
    }
    assert_eq!(script.passes()[4..], ["decline"], "the no is not taken away before it is read");
}

#[test]
fn a_code_ends_after_half_an_hour() {
    let script = Scripted::new(&[device(0, "Laptop")], |world, _| {
        world.now += CODE_LIVES / 2;
        came_to(Outcome::NotYet)
    });
    let step = script.do_it(Task::AddDevice {});
    assert!(matches!(step, Step::Failed { why: SyncFailure::TooLate, .. }), "{step:?}");
    assert_eq!(script.passes(), ["sync", "await ask", "await ask", "close"]);
}

#[test]
fn what_was_altered_is_told_and_never_let_in() {
    let script = Scripted::new(&[device(0, "Laptop")], |_, task| match task {
        engine::Task::AwaitAsk { .. } => refused(Refusal::Altered),
        _ => came_to(Outcome::Done),
    });
    let step = script.do_it(Task::AddDevice {});
    assert!(matches!(step, Step::Failed { why: SyncFailure::Altered, .. }), "{step:?}");
    assert_eq!(script.passes(), ["sync", "await ask", "close"]);
}

#[test]
fn no_code_is_shown_over_a_storage_that_does_not_answer() {
    let away = Trouble::Unreachable("away".to_owned());
    let script = Scripted::new(&[device(0, "Laptop")], move |_, _| in_trouble(away.clone()));
    let step = script.do_it(Task::AddDevice {});
    let Step::Failed { why: SyncFailure::Storage(TroubleKind::Unreachable), sentence } = step else {
        panic!("{step:?}")
    };
    assert!(!sentence.contains("by itself"), "what has ended is not tried again: {sentence}");
    assert_eq!(script.passes(), ["sync"]);
}

#[test]
fn a_removed_device_lets_nobody_in() {
    let script = Scripted::new(&[device(0, "Laptop")], |_, _| came_to(Outcome::Done));
    script.see(|world| world.status.as_mut().unwrap().removed = true);
    let step = script.do_it(Task::AddDevice {});
    assert!(matches!(step, Step::Failed { why: SyncFailure::NotNow, .. }), "{step:?}");
}

#[test]
fn a_device_joins_and_fetches_what_is_there() {
    let mut looks = 0;
    let script = Scripted::new(&[], move |world, task| match task {
        engine::Task::Ask { name, .. } => {
            assert_eq!(name, "Office laptop");
            came_to(Outcome::Done)
        }
        engine::Task::AwaitYes { .. } => {
            assert_eq!(world.storage, Some(folder("/new")), "kept before it is in");
            looks += 1;
            came_to(if looks < 3 { Outcome::NotYet } else { Outcome::Joined { records: 412 } })
        }
        _ => came_to(Outcome::Done),
    });
    assert_eq!(script.do_it(join("7qk4 m2xb p9dt 3hwe")), Step::Done(Done::Joined { passkeys: 412 }));
    assert_eq!(script.passes(), ["check", "ask", "await yes", "await yes", "await yes", "sync"]);
    assert_eq!(script.see(|world| world.storage.clone()), Some(folder("/new")));
}

#[test]
fn a_code_that_is_none_is_told_before_the_storage_is_tried() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    let step = script.do_it(join("7QK4-M2XB"));
    assert!(matches!(step, Step::Failed { why: SyncFailure::BadCode, .. }), "{step:?}");
    assert!(script.passes().is_empty());
}

#[test]
fn whoever_is_not_let_in_keeps_nothing() {
    for (refusal, failure) in [(Refusal::Declined, SyncFailure::Declined), (Refusal::Altered, SyncFailure::Altered)] {
        let script = Scripted::new(&[], move |_, task| match task {
            engine::Task::AwaitYes { .. } => refused(refusal),
            _ => came_to(Outcome::Done),
        });
        let step = script.do_it(join("7QK4-M2XB-P9DT-3HWE"));
        assert!(matches!(step, Step::Failed { why, .. } if why == failure), "{step:?}");
        assert_eq!(script.passes(), ["check", "ask", "await yes", "close"]);
        assert_eq!(script.see(|world| world.storage.clone()), None);
    }
}

#[test]
fn nobody_waits_longer_than_a_code_lives() {
    let script = Scripted::new(&[], |world, task| match task {
        engine::Task::AwaitYes { .. } => {
            world.now += CODE_LIVES;
            came_to(Outcome::NotYet)
        }
        _ => came_to(Outcome::Done),
    });
    let step = script.do_it(join("7QK4-M2XB-P9DT-3HWE"));
    assert!(matches!(step, Step::Failed { why: SyncFailure::TooLate, .. }), "{step:?}");
}

#[test]
fn a_device_that_was_removed_may_join_again() {
    let script = Scripted::new(&[device(0, "Laptop")], |world, task| match task {
        engine::Task::Forget => {
            world.status = None;
            came_to(Outcome::Done)
        }
        engine::Task::AwaitYes { .. } => came_to(Outcome::Joined { records: 1 }),
        _ => came_to(Outcome::Done),
    });
    let step = script.do_it(join("7QK4-M2XB-P9DT-3HWE"));
    assert!(matches!(step, Step::Failed { why: SyncFailure::NotNow, .. }), "it is on: {step:?}");
    script.see(|world| world.status.as_mut().unwrap().removed = true);
    assert_eq!(script.do_it(join("7QK4-M2XB-P9DT-3HWE")), Step::Done(Done::Joined { passkeys: 412 }));
    assert_eq!(script.passes(), ["check", "forget", "ask", "await yes", "sync"]);
}
