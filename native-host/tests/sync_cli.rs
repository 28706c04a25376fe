//! Two and more machines of one person, each with a home and a keychain of its own, kept in step over a folder by the command line alone.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(target_os = "linux")]

mod support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Desk, ctap};
use tempfile::TempDir;

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

/// Begins a vault on this desk; gives the 24 words.
fn turn_on(desk: &Desk, folder: &TempDir, name: &str) -> String {
    let mut session = Session::start(desk, &["sync", "on", "--folder", path(folder), "--name", name]);
    let words = write_down(&mut session);
    session.succeed();
    assert!(say(desk, &["sync", "status"]).contains(path(folder)));
    words
}

/// Reads the 24 words, and types the two that are asked for.
fn write_down(session: &mut Session) -> String {
    session.until("Word ");
    let said = session.said().split_once("order:").unwrap().1.to_owned();
    let words: Vec<String> = (1..=24)
        .map(|number| {
            let mut tokens = said.split_whitespace().skip_while(|token| *token != number.to_string());
            tokens.nth(1).unwrap().to_owned()
        })
        .collect();
    for asked in 0..2 {
        session.until_several("Word ", asked + 1);
        let number = session.question("Word ");
        session.type_line(&words[number - 1]);
    }
    words.join(" ")
}

/// Lets `new` join `old`, as its user would.
fn join(old: &Desk, new: &Desk, folder: &TempDir, name: &str) {
    let (mut adding, code) = code(old);
    let mut joining = Session::start(new, &["device", "join", "--folder", path(folder), "--name", name]);
    joining.type_line(&code.to_lowercase().replace('-', " "));
    adding.until("wants to join");
    assert!(adding.said().contains(&format!("\"{name}\" wants to join")), "{}", adding.said());
    adding.type_line("add");
    joining.succeed();
    adding.succeed();
    assert!(adding.said().contains(&format!("\"{name}\" is in")), "{}", adding.said());
}

/// `device add` under way, and the code that it shows.
fn code(desk: &Desk) -> (Session, String) {
    let adding = Session::start(desk, &["device", "add"]);
    adding.until("as one text: ");
    let said = adding.said();
    let code = said.lines().map(str::trim).find(|line| line.len() == 19 && line.matches('-').count() == 3);
    let code = code.unwrap().to_owned();
    (adding, code)
}

fn register(desk: &Desk, rp_id: &str, user: &str) {
    let mut host = desk.host();
    assert_eq!(host.ctap(&ctap::make_named(rp_id, user.as_bytes(), user))[0], 0);
    host.close();
}

/// What a command that succeeds prints.
fn say(desk: &Desk, arguments: &[&str]) -> String {
    let output = desk.keystow(arguments, "");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn sites(desk: &Desk) -> Vec<String> {
    each(desk, &["list", "--json"], "rpId")
}

fn names(desk: &Desk) -> Vec<String> {
    each(desk, &["device", "list", "--json"], "name")
}

/// One member of each in a list, sorted.
fn each(desk: &Desk, arguments: &[&str], member: &str) -> Vec<String> {
    let list: Value = serde_json::from_str(&say(desk, arguments)).unwrap();
    let mut values: Vec<_> =
        list.as_array().unwrap().iter().map(|entry| entry[member].as_str().unwrap().to_owned()).collect();
    values.sort();
    values
}

fn path(folder: &TempDir) -> &str {
    let path: &Path = folder.path();
    path.to_str().unwrap()
}

/// A command that holds a conversation.
struct Session {
    child: Child,
    input: ChildStdin,
    said: Arc<Mutex<String>>,
}

impl Session {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let mut command = desk.command(env!("CARGO_BIN_EXE_keystow"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().unwrap(), &said);
        listen(child.stderr.take().unwrap(), &said);
        Self { input: child.stdin.take().unwrap(), child, said }
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    fn until(&self, text: &str) {
        self.until_several(text, 1);
    }

    /// Until it has said `text` so often.
    fn until_several(&self, text: &str, times: usize) {
        let begun = Instant::now();
        while self.said().matches(text).count() < times {
            assert!(begun.elapsed() < PATIENCE, "it did not say {text:?}, but: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What is between the last `beginning` and the colon that ends the question.
    fn question(&self, beginning: &str) -> usize {
        let begun = Instant::now();
        loop {
            let said = self.said();
            if let Some((number, _)) = said.rsplit(beginning).next().unwrap().split_once(": ") {
                return number.parse().unwrap();
            }
            assert!(begun.elapsed() < PATIENCE, "it asks nothing: {said}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn end(&mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end, and said: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn succeed(&mut self) {
        let code = self.end();
        assert_eq!(code, Some(0), "{}", self.said());
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.kill();
    }
}

fn listen(mut output: impl Read + Send + 'static, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut bytes) {
            said.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    });
}

/// A machine under load is slow.
const PATIENCE: Duration = Duration::from_secs(90);
