//! Another recovery key.

use protocol::manage::sync::{Done, RecoveryWords, Step, SyncFailure, Task, TroubleKind};
use sync_engine::engine::{self, Outcome};
use sync_engine::storage::Trouble;

use super::scripted::{PAPER, Scripted, came_to, device, in_trouble, status, until, write_down};

fn new_key(old: Option<&str>) -> Task {
    Task::NewRecoveryKey { old: old.map(|words| RecoveryWords::new(words.to_owned())) }
}

#[test]
fn another_key_is_made_beside_or_in_the_place_of_the_old_one() {
    for old in [None, Some(PAPER)] {
        let replaces = old.is_some();
        let script = Scripted::new(&[device(0, "Laptop")], move |world, task| {
            if let engine::Task::InvitePaper { new, old } = task {
                assert_eq!(old.is_some(), replaces);
                world.status = Some(status(&[device(0, &new.words())]));
            }
            came_to(Outcome::Done)
        });
        let tasks = script.begin(new_key(old));
        let words = write_down(&tasks);
        until(&tasks, |step| *step == Step::Done(Done::RecoveryKeyMade {}));
        assert_eq!(script.passes(), ["sync", "invite paper"]);
        assert_eq!(script.see(|world| world.status.clone().unwrap().devices[0].name.clone()), words);
    }
}

#[test]
fn nobody_writes_words_down_in_vain() {
    let script = Scripted::new(&[device(0, "Laptop")], |_, _| in_trouble(Trouble::Full("507".to_owned())));
    let step = script.do_it(new_key(None));
    assert!(matches!(step, Step::Failed { why: SyncFailure::Storage(TroubleKind::Full), .. }), "{step:?}");
    let step = script.do_it(new_key(Some("abandon abandon")));
    assert!(matches!(step, Step::Failed { why: SyncFailure::BadWords, .. }), "{step:?}");
    let off = Scripted::new(&[], |_, _| came_to(Outcome::Done));
    assert!(matches!(off.do_it(new_key(None)), Step::Failed { why: SyncFailure::NotNow, .. }));
}

#[test]
fn old_words_of_another_vault_end_no_key() {
    let script = Scripted::new(&[device(0, "Laptop")], |world, _| {
        world.status.as_mut().unwrap().papers.clear();
        came_to(Outcome::Done)
    });
    let step = script.do_it(new_key(Some(PAPER)));
    assert!(matches!(step, Step::Failed { why: SyncFailure::BadWords, .. }), "{step:?}");
    assert_eq!(script.passes(), ["sync"], "no words are shown in vain");
}
