//! Two and more machines of one person, each with a home and a keychain of its own, kept in step over a folder by the command line alone.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(target_os = "linux")]

mod support;

use std::time::Instant;

use support::Desk;
use support::sync::{PATIENCE, Session, code, join, names, path, register, say, sites, turn_on, write_down};

#[test]
fn devices_join_by_the_code_and_go_and_everything_comes_back_from_paper() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Desk::new();
    register(&laptop, "example.com", "alice");
    let words = turn_on(&laptop, &folder, "Laptop");

    // SYNC §9
    let desktop = Desk::new();
    register(&desktop, "example.org", "bob");
    join(&laptop, &desktop, &folder, "Desktop");
    for desk in [&laptop, &desktop] {
        assert_eq!(names(desk), ["Desktop", "Laptop"]);
        say(desk, &["sync", "now"]);
        assert_eq!(sites(desk), ["example.com", "example.org"]);
    }

    assert!(String::from_utf8(laptop.keystow(&["doctor"], "").stdout).unwrap().contains("2 devices, in step today"));

    // What is typed here is seen there.
    say(&desktop, &["rename", "alice", "Work"]);
    say(&desktop, &["sync", "now"]);
    say(&laptop, &["sync", "now"]);
    assert!(say(&laptop, &["list"]).contains("Work (alice)"));

    // SYNC §10: who came later may not, without the recovery key.
    let refused = desktop.keystow(&["device", "remove", "Laptop", "--yes"], "");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert_eq!(names(&laptop), ["Desktop", "Laptop"]);
    let removed = say(&laptop, &["device", "remove", "desk", "--yes", "--stolen"]);
    assert!(removed.contains("\"Desktop\" is removed"), "{removed}");
    assert!(removed.contains("[ ] example.com") && removed.contains("[ ] example.org"), "{removed}");
    assert_eq!(names(&laptop), ["Laptop"]);
    let _ = desktop.keystow(&["sync", "now"], "");
    assert!(say(&desktop, &["sync", "status"]).contains("This device was removed by another."));
    assert_eq!(sites(&desktop), ["example.com", "example.org"], "what it has it keeps");

    // SYNC §11: the laptop is lost, too.
    drop(laptop);
    let phoenix = Desk::new();
    let use_it = ["recovery", "use", "--folder", path(&folder), "--name", "Phoenix"];
    let mut recovery = Session::start(&phoenix, &use_it);
    recovery.type_line(&words);
    recovery.until("Is that your vault");
    assert!(recovery.said().contains("2 passkeys, 1 device (\"Laptop\")"), "{}", recovery.said());
    recovery.type_line("yes");
    recovery.succeed();
    assert_eq!(sites(&phoenix), ["example.com", "example.org"]);
    assert!(say(&phoenix, &["list"]).contains("Work (alice)"));
    // It stands before all others.
    say(&phoenix, &["device", "remove", "laptop", "--yes"]);
    assert_eq!(names(&phoenix), ["Phoenix"]);
}

#[test]
fn a_second_vault_is_not_begun_by_mistake_and_wrong_answers_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Desk::new();
    turn_on(&laptop, &folder, "Laptop");
    let other = Desk::new();
    let at = ["--folder", path(&folder)];
    let occupied = other.keystow(&[&["sync", "on"], &at[..]].concat(), "");
    assert_eq!(occupied.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&occupied.stderr).contains("synchronize on this storage already"));
    let paper = "abandon ".repeat(23) + "art\n";
    let nothing = other.keystow(&[&["recovery", "use"], &at[..]].concat(), &paper);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("opens with this recovery key"), "{nothing:?}");
    assert!(say(&other, &["sync", "status"]).contains("Sync is off."));

    // Whoever is at the other side is seen before it is in.
    let (mut adding, code) = code(&laptop);
    let mut joining = Session::start(&other, &[&["device", "join", "--name", "Stranger"], &at[..]].concat());
    joining.type_line(&code);
    adding.until("\"Stranger\" wants to join");
    adding.type_line("no");
    assert_eq!(adding.end(), Some(1));
    assert_eq!(joining.end(), Some(1), "{}", joining.said());
    assert_eq!(names(&laptop), ["Laptop"]);
    assert!(say(&other, &["sync", "status"]).contains("Sync is off."));

    assert!(say(&laptop, &["sync", "off"]).contains("Its passkeys are kept"));
    assert!(say(&laptop, &["sync", "status"]).contains("Sync is off."));
}

#[test]
fn the_pin_is_asked_for_before_anything_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Desk::new();
    assert!(laptop.keystow(&["pin", "set"], "1234\n").status.success());
    let wrong = laptop.keystow(&["sync", "on", "--folder", path(&folder)], "4321\n");
    assert_eq!(wrong.status.code(), Some(6), "{wrong:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was even tried");
    let mut session = Session::start(&laptop, &["sync", "on", "--folder", path(&folder)]);
    session.type_line("1234");
    write_down(&mut session);
    session.succeed();
    // Who joins hands over the passkeys that are here.
    let code = "7QK4-M2XB-P9DT-3HWE";
    let join = ["device", "join", "--folder", path(&folder)];
    let wrong = laptop.keystow(&join, &format!("{code}\n4321\n"));
    assert_eq!(wrong.status.code(), Some(6), "{wrong:?}");
    let words = "abandon ".repeat(23) + "art";
    let wrong = laptop.keystow(&["recovery", "use", "--folder", path(&folder)], &format!("{words}\n4321\n"));
    assert_eq!(wrong.status.code(), Some(6), "{wrong:?}");
}

#[test]
fn a_watcher_carries_changes_in_both_directions_while_no_browser_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let (laptop, desktop) = (Desk::new(), Desk::new());
    register(&laptop, "example.com", "alice");
    turn_on(&laptop, &folder, "Laptop");
    join(&laptop, &desktop, &folder, "Desktop");
    let mut watcher = Session::start(&laptop, &["sync", "watch"]);
    watcher.until("Watching");
    say(&laptop, &["rename", "alice", "From the laptop"]);
    let arrives = |desk: &Desk, text: &str| {
        let begun = Instant::now();
        while !say(desk, &["list"]).contains(text) {
            assert!(begun.elapsed() < PATIENCE, "{text} has not arrived");
            say(desk, &["sync", "now"]);
        }
    };
    arrives(&desktop, "From the laptop");
    watcher.kill();
}

#[test]
fn another_storage_is_tried_before_it_is_used() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let laptop = Desk::new();
    register(&laptop, "example.com", "alice");
    turn_on(&laptop, &folder, "Laptop");
    let gone = laptop.keystow(&["sync", "storage", "--folder", "/nowhere/at/all"], "");
    assert_eq!(gone.status.code(), Some(7), "{gone:?}");
    assert!(say(&laptop, &["sync", "status"]).contains(path(&folder)));
    say(&laptop, &["sync", "storage", "--folder", path(&other)]);
    assert!(say(&laptop, &["sync", "status"]).contains(path(&other)));
    let desktop = Desk::new();
    join(&laptop, &desktop, &other, "Desktop");
    assert_eq!(sites(&desktop), ["example.com"]);
}
