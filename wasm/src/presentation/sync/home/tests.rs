use protocol::manage::sync::{Alarm, Secret, StorageConfig, SyncState, Synced, TroubleKind};

use super::{Mark, copies, devices, line, marks_what_is_here_only, popup_line, recovery_keys, storage};
use crate::presentation::sync::tests::{device, on, trouble};

fn said(on: &Synced) -> (&'static str, Mark) {
    let line = line(on);
    (line.said.key, line.mark)
}

#[test]
fn how_things_stand_in_a_line() {
    let with = |kind| Synced { trouble: Some(trouble(kind)), ..on() };
    assert_eq!(said(&on()), ("syncLineGood", Mark::Good));
    assert_eq!(said(&Synced { busy: true, ..on() }), ("syncLineBusy", Mark::Waiting));
    assert_eq!(said(&Synced { pending: 3, ..on() }), ("syncLinePending", Mark::Waiting));
    assert_eq!(said(&Synced { last: None, ..on() }), ("syncLineNever", Mark::Waiting));
    assert_eq!(said(&with(TroubleKind::Unreachable)), ("syncLineOffline", Mark::Waiting));
    assert_eq!(said(&with(TroubleKind::Failed)), ("syncLineTrouble", Mark::Waiting));
    assert_eq!(said(&with(TroubleKind::Full)), ("syncLineTrouble", Mark::Problem));
    // What waits for a person is not hidden by a pass that is under way.
    assert_eq!(said(&Synced { busy: true, ..with(TroubleKind::Gone) }), ("syncLineTrouble", Mark::Problem));
    assert_eq!(said(&Synced { removed: true, ..on() }), ("syncLineRemoved", Mark::Problem));
}

#[test]
fn the_popup_says_more_only_where_a_person_must_act() {
    assert_eq!(popup_line(&SyncState::default()), None);
    let quiet = SyncState { on: Some(on()), step: None };
    assert_eq!(popup_line(&quiet).unwrap().said.key, "syncLineGood");
    let alarms = vec![Alarm::Twice { device: "Phone".to_owned() }, Alarm::Silent { device: "TV".to_owned() }];
    let line = popup_line(&SyncState { on: Some(Synced { alarms, ..on() }), step: None }).unwrap();
    assert_eq!((line.said.key, line.said.argument.as_deref(), line.mark), ("syncLineLook", Some("1"), Mark::Problem));
    let removed = SyncState { on: Some(Synced { removed: true, ..on() }), step: None };
    assert_eq!(popup_line(&removed).unwrap().said.key, "syncLineRemoved");
}

#[test]
fn a_device_that_was_born_twice_is_marked() {
    let all = [device("00", "Laptop", true), device("01", "Phone", false), device("02", "Laptop", false)];
    let views = devices(&all);
    assert_eq!(views.iter().map(|view| view.is_twice).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(views.iter().map(|view| view.needs_words).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn where_a_passkey_is() {
    let synced = |on: Synced| Some(SyncState { on: Some(on), step: None });
    let alone = || Synced { devices: vec![device("00", "Laptop", true)], ..on() };
    let in_folder = || Synced { at: Some(StorageConfig::Folder { path: "~/Keystow".to_owned() }), ..alone() };
    assert_eq!(copies(true, None).key, "copiesBackedUp");
    assert_eq!(copies(true, Some(&SyncState::default())).key, "copiesBackedUp");
    let two = copies(true, synced(on()).as_ref());
    assert_eq!((two.key, two.argument.as_deref()), ("copiesDevices", Some("2")));
    assert_eq!(copies(true, synced(alone()).as_ref()).key, "copiesStorage");
    for state in [None, Some(SyncState::default()), synced(on()), synced(Synced { pending: 1, ..in_folder() })] {
        assert_eq!(copies(false, state.as_ref()).key, "copiesHere");
    }
    assert_eq!(copies(false, synced(in_folder()).as_ref()).key, "copiesFolder");
}

#[test]
fn what_is_here_only_is_marked_where_it_should_be_elsewhere() {
    let marks = |on: Synced| marks_what_is_here_only(&SyncState { on: Some(on), step: None });
    let at = Some(StorageConfig::Folder { path: "~/Keystow".to_owned() });
    let devices = vec![device("00", "Laptop", true)];
    assert!(!marks_what_is_here_only(&SyncState::default()));
    assert!(
        marks(on()) && marks(Synced { at: at.clone(), ..on() }) && marks(Synced { devices: devices.clone(), ..on() })
    );
    assert!(!marks(Synced { at, devices, ..on() }));
    assert!(!marks(Synced { removed: true, ..on() }));
}

#[test]
fn the_storage_by_kind_and_place() {
    let web_dav =
        |url: &str| StorageConfig::WebDav { url: url.to_owned(), user: "ada".to_owned(), password: Secret::default() };
    let told = |at: StorageConfig| storage(Some(&at)).unwrap();
    assert_eq!(
        told(web_dav("https://cloud.example.org:8443/dav/Keystow")),
        ("atDav", "cloud.example.org:8443".to_owned())
    );
    assert_eq!(told(web_dav("https://cloud.example.org")).1, "cloud.example.org");
    assert_eq!(told(StorageConfig::Folder { path: "~/Sync".to_owned() }), ("atFolder", "~/Sync".to_owned()));
    let sftp = StorageConfig::Sftp { host: "ada@example.org:2222".to_owned(), path: "k".to_owned() };
    assert_eq!(told(sftp), ("atSftp", "ada@example.org:2222".to_owned()));
    assert_eq!(storage(None), None);
}

#[test]
fn how_many_recovery_keys() {
    assert_eq!([0, 1, 2].map(|count| recovery_keys(count).key), ["syncKeysNone", "syncKeysOne", "syncKeysMany"]);
}
