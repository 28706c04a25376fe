//! What is seen at a terminal where a command takes over a second: a sentence with something that turns, gone when it is done.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::{ChildStdout, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use support::{Desk, ctap};

#[test]
fn doctor_shows_that_it_waits_for_a_browsers_host() {
    let desk = Desk::new();
    let arguments = ["doctor", "--root", &with_slow_host(&desk)];
    let (standing, output) = seen(&desk, &arguments, |_| {});
    turns(&standing, "Looking at everything");
    assert!(output.contains("Firefox") && !output.contains("Looking"), "{output}");
    let without_terminal = desk.keystow(&arguments, "");
    assert_eq!(String::from_utf8(without_terminal.stderr).unwrap(), "");
}

#[test]
fn commands_show_that_they_wait_for_the_keychain() {
    let desk = Desk::new();
    assert_eq!(desk.host().ctap(&ctap::make_named("example.com", b"alice", "alice"))[0], 0);
    for arguments in [&["list"][..], &["sync", "status"], &["pin", "status"]] {
        desk.hold_keychain(true);
        let (standing, output) = seen(&desk, arguments, |standing| {
            until(standing, "Opening the vault", 2);
            desk.hold_keychain(false);
        });
        turns(&standing, "Opening the vault");
        assert!(!output.is_empty() && !output.contains("Opening"), "{arguments:?}: {output}");
    }
}

#[test]
fn what_is_done_within_a_second_shows_nothing_of_the_kind() {
    let desk = Desk::without_keychain();
    assert_eq!(seen(&desk, &["list"], |_| {}).0, "");
}

/// What stood at the terminal, at which standard error is, and standard output, once `meanwhile` is done and the command has ended.
fn seen(desk: &Desk, arguments: &[&str], meanwhile: impl FnOnce(&Standing)) -> (String, String) {
    let output = desk.home().join("output");
    let line = format!("{} {} >{}", env!("CARGO_BIN_EXE_keystow"), arguments.join(" "), output.display());
    // It runs the line at a terminal of its own, and prints what stands there.
    let mut terminal = desk.command("script");
    terminal.args(["--quiet", "--flush", "--command", &line, "/dev/null"]).env("TERM", "xterm-256color");
    let mut terminal = terminal.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("script is installed");
    let standing = Standing::default();
    let reader = listen(terminal.stdout.take().unwrap(), &standing);
    meanwhile(&standing);
    terminal.wait().unwrap();
    reader.join().unwrap();
    let standing = standing.lock().unwrap().clone();
    (standing, fs::read_to_string(output).unwrap())
}

fn listen(mut terminal: ChildStdout, standing: &Standing) -> thread::JoinHandle<()> {
    let standing = Arc::clone(standing);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = terminal.read(&mut bytes) {
            standing.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    })
}

fn until(standing: &Standing, text: &str, times: usize) {
    let begun = Instant::now();
    while standing.lock().unwrap().matches(text).count() < times {
        let stands: String = standing.lock().unwrap().chars().take(300).collect();
        assert!(begun.elapsed() < PATIENCE, "{text:?} does not stand there, but: {stands:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The sentence stood there with more than one picture before it, and is taken away at the end.
fn turns(standing: &str, sentence: &str) {
    let mut pictures: Vec<_> = standing.split(sentence).filter_map(|before| before.trim_end().chars().last()).collect();
    pictures.pop();
    pictures.dedup();
    assert!(pictures.len() > 1, "it does not turn: {standing:?}");
    let last = standing.rsplit(sentence).next().unwrap();
    assert!(last.contains("\r\u{1b}[2K"), "it is left there: {standing:?}");
}

/// Firefox, and in the place of its host a program that says nothing for a while. Gives the folder of that machine.
fn with_slow_host(desk: &Desk) -> String {
    let root = desk.home().join("root");
    fs::create_dir_all(root.join("usr/bin")).unwrap();
    fs::write(root.join("usr/bin/firefox"), "").unwrap();
    assert!(desk.keystow(&["install", "--browser", "firefox"], "").status.success());
    let host = desk.home().join("slow");
    fs::write(&host, "#!/bin/sh\nsleep 2\n").unwrap();
    fs::set_permissions(&host, fs::Permissions::from_mode(0o755)).unwrap();
    let file = desk.home().join(".mozilla/native-messaging-hosts/org.keystow.host.json");
    let manifest = fs::read_to_string(&file).unwrap().replace(env!("CARGO_BIN_EXE_keystow"), host.to_str().unwrap());
    fs::write(&file, manifest).unwrap();
    root.to_str().unwrap().to_owned()
}

type Standing = Arc<Mutex<String>>;

/// A machine under load is slow.
const PATIENCE: Duration = Duration::from_secs(60);
