use protocol::manage::sync::{Device, SyncTrouble, TroubleKind};

use super::*;

fn synced() -> Synced {
    let device = |name: &str, here| Device {
        id: "00".repeat(16),
        name: name.to_owned(),
        here,
        seen: None,
        removable: true,
        invited: Vec::new(),
    };
    Synced {
        storage: "WebDAV, cloud.example.org".to_owned(),
        at: None,
        untold: Vec::new(),
        last: Some(1_790_000_000_000),
        trouble: None,
        busy: false,
        pending: 1,
        devices: vec![device("Laptop", true), device("Desktop", false)],
        recovery_keys: 1,
        alarms: Vec::new(),
        removed: false,
    }
}

#[test]
fn what_is_in_order_is_five_lines() {
    let expected = "\
storage       WebDAV, cloud.example.org
last synced   2026-09-21 14:13 UTC
to be sent    1 passkey
devices       2
recovery keys 1
";
    assert_eq!(described(&synced()), expected);
}

#[test]
fn trouble_and_alarms_say_what_to_do() {
    let trouble = SyncTrouble { kind: TroubleKind::Full, sentence: "It is full. Make room.".to_owned() };
    let name = || "Lap\u{1b}top".to_owned();
    let alarms = vec![
        Alarm::Twice { device: name() },
        Alarm::Removed { device: name(), by: String::new() },
        Alarm::Strange { count: 2 },
    ];
    let untold = vec!["Desktop".to_owned()];
    let text = described(&Synced { trouble: Some(trouble), alarms, untold, removed: true, last: None, ..synced() });
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "This device was removed by another. Its passkeys still work here.");
    assert_eq!(lines[3], "last synced   never");
    assert_eq!(lines[7], "untold        Desktop");
    assert_eq!(lines[9], "It is full. Make room.");
    assert!(lines[10].starts_with("\"Lap\u{fffd}top\" is listed twice"), "{}", lines[10]);
    assert_eq!(lines[11], "\"Lap\u{fffd}top\" was removed.");
    assert_eq!(lines[12], "2 objects on the storage that no device of yours wrote: left alone.");
}
