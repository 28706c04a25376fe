//! The vault under kill -9 at every write, a full disk, a read-only folder and several processes at once.
//!
//! Each test starts this same binary again as a writer, with the library of `tests/fault` preloaded, and then looks at what is left.
//! A killed process leaves what it wrote to the page cache, so this shows order and atomicity of writes; that commits are also
//! flushed is `synchronous = FULL`'s.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "crash/process.rs"]
mod process;
#[path = "crash/writer.rs"]
mod writer;

use std::collections::BTreeSet;

use keystow::vault::{Error, Vault};

use process::{End, Place, Writer};
use writer::{FileKeychain, State};

/// Not a test of its own when others start it: then it is the writer. Started by itself it runs the story once without a fault.
#[test]
fn writer_process() {
    if writer::run_if_asked() {
        return;
    }
    let place = Place::new();
    let run = Writer::new(&place, "story").run();
    assert_eq!(run.end, End::Finished);
    let [_, after] = writer::replay(&run.log);
    assert_eq!((after.live.len(), after.trash.len(), after.aside.len()), (6, 2, 0), "{:?}", run.log);
    assert_eq!(observe(&place), after);
}

#[test]
fn killed_before_any_write_the_vault_holds_what_was_committed() {
    kill_everywhere("before");
}

#[test]
fn killed_in_the_middle_of_any_write_the_vault_holds_what_was_committed() {
    kill_everywhere("half");
}

fn kill_everywhere(kind: &str) {
    let mut kills = 0;
    let mut kills_in_creation = 0;
    loop {
        let place = Place::new();
        let run = Writer::new(&place, "story").with_fault(kind, kills + 1).run();
        match run.end {
            End::Finished => break,
            End::Killed => kills += 1,
            End::Failed => panic!("{kind} {kills}: {:?}", run.log),
        }
        if !run.log.iter().any(|line| line == "open") {
            kills_in_creation += 1;
            assert!(!place.file().exists() || place.keychain().has_key(), "the key comes first");
        }
        let seen = observe(&place);
        let allowed = writer::replay(&run.log);
        assert!(allowed.contains(&seen), "{kind} call {kills}: {seen:?} is none of {allowed:?}");
    }
    assert!(kills_in_creation >= 10, "only {kills_in_creation} writes in a first creation");
    assert!(kills - kills_in_creation >= 40, "only {kills} writes in all");
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let mut told = 0;
    for at in 1.. {
        let place = Place::new();
        let run = Writer::new(&place, "story").with_fault("full", at).run();
        if run.end == End::Finished {
            break;
        }
        assert_eq!(run.end, End::Failed, "call {at}");
        let error = run.log.iter().find(|line| line.starts_with("error ")).expect("an error is told");
        assert!(error.starts_with("error VaultUnwritable") && error.contains(" is full; "), "call {at}: {error}");
        if run.log.iter().any(|line| line == "open") {
            assert!(run.log.iter().any(|line| line.starts_with("still reads")), "call {at}: {:?}", run.log);
        }
        let seen = observe(&place);
        assert_eq!(seen, writer::replay(&run.log)[0], "call {at}");
        told += 1;
    }
    assert!(told >= 30, "only {told} calls need space");
}

#[test]
fn two_processes_write_hundreds_of_records_at_once_and_lose_none() {
    let place = Place::new();
    let writers = [Writer::new(&place, "200"), Writer::new(&place, "200")].map(Writer::start);
    let runs = writers.map(process::Running::wait);
    let mut expected = State::default();
    for run in &runs {
        assert_eq!(run.end, End::Finished, "{:?}", run.log.last());
        expected.live.extend(writer::replay(&run.log)[1].live.clone());
    }
    assert_eq!(expected.live.len(), 400);
    assert_eq!(observe(&place), expected);
}

#[test]
fn one_of_two_killed_in_the_middle_leaves_the_other_undisturbed() {
    for at in [30, 77, 130, 180, 214, 260] {
        let place = Place::new();
        let other = Writer::new(&place, "40").start();
        let killed = Writer::new(&place, "40").with_fault("half", at).run();
        let other = other.wait();
        assert_eq!((killed.end, other.end), (End::Killed, End::Finished), "call {at}: {:?}", other.log.last());
        let seen = observe(&place);
        let [committed, in_flight] = writer::replay(&killed.log);
        let others = &writer::replay(&other.log)[1].live;
        assert_eq!(others.len(), 40);
        let allowed = [committed, in_flight].map(|state| state.live.union(others).cloned().collect());
        assert!(allowed.contains(&seen.live), "call {at}");
    }
}

#[test]
fn many_first_starts_at_once_make_one_key_and_one_vault() {
    for _ in 0..4 {
        let place = Place::new();
        let writers: Vec<_> = (0..6).map(|_| Writer::new(&place, "2").start()).collect();
        let mut expected = State::default();
        for run in writers.into_iter().map(process::Running::wait) {
            assert_eq!(run.end, End::Finished, "{:?}", run.log);
            expected.live.extend(writer::replay(&run.log)[1].live.clone());
        }
        assert_eq!(expected.live.len(), 12);
        assert_eq!(observe(&place), expected);
    }
}

#[test]
fn a_read_only_folder_is_told_and_the_vault_kept() {
    let place = Place::new();
    place.give_to_an_ordinary_user();
    place.make_folder(0o500);
    let run = Writer::new(&place, "1").for_an_ordinary_user().run();
    assert!(run.log[0].starts_with("error VaultUnwritable") && run.log[0].contains("read-only"), "{:?}", run.log);
    assert!(!place.keychain().has_key(), "no key for a vault that cannot be made");

    place.set_modes(0o700, None);
    assert_eq!(Writer::new(&place, "1").for_an_ordinary_user().run().end, End::Finished);
    let before = std::fs::read(place.file()).unwrap();
    place.set_modes(0o500, Some(0o400));
    let run = Writer::new(&place, "1").for_an_ordinary_user().run();
    assert!(run.log[0].starts_with("error VaultUnwritable") && run.log[0].contains("read-only"), "{:?}", run.log);
    assert_eq!(std::fs::read(place.file()).unwrap(), before);
}

/// What the vault of `place` holds now; it must be sound, and go on working.
fn observe(place: &Place) -> State {
    let vault = Vault::open_or_create(&place.file(), &place.keychain()).unwrap();
    let found = vault.integrity().unwrap();
    assert!(found.is_clean(), "{found:?}");
    let seen = holds(&vault);
    let one_more = writer::source(&vault, "afterwards.com", "someone");
    vault.insert(&one_more, 1).unwrap();
    assert_eq!(vault.insert(&one_more, 1), Err(Error::Duplicate));
    seen
}

/// What is there, and then, reset by reset, what undoing brings back beside it.
fn holds(vault: &Vault) -> State {
    let look = || State {
        live: vault.list(None, usize::MAX).unwrap().sources.iter().map(writer::told).collect(),
        trash: vault.trash().unwrap().iter().map(|trashed| writer::told(&trashed.source)).collect(),
        aside: Vec::new(),
    };
    let mut before = look();
    let mut seen = before.clone();
    while let Some(reset) = vault.last_reset().unwrap() {
        vault.undo_reset(&reset).unwrap();
        let after = look();
        let brought = |after: &BTreeSet<String>, before| after.difference(before).cloned().collect();
        let (live, trash) = (brought(&after.live, &before.live), brought(&after.trash, &before.trash));
        seen.aside.insert(0, State { live, trash, aside: Vec::new() });
        before = after;
    }
    seen
}

impl Place {
    fn keychain(&self) -> FileKeychain {
        FileKeychain::new(self.key())
    }
}
