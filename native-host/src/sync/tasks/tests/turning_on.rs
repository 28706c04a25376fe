//! Turning sync on, starting over, turning it off.

use protocol::manage::sync::{Done, GoOn, NewDevice, Secret, Step, SyncFailure, Task, TroubleKind};
use sync_engine::engine::{self, Outcome};
use sync_engine::keys::PaperKey;
use sync_engine::storage::Trouble;

use super::scripted::{Scripted, came_to, device, folder, in_trouble, recovery_key, status, until, word, write_down};

fn new_device(name: &str) -> NewDevice {
    NewDevice { storage: folder("/new"), name: name.to_owned() }
}

#[test]
fn sync_is_on_once_the_recovery_key_is_written_down() {
    let script = Scripted::new(&[], |world, task| {
        if let engine::Task::Found { name, .. } = task {
            world.status = Some(status(&[device(0, name)]));
        }
        came_to(Outcome::Done)
    });
    let tasks = script.begin(Task::TurnOn(new_device("Laptop")));
    recovery_key(&tasks, false);
    assert_eq!(script.passes(), ["check"], "nothing is founded before");
    assert_eq!(script.see(|world| world.storage.clone()), None, "nor kept");
    write_down(&tasks);
    assert_eq!(until(&tasks, |step| matches!(step, Step::Done(_))), Step::Done(Done::TurnedOn {}));
    assert_eq!(script.passes(), ["check", "found"]);
    assert_eq!(script.see(|world| world.storage.clone()), Some(folder("/new")));
    assert_eq!(script.see(|world| world.status.clone().unwrap().devices[0].name.clone()), "Laptop");
}

#[test]
fn the_founding_key_is_the_one_that_was_shown() {
    let script = Scripted::new(&[], |world, task| {
        if let engine::Task::Found { name, paper } = task {
            assert_eq!(name, "this-machine");
            world.status = Some(status(&[device(0, &paper.words())]));
        }
        came_to(Outcome::Done)
    });
    let tasks = script.begin(Task::TurnOn(new_device("  ")));
    let words = write_down(&tasks);
    until(&tasks, |step| matches!(step, Step::Done(_)));
    assert_eq!(script.see(|world| world.status.clone().unwrap().devices[0].name.clone()), words);
    assert!(PaperKey::from_words(&words).is_ok());
}

#[test]
fn wrong_words_are_asked_for_again_and_found_nothing() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    let tasks = script.begin(Task::TurnOn(new_device("")));
    let (words, asked) = recovery_key(&tasks, false);
    assert!(asked[0] < asked[1] && asked[1] <= 24 && asked[0] >= 1, "{asked:?}");
    let swapped = [asked[1], asked[0]].map(|number| word(&words, number));
    // The two words of a key may be the same one.
    let wrong = if swapped[0] == swapped[1] { [(); 2].map(|()| Secret::default()) } else { swapped };
    tasks.go_on(GoOn::Words(wrong));
    let (again, asked) = recovery_key(&tasks, true);
    assert_eq!(again, words, "the same key is shown");
    assert_eq!(script.passes(), ["check"]);
    tasks.go_on(GoOn::Words(
        asked.map(|number| Secret::new(format!(" {} ", word(&words, number).expose_secret().to_uppercase()))),
    ));
    until(&tasks, |step| matches!(step, Step::Done(_)));
}

#[test]
fn a_storage_that_fails_is_told_before_anything_is_shown() {
    let script = Scripted::new(&[], |_, _| in_trouble(Trouble::NotAllowed("401".to_owned())));
    let Step::Failed { why, sentence } = script.do_it(Task::TurnOn(new_device(""))) else { panic!() };
    assert_eq!(why, SyncFailure::Storage(TroubleKind::NotAllowed));
    assert!(sentence.contains("401"), "{sentence}");
    assert_eq!(script.passes(), ["check"]);
}

#[test]
fn a_storage_that_makes_no_sense_is_not_even_tried() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    let device = NewDevice { storage: folder("relative"), name: String::new() };
    assert!(matches!(script.do_it(Task::TurnOn(device)), Step::Failed { why: SyncFailure::BadStorage, .. }));
    assert!(script.passes().is_empty());
}

#[test]
fn another_vault_on_the_storage_is_left_alone() {
    let script = Scripted::new(&[], |_, _| came_to(Outcome::Checked { heads: 1 }));
    let step = script.do_it(Task::TurnOn(new_device("")));
    assert!(matches!(step, Step::Failed { why: SyncFailure::Occupied, .. }), "{step:?}");
}

#[test]
fn sync_that_is_on_is_not_turned_on_again() {
    let script = Scripted::new(&[device(0, "Laptop")], |_, _| came_to(Outcome::Done));
    let step = script.do_it(Task::TurnOn(new_device("")));
    assert!(matches!(step, Step::Failed { why: SyncFailure::NotNow, .. }), "{step:?}");
    assert!(script.passes().is_empty());
}

#[test]
fn a_founding_that_is_refused_keeps_no_storage() {
    let script = Scripted::new(&[], |_, task| match task {
        engine::Task::Found { .. } => came_to(Outcome::Refused(engine::Refusal::On)),
        _ => came_to(Outcome::Done),
    });
    let tasks = script.begin(Task::TurnOn(new_device("")));
    write_down(&tasks);
    until(&tasks, |step| matches!(step, Step::Failed { .. }));
    assert_eq!(script.see(|world| world.storage.clone()), None);
}

/// The storage failed between the trial and the founding: sync is on, and goes on by itself.
#[test]
fn a_founding_that_waits_for_the_storage_is_on() {
    let script = Scripted::new(&[], |_, task| match task {
        engine::Task::Found { .. } => in_trouble(Trouble::Unreachable("offline".to_owned())),
        _ => came_to(Outcome::Done),
    });
    let tasks = script.begin(Task::TurnOn(new_device("")));
    write_down(&tasks);
    until(&tasks, |step| *step == Step::Done(Done::TurnedOn {}));
    assert_eq!(script.see(|world| world.storage.clone()), Some(folder("/new")));
}

#[test]
fn starting_over_does_not_mind_who_is_there() {
    for (on, pass) in [(true, "start over"), (false, "found")] {
        let devices = if on { vec![device(0, "Laptop"), device(1, "Thief")] } else { Vec::new() };
        let script = Scripted::new(&devices, |_, _| came_to(Outcome::Checked { heads: 2 }));
        let tasks = script.begin(Task::StartOver(new_device("")));
        write_down(&tasks);
        until(&tasks, |step| *step == Step::Done(Done::StartedOver {}));
        assert_eq!(script.passes(), ["check", pass]);
        assert_eq!(script.see(|world| world.storage.clone()), Some(folder("/new")));
    }
}

#[test]
fn turning_off_forgets_the_storage_too() {
    let script = Scripted::new(&[device(0, "Laptop")], |world, _| {
        world.status = None;
        came_to(Outcome::Done)
    });
    assert_eq!(script.do_it(Task::TurnOff {}), Step::Done(Done::TurnedOff {}));
    assert_eq!(script.passes(), ["forget"]);
    assert_eq!(script.see(|world| world.storage.clone()), None);
    let step = script.do_it(Task::TurnOff {});
    assert!(matches!(step, Step::Failed { why: SyncFailure::NotNow, .. }), "it is off: {step:?}");
}
