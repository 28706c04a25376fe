//! SYNC §10.

use protocol::manage::sync::{Done, RecoveryWords, Remove, Step, SyncFailure, Task};
use sync_engine::engine::{self, DeviceStatus, Outcome, Refusal};
use sync_engine::storage::Trouble;

use super::scripted::{Scripted, came_to, device, id, in_trouble, refused};

const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                     abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

fn remove(number: u8, stolen: bool, words: Option<&str>) -> Task {
    let words = words.map(|words| RecoveryWords::new(words.to_owned()));
    Task::Remove(Remove { device: id(number).to_string(), stolen, words })
}

/// This one, an older one, and one that has invited another.
fn circle() -> [DeviceStatus; 4] {
    [
        device(0, "Here"),
        DeviceStatus { removable: false, ..device(1, "Founder") },
        DeviceStatus { invited: vec![id(3)], ..device(2, "Old laptop") },
        device(3, "Its guest"),
    ]
}

fn removing(expected: Vec<u8>, with_paper: bool) -> Scripted {
    Scripted::new(&circle(), move |_, task| match task {
        engine::Task::Remove { devices, paper } => {
            assert_eq!(*devices, expected.iter().map(|number| id(*number)).collect::<Vec<_>>());
            assert_eq!(paper.is_some(), with_paper);
            came_to(Outcome::Done)
        }
        _ => panic!("no other pass"),
    })
}

#[test]
fn a_device_that_is_given_away_goes_alone() {
    let done = Done::Removed { name: "Old laptop".to_owned(), sites: Vec::new() };
    assert_eq!(removing(vec![2], false).do_it(remove(2, false, None)), Step::Done(done));
}

#[test]
fn of_a_stolen_one_the_guests_go_too_and_the_sites_are_listed() {
    let sites = vec!["example.com".to_owned(), "example.org".to_owned()];
    let done = Done::Removed { name: "Old laptop".to_owned(), sites };
    assert_eq!(removing(vec![2, 3], false).do_it(remove(2, true, None)), Step::Done(done));
}

#[test]
fn an_older_device_takes_the_recovery_key() {
    let script = removing(vec![1], true);
    let step = script.do_it(remove(1, false, None));
    assert!(matches!(step, Step::Failed { why: SyncFailure::TooOld, .. }), "{step:?}");
    let step = script.do_it(remove(1, false, Some("abandon")));
    assert!(matches!(step, Step::Failed { why: SyncFailure::BadWords, .. }), "{step:?}");
    assert!(script.passes().is_empty());
    assert!(matches!(script.do_it(remove(1, false, Some(WORDS))), Step::Done(Done::Removed { .. })));
}

#[test]
fn the_wrong_recovery_key_removes_nobody() {
    let script = Scripted::new(&circle(), |_, _| refused(Refusal::TooOld));
    let step = script.do_it(remove(1, false, Some(WORDS)));
    assert!(matches!(step, Step::Failed { why: SyncFailure::BadWords, .. }), "{step:?}");
}

#[test]
fn removed_is_not_said_before_the_storage_has_it() {
    let script = Scripted::new(&circle(), |_, _| in_trouble(Trouble::Unreachable("offline".to_owned())));
    let later = Step::Done(Done::RemovedLater { name: "Old laptop".to_owned() });
    assert_eq!(script.do_it(remove(2, true, None)), later);
}

#[test]
fn this_device_and_one_that_is_not_there_are_not_removed() {
    let script = Scripted::new(&circle(), |_, _| panic!("no pass"));
    let here = script.do_it(remove(0, false, None));
    assert!(matches!(here, Step::Failed { why: SyncFailure::NotNow, .. }), "{here:?}");
    let unknown = script.do_it(remove(8, false, None));
    assert!(matches!(unknown, Step::Failed { why: SyncFailure::Other, .. }), "{unknown:?}");
}
