//! Sync under kill -9 at the writes into the vault's folder and the storage's, and with two processes on one vault.
//!
//! As in `crash.rs`, each test starts this same binary again. A machine here is a vault, a keychain in files, and the folder that all share.
//! With `KEYSTOW_CRASH_LONG` in the environment every single write is killed at, and the two processes many times.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "sync_crash/machine.rs"]
mod machine;
#[path = "sync_crash/process.rs"]
mod process;
#[path = "sync_crash/story.rs"]
mod story;

use std::time::{Duration, Instant};

use machine::{Keystow, Place};
use process::{End, Process, Run};
use story::State;

/// Not a test of its own when others start it: then it is the machine that is killed. Started by itself it runs the story once without a fault.
#[test]
fn machine_process() {
    if story::run_if_asked() {
        return;
    }
    let place = a_place_with_news();
    let (one, other) = (place.open("one"), place.open("other"));
    let run = Process::new(&place, "one", "story").run();
    assert_eq!(run.end, End::Finished, "{:?}", run.log);
    let held = one.holds();
    assert_eq!(held, story::replay(&in_the_beginning(), news, &run.log)[0]);
    assert_eq!(held.live.keys().collect::<Vec<_>>(), ["ada", "bob", "carl", "eve", "olga"]);
    agree(&place, [&one, &other], "in the end");
    assert_eq!(other.holds(), held);
}

#[test]
fn killed_before_a_write_nothing_is_lost_and_the_devices_agree() {
    kill_everywhere("before");
}

#[test]
fn killed_in_the_middle_of_a_write_nothing_is_lost_and_the_devices_agree() {
    kill_everywhere("half");
}

fn kill_everywhere(kind: &str) {
    let template = a_place_with_news();
    // Most writes are the vault's, and much alike.
    let in_the_vault = kill_in(&template, "one", kind, 29);
    let in_the_storage = kill_in(&template, "shared", kind, 3);
    let killed = [&in_the_vault[..], &in_the_storage].concat();
    for part in ["/one/vault.db-wal", "/v1/pack/", "/v1/head/"] {
        assert!(killed.iter().any(|file| file.contains(part)), "never killed at {part}: {killed:?}");
    }
    assert!(in_the_vault.len() >= 10 && in_the_storage.len() >= 6, "{killed:?}");
}

/// Kills at one of `stride` writes into that folder, beginning at another one for each kind. Gives the files.
fn kill_in(template: &Place, folder: &str, kind: &str, stride: usize) -> Vec<String> {
    let stride = if is_long() { 1 } else { stride };
    let first = if kind == "half" { stride / 2 + 1 } else { 1 };
    let mut killed = Vec::new();
    for at in (first..).step_by(stride) {
        let place = template.copy();
        let run = Process::new(&place, "one", "story").with_fault(&place.faulty().join(folder), kind, at).run();
        let last = run.log.last().cloned().unwrap_or_default();
        match run.end {
            End::Finished => break,
            End::Killed => after_a_kill(&place, &run, &format!("{kind} {at}, {last}")),
            End::Failed => panic!("{kind} {at}: {:?}", run.log),
        }
        killed.push(last);
    }
    killed
}

/// What was told is here, and after some passes on both, with whatever lies in the folder.
fn after_a_kill(place: &Place, run: &Run, when: &str) {
    let (one, other) = (place.open("one"), place.open("other"));
    let allowed = story::replay(&in_the_beginning(), news, &run.log);
    let mut held = one.holds();
    assert!(allowed.contains(&held), "{when}: {held:?} is none of {allowed:?}");
    let backed_up = one.backed_up();
    assert!(backed_up.iter().all(|user| other.holds().live.contains_key(user)), "{when}: {backed_up:?} is not true");
    other.insert("mia");
    other.sync();
    agree(place, [&one, &other], when);
    news(&mut held);
    held.live.insert("mia".to_owned(), String::new());
    assert_eq!(one.holds(), held, "{when}");
    if held.live["carl"] == "ours" {
        assert_eq!(one.earlier_labels("carl"), ["theirs"], "{when}");
    }
}

/// Two hosts on one vault write and synchronize, and are killed at random moments; another machine synchronizes between.
#[test]
fn two_processes_on_one_vault_killed_at_random_lose_nothing() {
    let place = Place::new();
    let (one, other) = (place.open("one"), place.open("other"));
    let (mut kept, mut seed) = (in_the_beginning(), 1_u64);
    for round in 0..if is_long() { 1000 } else { 8 } {
        let processes = [(); 2].map(|()| Process::new(&place, "one", "1000").start());
        for process in &processes {
            std::thread::sleep(Duration::from_millis(30 + random(&mut seed) % 300));
            process.kill();
        }
        let here = one.holds().live;
        for run in processes.map(process::Running::wait) {
            assert_ne!(run.end, End::Failed, "round {round}: {:?}", run.log.last());
            let [told, _] = story::replay(&State::default(), |_| (), &run.log);
            let lost = told.live.keys().filter(|user| !here.contains_key(*user)).collect::<Vec<_>>();
            assert!(lost.is_empty(), "round {round}: lost {lost:?}");
        }
        assert!(kept.live.keys().all(|user| here.contains_key(user)), "round {round}");
        kept = one.holds();
        if round % 4 == 3 {
            other.sync();
        }
        one.is_well(&format!("round {round}"));
    }
    assert!(kept.live.len() > 8, "only {} passkeys were made", kept.live.len());
    agree(&place, [&one, &other], "in the end");
    assert_eq!(other.holds(), kept);
}

/// The hosts of two browsers, each as busy as it can be, are one device; nothing is doubled, and both see the same.
#[test]
fn two_processes_at_once_on_one_vault_are_one_device() {
    let place = Place::new();
    let (one, other) = (place.open("one"), place.open("other"));
    let runs = [(); 2].map(|()| Process::new(&place, "one", "12").start()).map(process::Running::wait);
    let mut made = in_the_beginning();
    for run in &runs {
        assert_eq!(run.end, End::Finished, "{:?}", run.log);
        made = story::replay(&made, |_| (), &run.log)[0].clone();
    }
    assert_eq!(made.live.len(), 25);
    assert_eq!(one.holds(), made);
    agree(&place, [&one, &other], "in the end");
    assert_eq!(other.holds(), made);
}

/// A pass stops in the middle of a write to the storage. Another process goes on with what it was asked, and only its pass waits.
#[test]
fn a_pass_waits_for_another_processes_and_what_a_person_does_waits_for_neither() {
    let place = Place::new();
    let one = place.open("one");
    let stopped = Process::new(&place, "one", "1").with_fault(&place.storage(), "stop", 1).start();
    stopped.until_stopped();
    one.insert("ada");
    one.label("carl", "meanwhile");
    let second = Process::new(&place, "one", "1").start();
    second.until_told("begin pass");
    std::thread::sleep(Duration::from_millis(300));
    assert!(!second.has_told("done", 2), "its pass did not wait: {:?}", second.told());
    stopped.go_on();
    for run in [stopped, second].map(process::Running::wait) {
        assert_eq!(run.end, End::Finished, "{:?}", run.log);
    }
    assert_eq!(one.holds().live.len(), 4);
    agree(&place, [&one, &place.open("other")], "in the end");
}

/// Two machines in step, of which `other` has published what `one` has not read.
fn a_place_with_news() -> Place {
    let place = Place::new();
    let other = place.open("other");
    other.insert("olga");
    other.label("carl", "theirs");
    other.sync();
    place
}

fn in_the_beginning() -> State {
    State { live: [("carl".to_owned(), String::new())].into(), ..State::default() }
}

/// What [`a_place_with_news`] has for `one`.
fn news(state: &mut State) {
    state.live.entry("olga".to_owned()).or_default();
    let carl = state.live.get_mut("carl").unwrap();
    if carl.is_empty() {
        "theirs".clone_into(carl);
    }
}

/// Both synchronize until they have the same and nothing more to publish, and have left the storage tidy.
fn agree(place: &Place, machines: [&Keystow; 2], when: &str) {
    let [one, other] = machines;
    let begun = Instant::now();
    loop {
        let passes = machines.map(Keystow::sync);
        if passes.iter().all(|report| report.pending == 0) && one.holds() == other.holds() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{when}: {:?} {:?}", one.holds(), other.holds());
    }
    for machine in machines {
        machine.is_well(when);
    }
    let stored = place.stored();
    assert!(stored.iter().all(|file| !file.ends_with(".part")), "{when}: {stored:?}");
    assert!(stored.iter().filter(|file| file.starts_with("v1/head/")).count() <= 4, "{when}: {stored:?}");
}

fn is_long() -> bool {
    std::env::var_os("KEYSTOW_CRASH_LONG").is_some()
}

/// SplitMix64.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
