use protocol::manage::sync::{
    Alarm, Device, Done, RecoveryWords, Secret, Step, SyncState, SyncTrouble, Synced, TroubleKind,
};

use super::{Ago, Panel, again, ago, is_moved, panel};

/// A vault in which all is well.
pub fn on() -> Synced {
    Synced {
        storage: "WebDAV, cloud.example.org".to_owned(),
        at: None,
        untold: Vec::new(),
        last: Some(1),
        trouble: None,
        busy: false,
        pending: 0,
        devices: vec![device("00", "Laptop", true), device("01", "Desktop", false)],
        recovery_keys: 1,
        alarms: Vec::new(),
        removed: false,
    }
}

pub fn device(id: &str, name: &str, here: bool) -> Device {
    Device { id: id.to_owned(), name: name.to_owned(), here, seen: None, removable: !here, invited: Vec::new() }
}

pub fn trouble(kind: TroubleKind) -> SyncTrouble {
    SyncTrouble { kind, sentence: "What the host says.".to_owned() }
}

/// Of each kind one; a kind that is new does not compile here until it is told.
pub fn steps() -> Vec<Step> {
    let words = RecoveryWords::new("abandon ability".to_owned());
    let text = |text: &str| Secret::new(text.to_owned());
    vec![
        Step::Working {},
        Step::RecoveryKey { words, asked: [7, 19], wrong: false },
        Step::Code { code: text("7QK4"), invitation: text("keystow-join:"), until: 1 },
        Step::Asked { name: "Office laptop".to_owned() },
        Step::Waiting {},
        Step::Found { passkeys: 412, devices: Vec::new(), changed: None, by: String::new() },
        Step::Done(Done::TurnedOn {}),
        Step::Failed { why: protocol::manage::sync::SyncFailure::Other, sentence: String::new() },
    ]
}

pub fn all_alarms() -> Vec<Alarm> {
    let device = || "Phone".to_owned();
    vec![
        Alarm::RolledBack { device: device() },
        Alarm::Withheld { device: device() },
        Alarm::Twice { device: device() },
        Alarm::Removed { device: device(), by: "Laptop".to_owned() },
        Alarm::Silent { device: device() },
        Alarm::Newer { device: device() },
        Alarm::Strange { count: 7 },
    ]
}

#[test]
fn what_was_begun_comes_before_how_things_stand() {
    assert_eq!(panel(&SyncState::default()), Panel::Off);
    assert_eq!(panel(&SyncState { on: Some(on()), step: None }), Panel::Home);
    assert_eq!(panel(&SyncState { on: Some(on()), step: Some(Step::Working {}) }), Panel::Step);
    assert_eq!(panel(&SyncState { on: None, step: Some(Step::Waiting {}) }), Panel::Step);
}

#[test]
fn looks_again_while_something_goes_on_by_itself_and_keeps_what_waits_for_the_user() {
    let looks = |hidden| -> Vec<Option<i32>> {
        let state = |step| SyncState { on: Some(Synced { busy: true, ..on() }), step: Some(step) };
        steps().into_iter().map(|step| again(&state(step), hidden)).collect()
    };
    let (soon, kept) = (Some(1000), Some(20_000));
    assert_eq!(looks(false), [soon, kept, soon, soon, soon, kept, None, None]);
    assert_eq!(looks(true), [kept, kept, kept, kept, kept, kept, None, None]);
    let busy = SyncState { on: Some(Synced { busy: true, ..on() }), step: None };
    assert_eq!((again(&busy, false), again(&busy, true)), (soon, None));
    assert_eq!(again(&SyncState { on: Some(on()), step: None }, false), None);
    assert_eq!(again(&SyncState::default(), false), None);
}

#[test]
fn how_long_ago() {
    const MINUTE: u64 = 60_000;
    let now = 1_800_000_000_000;
    let expected = [
        (0, Ago::Now),
        (MINUTE - 1, Ago::Now),
        (MINUTE, Ago::Units(1, "minute")),
        (60 * MINUTE, Ago::Units(1, "hour")),
        (47 * 60 * MINUTE, Ago::Units(1, "day")),
        (6 * 1440 * MINUTE, Ago::Units(6, "day")),
        (7 * 1440 * MINUTE, Ago::Day),
    ];
    for (before, ago_) in expected {
        assert_eq!(ago(now, now - before), ago_, "{before}");
    }
    // Another device's clock is ahead.
    assert_eq!(ago(now, now + 5 * MINUTE), Ago::Now);
}

#[test]
fn passkeys_are_read_again_after_what_may_have_moved_them() {
    let synced = |on: Synced| SyncState { on: Some(on), step: None };
    let before = synced(on());
    assert!(!is_moved(&before, &synced(Synced { busy: true, ..on() })));
    assert!(is_moved(&before, &synced(Synced { last: None, ..on() })));
    assert!(is_moved(&before, &synced(Synced { pending: 4, ..on() })));
    assert!(is_moved(&SyncState::default(), &before));
    let joined = SyncState { step: Some(Step::Done(Done::Joined { passkeys: 4 })), ..before.clone() };
    assert!(is_moved(&before, &joined));
}
