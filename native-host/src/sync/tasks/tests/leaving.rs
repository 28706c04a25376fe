//! A task is left at any point: what is done stays done, and nothing more is done.

use protocol::manage::sync::{GoOn, NewDevice, Secret, Step, SyncFailure, Task};
use sync_engine::engine::Outcome;

use super::scripted::{Scripted, came_to, device, folder, recovery_key, until, word};
use crate::sync::tasks::{Broken, Tasks};

fn turn_on() -> Task {
    Task::TurnOn(NewDevice { storage: folder("/new"), name: String::new() })
}

#[test]
fn nothing_begun_has_no_step_and_minds_no_answer() {
    let mut tasks = Tasks::new();
    assert_eq!(tasks.step(), None);
    tasks.go_on(GoOn::Yes {});
    tasks.leave();
    assert_eq!(tasks.step(), None);
}

#[test]
fn left_at_the_recovery_key_nothing_is_founded() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    let mut tasks = script.begin(turn_on());
    let (words, asked) = recovery_key(&tasks, false);
    tasks.leave();
    assert_eq!(tasks.step(), None);
    tasks.go_on(GoOn::Words(asked.map(|number| word(&words, number))));
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(script.passes(), ["check"]);
}

#[test]
fn left_at_the_code_the_mailbox_is_closed() {
    let script = Scripted::new(&[device(0, "Here")], |_, _| came_to(Outcome::NotYet));
    let mut tasks = script.begin(Task::AddDevice {});
    until(&tasks, |step| matches!(step, Step::Code { .. }));
    tasks.leave();
    assert_eq!(tasks.step(), None);
    while script.passes().last() != Some(&"close") {
        std::thread::yield_now();
    }
}

/// The end of the process's last session drops the tasks.
#[test]
fn what_is_dropped_is_left() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::NotYet));
    let task = Task::Join {
        device: NewDevice { storage: folder("/new"), name: String::new() },
        code: "7QK4-M2XB-P9DT-3HWE".to_owned(),
    };
    let tasks = script.begin(task);
    until(&tasks, |step| matches!(step, Step::Waiting {}));
    drop(tasks);
    while script.see(|world| world.storage.is_some()) {
        std::thread::yield_now();
    }
    assert_eq!(script.passes().last(), Some(&"close"));
}

#[test]
fn a_task_that_is_begun_ends_the_one_before() {
    let script = Scripted::new(&[device(0, "Here")], |_, _| came_to(Outcome::NotYet));
    let mut tasks = script.begin(Task::AddDevice {});
    until(&tasks, |step| matches!(step, Step::Code { .. }));
    script.begin_in(&mut tasks, turn_on());
    assert!(matches!(until(&tasks, |step| matches!(step, Step::Failed { .. })), Step::Failed { .. }));
}

/// An answer to another step than the one that is shown: a second click, a screen that is behind.
#[test]
fn answers_that_do_not_fit_are_not_heard() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    let tasks = script.begin(turn_on());
    recovery_key(&tasks, false);
    tasks.go_on(GoOn::Yes {});
    tasks.go_on(GoOn::No {});
    recovery_key(&tasks, false);
    tasks.go_on(GoOn::Words([(); 2].map(|()| Secret::default())));
    recovery_key(&tasks, true);
    assert_eq!(script.passes(), ["check"]);
}

#[test]
fn a_device_that_cannot_be_opened_is_told() {
    let mut tasks = Tasks::new();
    tasks.begin(Task::TurnOff {}, || Err(Broken("The keychain is locked. Unlock it.".to_owned())));
    let step = until(&tasks, |step| matches!(step, Step::Failed { .. }));
    let sentence = "The keychain is locked. Unlock it.".to_owned();
    assert_eq!(step, Step::Failed { why: SyncFailure::Other, sentence });
}
