//! Bad days of machines that synchronize (SYNC §14, §15), where vault, keychain, clock and folder are real: each has a clear word for the
//! person where they must act, and nothing is lost. What needs no I/O is in the engine's own scenarios.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

#[path = "support/fault.rs"]
mod fault;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::Desk;
use support::sync::{join, path, register, say, sites, turn_on};
use tempfile::TempDir;

/// A laptop with a passkey for example.com, which has founded a vault over the folder.
fn laptop(folder: &TempDir) -> Desk {
    let laptop = Desk::new();
    register(&laptop, "example.com", "alice");
    turn_on(&laptop, folder, "Laptop");
    laptop
}

/// And a desktop, which has joined it.
fn two_desks(folder: &TempDir) -> [Desk; 2] {
    let laptop = laptop(folder);
    let desktop = Desk::new();
    join(&laptop, &desktop, folder, "Desktop");
    sync(&[&laptop, &desktop]);
    [laptop, desktop]
}

/// A pass on each, one after the other, twice: each has read what the others had to say.
fn sync(desks: &[&Desk]) {
    for desk in desks.iter().chain(desks) {
        say(desk, &["sync", "now"]);
    }
}

fn status(desk: &Desk) -> String {
    say(desk, &["sync", "status"])
}

/// Why `sync now` did not come to its end.
fn refused(desk: &Desk) -> String {
    let output = desk.keystow(&["sync", "now"], "");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn copy(from: &Path, to: &Path) {
    let mut copy = Command::new("cp");
    assert!(copy.args(["-a", "-T"]).arg(from).arg(to).status().unwrap().success());
}

#[test]
fn two_browsers_hosts_at_once_are_one_device() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    std::thread::scope(|scope| {
        for browser in ["chromium", "firefox"] {
            let laptop = &laptop;
            scope.spawn(move || (0..3).for_each(|n| register(laptop, &format!("{browser}{n}.example"), "alice")));
        }
    });
    sync(&[&laptop, &desktop]);
    let made = ["chromium0", "chromium1", "chromium2", "example", "firefox0", "firefox1", "firefox2"];
    let made = made.map(|name| if name == "example" { "example.com".to_owned() } else { format!("{name}.example") });
    for desk in [&laptop, &desktop] {
        assert_eq!(sites(desk), made);
        assert!(status(desk).contains("devices       2") && !status(desk).contains("twice"), "{}", status(desk));
    }
}

const TWICE: &str = "\"Laptop\" is listed twice: it was restored from a backup, or copied.";

#[test]
fn a_machine_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    let copied = Desk::copy_of(&laptop);
    register(&laptop, "laptop.example", "alice");
    register(&copied, "copy.example", "alice");
    // Who notices first, and how many passes it takes until both have names of their own, is as it comes.
    let desks = [&laptop, &copied, &desktop];
    let has_all = |desk: &Desk| sites(desk) == ["copy.example", "example.com", "laptop.example"];
    for _ in 0..5 {
        sync(&desks);
        if desks.iter().all(|desk| has_all(desk) && status(desk).contains(TWICE)) {
            return;
        }
    }
    panic!("{:?}", desks.map(|desk| (sites(desk), status(desk))));
}

#[test]
fn a_disk_is_restored_from_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    let backup = tempfile::tempdir().unwrap();
    let vault = laptop.vault();
    let vault = vault.parent().unwrap();
    copy(vault, &backup.path().join("keystow"));
    register(&laptop, "later.example", "alice");
    say(&laptop, &["rename", "example.com", "Typed later"]);
    say(&laptop, &["sync", "now"]);
    fs::remove_dir_all(vault).unwrap();
    copy(&backup.path().join("keystow"), vault);
    assert_eq!(sites(&laptop), ["example.com"]);

    register(&laptop, "after.example", "alice");
    sync(&[&laptop, &desktop]);
    for desk in [&laptop, &desktop] {
        assert_eq!(sites(desk), ["after.example", "example.com", "later.example"]);
        assert!(say(desk, &["list"]).contains("Typed later"));
        assert!(status(desk).contains(TWICE), "{}", status(desk));
    }
}

/// A machine's commands by a clock that is so many days off.
fn by_a_clock(desk: &Desk, days: i64, arguments: &[&str]) -> String {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keystow"));
    command.args(arguments).env("LD_PRELOAD", fault::library()).env("FAULT_CLOCK", (days * 86_400).to_string());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_clock_is_a_year_off() {
    for days in [365, -365] {
        let folder = tempfile::tempdir().unwrap();
        let [laptop, desktop] = two_desks(&folder);
        register(&laptop, "example.org", "bob");
        sync(&[&laptop, &desktop]);
        by_a_clock(&laptop, days, &["rename", "alice", "By the wrong clock"]);
        by_a_clock(&laptop, days, &["remove", "bob", "--yes"]);
        by_a_clock(&laptop, days, &["sync", "now"]);
        say(&desktop, &["sync", "now"]);
        assert!(say(&desktop, &["list"]).contains("By the wrong clock"));
        assert_eq!(sites(&desktop), ["example.com"]);
        // Who edits later has the last word, whatever the clocks say, and nothing deleted is purged by a clock that is wrong alone.
        say(&desktop, &["rename", "alice", "By the right one"]);
        say(&desktop, &["sync", "now"]);
        by_a_clock(&laptop, days, &["sync", "now"]);
        assert!(by_a_clock(&laptop, days, &["list"]).contains("By the right one"));
        sync(&[&laptop, &desktop]);
        for desk in [&laptop, &desktop] {
            assert!(say(desk, &["list"]).contains("By the right one"));
            assert!(!status(desk).contains("twice"), "{}", status(desk));
        }
        say(&desktop, &["restore", "bob"]);
        sync(&[&desktop, &laptop]);
        assert_eq!(sites(&laptop), ["example.com", "example.org"], "{days}");
    }
}

/// As a person removes a password by hand.
fn clear(desk: &Desk, user: &str) {
    let mut clear = desk.command("secret-tool");
    let cleared = clear.args(["clear", "service", "org.keystow", "username", user]).status();
    assert!(cleared.expect("secret-tool is installed").success());
}

#[test]
fn the_keychain_lost_the_storages_password() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    clear(&laptop, "sync-storage");
    register(&laptop, "meanwhile.example", "alice");
    let lost = "no longer holds the storage that this device synchronizes over";
    assert!(status(&laptop).contains(lost) && refused(&laptop).contains(lost), "{}", status(&laptop));
    assert!(status(&laptop).contains("keystow sync storage"));
    say(&laptop, &["sync", "storage", "--folder", path(&folder)]);
    sync(&[&laptop, &desktop]);
    assert!(!status(&laptop).contains(lost));
    assert_eq!(sites(&desktop), ["example.com", "meanwhile.example"]);
}

#[test]
fn the_keychain_lost_all_that_is_syncs() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    clear(&desktop, "sync-storage");
    clear(&desktop, "sync-device");
    register(&desktop, "meanwhile.example", "alice");
    let lost = "no longer holds this device's key for sync. Its passkeys are all here.";
    assert!(status(&desktop).contains(lost) && refused(&desktop).contains(lost), "{}", status(&desktop));
    say(&desktop, &["sync", "off"]);
    join(&laptop, &desktop, &folder, "Desktop again");
    sync(&[&laptop, &desktop]);
    for desk in [&laptop, &desktop] {
        assert_eq!(sites(desk), ["example.com", "meanwhile.example"]);
    }
}

#[test]
fn the_storage_is_wiped_and_is_restored_from_an_old_backup() {
    let folder = tempfile::tempdir().unwrap();
    let [laptop, desktop] = two_desks(&folder);
    let backup = tempfile::tempdir().unwrap();
    let v1 = folder.path().join("v1");
    copy(&v1, &backup.path().join("v1"));
    register(&laptop, "later.example", "alice");
    sync(&[&laptop, &desktop]);

    for backup in [None, Some(backup.path().join("v1"))] {
        fs::remove_dir_all(&v1).unwrap();
        if let Some(backup) = backup {
            copy(&backup, &v1);
        }
        sync(&[&desktop, &laptop]);
        for desk in [&laptop, &desktop] {
            assert_eq!(sites(desk), ["example.com", "later.example"]);
            assert!(status(desk).contains("to be sent    0 passkeys"), "{}", status(desk));
            assert!(!status(desk).contains("twice") && !status(desk).contains("older state"), "{}", status(desk));
        }
        // It is all there again: whoever comes gets everything.
        let tablet = Desk::new();
        join(&laptop, &tablet, &folder, "Tablet");
        assert_eq!(sites(&tablet), ["example.com", "later.example"]);
        say(&laptop, &["device", "remove", "Tablet", "--yes"]);
        sync(&[&laptop, &desktop]);
    }
}

#[test]
fn the_storage_is_full_and_is_read_only() {
    servers::full_disk(|disk, read_only| {
        let folder = tempfile::tempdir_in(disk).unwrap();
        let [laptop, desktop] = two_desks(&folder);
        register(&desktop, "before.example", "alice");
        say(&desktop, &["sync", "now"]);
        let filler = disk.join("filler");
        fill(&filler);
        register(&laptop, "meanwhile.example", "alice");
        let full = refused(&laptop);
        assert!(full.contains("full"), "{full}");
        assert_eq!(sites(&laptop), ["before.example", "example.com", "meanwhile.example"], "it is read all the same");
        assert!(status(&laptop).contains("to be sent    1 passkey"), "{}", status(&laptop));
        fs::remove_file(&filler).unwrap();
        sync(&[&laptop, &desktop]);
        assert_eq!(sites(&desktop), sites(&laptop));

        read_only();
        register(&laptop, "last.example", "alice");
        let refused = refused(&laptop);
        assert!(refused.contains("can be read and not written"), "{refused}");
        assert!(status(&laptop).contains("to be sent    1 passkey"), "{}", status(&laptop));
        say(&desktop, &["sync", "now"]);
    });
}

/// Until nothing more fits.
fn fill(file: &Path) {
    let mut filler = fs::File::create(file).unwrap();
    for size in [65_536, 4096] {
        while std::io::Write::write_all(&mut filler, &vec![0; size]).is_ok() {}
    }
}

#[test]
fn the_storage_is_gone_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = laptop(&folder);
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away).unwrap();
    register(&laptop, "meanwhile.example", "alice");
    let gone = refused(&laptop);
    assert!(gone.contains(path(&folder)), "{gone}");
    assert!(!folder.path().exists(), "it is not made anew");
    assert_eq!(sites(&laptop), ["example.com", "meanwhile.example"]);
    fs::rename(&away, folder.path()).unwrap();
    say(&laptop, &["sync", "now"]);
    assert!(status(&laptop).contains("to be sent    0 passkeys"), "{}", status(&laptop));
    // Who has no use for it any more can turn sync off without it.
    fs::rename(folder.path(), &away).unwrap();
    say(&laptop, &["sync", "off"]);
    assert!(status(&laptop).contains("Sync is off."));
    fs::rename(&away, folder.path()).unwrap();
}
