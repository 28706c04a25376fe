//! Sync under kill -9 at every write into the vault's folder or the storage's, and under two processes on one vault that are killed at random.
//!
//! As in `crash.rs`, each test starts this same binary again. A machine here is a vault, a keychain in files, and the folder that all share.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "sync_crash/machine.rs"]
mod machine;
#[path = "sync_crash/process.rs"]
mod process;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sync_engine::engine::Outcome;

use machine::{Keystow, Place};
use process::{End, Process};

/// Not a test of its own when others start it: then it is the machine that is killed.
#[test]
fn machine_process() {
    if machine::run_if_asked() {
        return;
    }
    let place = Place::new();
    let (one, _) = place.two_machines();
    let run = Process::new(&place, "one", "story").run();
    assert_eq!(run.end, End::Finished, "{:?}", run.log);
    assert_eq!(told(&run.log).len(), 3);
    assert_eq!(one.live(), told(&run.log));
}

#[test]
fn killed_before_any_write_nothing_is_lost_and_the_devices_agree() {
    kill_everywhere("before");
}

#[test]
fn killed_in_the_middle_of_any_write_nothing_is_lost_and_the_devices_agree() {
    kill_everywhere("half");
}

fn kill_everywhere(kind: &str) {
    let mut kills = 0;
    // Every third: the writes of a transaction are much alike, and their number is not the same each time.
    for at in (1..).step_by(3) {
        let place = Place::new();
        let (one, other) = place.two_machines();
        let run = Process::new(&place, "one", "story").with_fault(kind, at).run();
        match run.end {
            End::Finished => break,
            End::Killed => kills += 1,
            End::Failed => panic!("{kind} {at}: {:?}", run.log),
        }
        // Another device works meanwhile, with whatever lies in the folder.
        other.insert("meanwhile");
        other.sync();
        let kept = told(&run.log);
        let here = one.live();
        assert!(here.is_superset(&kept), "{kind} {at}: lost {:?}", kept.difference(&here).collect::<Vec<_>>());
        agree(&one, &other, &format!("{kind} {at}"));
        assert!(one.live().is_superset(&kept));
    }
    assert!(kills >= 25, "only {kills} kills");
}

/// Two hosts on one vault write and synchronize, and are killed at random moments; another machine synchronizes between.
#[test]
fn two_processes_on_one_vault_killed_at_random_lose_nothing() {
    let rounds: u32 = std::env::var("KEYSTOW_CRASH_ROUNDS").map_or(12, |rounds| rounds.parse().unwrap());
    let place = Place::new();
    let (one, other) = place.two_machines();
    let (mut kept, mut seed) = (BTreeSet::new(), 1_u64);
    for round in 0..rounds {
        let processes = [(); 2].map(|()| Process::new(&place, "one", "busy").start());
        for process in &processes {
            std::thread::sleep(Duration::from_millis(30 + random(&mut seed) % 400));
            process.kill();
        }
        for run in processes.map(process::Running::wait) {
            assert_ne!(run.end, End::Failed, "round {round}: {:?}", run.log.last());
            kept.extend(told(&run.log));
        }
        if round % 4 == 3 {
            other.sync();
        }
        let here = one.live();
        assert!(here.is_superset(&kept), "round {round}: lost {:?}", kept.difference(&here).collect::<Vec<_>>());
        assert!(one.is_clean(), "round {round}");
    }
    assert!(kept.len() >= rounds as usize, "only {} passkeys were made", kept.len());
    agree(&one, &other, "in the end");
    assert!(other.live().is_superset(&kept));
    assert_eq!(one.devices(), 2, "nobody was born again for having been killed");
}

/// Both synchronize until there is nothing more to say, and have the same.
fn agree(one: &Keystow, other: &Keystow, when: &str) {
    let begun = Instant::now();
    loop {
        let passes = [one, other, one].map(Keystow::sync);
        let quiet = passes.iter().all(|report| report.outcome == Outcome::Done && report.read + report.published == 0);
        if quiet && one.live() == other.live() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{when}: {:?} {:?}", one.live(), other.live());
    }
    for machine in [one, other] {
        assert!(machine.is_clean(), "{when}");
        assert_eq!(machine.alarms(), 0, "{when}");
    }
}

/// The passkeys that a process said were made.
fn told(log: &[String]) -> BTreeSet<String> {
    log.iter().filter_map(|line| line.strip_prefix("made ")).map(str::to_owned).collect()
}

/// SplitMix64.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
