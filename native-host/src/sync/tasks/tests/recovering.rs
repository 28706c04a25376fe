//! SYNC §11: everything back from the recovery key.

use protocol::manage::sync::{Done, GoOn, NewDevice, RecoveryWords, Step, SyncFailure, Task};
use sync_engine::engine::{self, FoundVault, Outcome};
use sync_engine::ids::VaultId;

use super::scripted::{Scripted, came_to, folder, until};

const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                     abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

fn recover(words: &str) -> Task {
    let device = NewDevice { storage: folder("/new"), name: "New laptop".to_owned() };
    Task::Recover { device, words: RecoveryWords::new(words.to_owned()) }
}

fn vault(number: u8, changed: u64) -> FoundVault {
    FoundVault {
        vault: VaultId::from_slice(&[number; VaultId::SIZE]).unwrap(),
        records: 412,
        devices: vec!["MacBook".to_owned(), "Desktop".to_owned()],
        changed: Some((changed, "MacBook".to_owned())),
    }
}

fn two_vaults() -> Scripted {
    Scripted::new(&[], |_, task| match task {
        engine::Task::Look { .. } => came_to(Outcome::Looked(vec![vault(1, 5), vault(2, 9), vault(3, 7)])),
        engine::Task::Recover { vault, name, .. } => {
            assert_eq!((vault.as_bytes(), name.as_str()), (&[2; 16], "New laptop"));
            came_to(Outcome::Joined { records: 412 })
        }
        _ => came_to(Outcome::Done),
    })
}

#[test]
fn what_the_words_open_is_shown_and_joined_upon_yes() {
    let script = two_vaults();
    let tasks = script.begin(recover(WORDS));
    let found = Step::Found {
        passkeys: 412,
        devices: vec!["MacBook".to_owned(), "Desktop".to_owned()],
        changed: Some(9),
        by: "MacBook".to_owned(),
    };
    assert_eq!(until(&tasks, |step| matches!(step, Step::Found { .. })), found, "the newest one");
    assert_eq!(script.passes(), ["check", "look"]);
    assert_eq!(script.see(|world| world.storage.clone()), None);
    tasks.go_on(GoOn::Yes {});
    let done = until(&tasks, |step| matches!(step, Step::Done(_)));
    assert_eq!(done, Step::Done(Done::Joined { passkeys: 412 }));
    assert_eq!(script.passes(), ["check", "look", "recover", "sync"]);
    assert_eq!(script.see(|world| world.storage.clone()), Some(folder("/new")));
}

#[test]
fn a_no_changes_nothing() {
    let script = two_vaults();
    let tasks = script.begin(recover(WORDS));
    until(&tasks, |step| matches!(step, Step::Found { .. }));
    tasks.go_on(GoOn::No {});
    while tasks.step().is_some() {
        std::thread::yield_now();
    }
    assert_eq!(script.passes(), ["check", "look"]);
    assert_eq!(script.see(|world| world.storage.clone()), None);
}

#[test]
fn words_with_a_mistake_are_told_before_the_storage_is_tried() {
    let script = two_vaults();
    for words in ["", "abandon", &WORDS.replace("art", "arm"), &WORDS.replace("art", "keystow")] {
        let step = script.do_it(recover(words));
        assert!(matches!(step, Step::Failed { why: SyncFailure::BadWords, .. }), "{step:?}");
    }
    assert!(script.passes().is_empty());
}

#[test]
fn words_that_open_nothing_are_told() {
    for outcome in [Outcome::Looked(Vec::new()), Outcome::Refused(engine::Refusal::NothingFound)] {
        let script = Scripted::new(&[], move |_, task| match task {
            engine::Task::Look { .. } => came_to(outcome.clone()),
            _ => came_to(Outcome::Done),
        });
        let step = script.do_it(recover(WORDS));
        assert!(matches!(step, Step::Failed { why: SyncFailure::NothingFound, .. }), "{step:?}");
    }
}
