//! User verification by polkit: the real verifier, over a real bus, against a stand-in for polkitd. What the stand-in answers is what
//! polkitd 122 was seen to answer; `polkitd.rs` asks that one.
//!
//! Each test starts this same binary again for its scene, on a system bus of its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "os_verification/bus.rs"]
mod bus;
#[path = "os_verification/polkit.rs"]
mod polkit;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use keystow::verification::os::{Availability, Interrupt, Obstacle, OsVerifier, Outcome, Reason, UserVerifier};

use bus::{scene, scene_without_bus};
use polkit::{Agent, Person, Polkit, Prompt, Rules};

#[test]
fn who_types_the_right_password_is_verified() {
    scene("who_types_the_right_password_is_verified", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        let verifier = OsVerifier::new();
        assert!(verifier.is_supported());
        assert_eq!(verifier.availability(), Availability::Ready);
        assert_eq!(polkit.asked(), 0, "looking asks nobody");
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Right)), Outcome::Verified);
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Right)), Outcome::Verified);
        assert_eq!(polkit.asked(), 2, "every request is asked for");
    });
}

#[test]
fn who_types_a_wrong_password_is_not() {
    scene("who_types_a_wrong_password_is_not", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        assert_eq!(verified(&OsVerifier::new(), || polkit.prompt(&Person::Wrong)), Outcome::Failed);
    });
}

#[test]
fn a_prompt_that_is_closed_is_a_cancel() {
    scene("a_prompt_that_is_closed_is_a_cancel", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        assert_eq!(verified(&OsVerifier::new(), || polkit.prompt(&Person::Dismisses)), Outcome::Cancelled);
    });
}

#[test]
fn without_an_agent_nobody_can_be_asked() {
    scene("without_an_agent_nobody_can_be_asked", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Missing);
        assert_eq!(verify(&OsVerifier::new()), Outcome::Unavailable);
        assert_eq!(polkit.asked(), 1);
    });
}

#[test]
fn a_yes_without_asking_verifies_nobody() {
    scene("a_yes_without_asking_verifies_nobody", || {
        let polkit = Polkit::start(Rules::Yes, Agent::Registered);
        refuses(&OsVerifier::new(), Obstacle::AsksNobody);
        assert_eq!(polkit.asked(), 0);
    });
}

#[test]
fn a_yes_that_is_kept_counts_once() {
    scene("a_yes_that_is_kept_counts_once", || {
        let polkit = Polkit::start(Rules::AuthSelfKeep, Agent::Registered);
        let verifier = OsVerifier::new();
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Right)), Outcome::Verified);
        refuses(&verifier, Obstacle::AsksNobody);
        assert_eq!(polkit.asked(), 1);
    });
}

#[test]
fn a_session_in_which_polkit_asks_nobody_is_told() {
    scene("a_session_in_which_polkit_asks_nobody_is_told", || {
        let polkit = Polkit::start(Rules::No, Agent::Registered);
        refuses(&OsVerifier::new(), Obstacle::Denied);
        assert_eq!(polkit.asked(), 0);
    });
}

#[test]
fn a_missing_action_is_told() {
    scene("a_missing_action_is_told", || {
        let _polkit = Polkit::start(Rules::NoAction, Agent::Registered);
        refuses(&OsVerifier::new(), Obstacle::NoAction);
    });
}

#[test]
fn a_bus_without_polkit_is_told() {
    scene("a_bus_without_polkit_is_told", || refuses(&OsVerifier::new(), Obstacle::NoService));
}

#[test]
fn no_system_bus_at_all_is_told() {
    scene_without_bus("no_system_bus_at_all_is_told", || refuses(&OsVerifier::new(), Obstacle::NoService));
}

#[test]
fn a_polkit_that_never_answers_is_not_waited_for() {
    scene("a_polkit_that_never_answers_is_not_waited_for", || {
        // It has polkit's name, and nobody serves.
        let mute = zbus::blocking::Connection::system().unwrap();
        mute.request_name("org.freedesktop.PolicyKit1").unwrap();
        let began = Instant::now();
        assert_eq!(OsVerifier::new().availability(), Availability::NotSetUp(Obstacle::NoAnswer));
        assert!(began.elapsed() < Duration::from_secs(10));
    });
}

#[test]
fn a_failure_of_polkit_verifies_nobody() {
    scene("a_failure_of_polkit_verifies_nobody", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        let verifier = OsVerifier::new();
        let fails = || polkit.next_prompt().fail("org.freedesktop.PolicyKit1.Error.Failed");
        assert_eq!(verified(&verifier, fails), Outcome::Unavailable);
        let strange =
            || polkit.next_prompt().fail("org.gtk.GDBus.UnmappedGError.Quark._g_2dfile_2derror_2dquark.Code4");
        assert_eq!(verified(&verifier, strange), Outcome::Unavailable);
        thread::scope(|scope| {
            let asking = scope.spawn(|| verify(&verifier));
            let _open = polkit.next_prompt();
            polkit.crash();
            assert_eq!(asking.join().unwrap(), Outcome::Unavailable);
        });
    });
}

#[test]
fn an_answer_that_comes_late_counts_for_no_request() {
    scene("an_answer_that_comes_late_counts_for_no_request", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        let (verifier, first) = after_the_time_limit(&polkit);
        assert_eq!(verify(&verifier), Outcome::TimedOut, "the first prompt is still open");
        assert_eq!(polkit.asked(), 1, "a second one would stand behind it");
        first.answer(&Person::Right);
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Wrong)), Outcome::Failed);
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Right)), Outcome::Verified);
        assert_eq!(polkit.asked(), 3);
    });
}

#[test]
fn an_answer_that_comes_while_the_next_request_waits_counts_for_neither() {
    scene("an_answer_that_comes_while_the_next_request_waits_counts_for_neither", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        let (verifier, first) = after_the_time_limit(&polkit);
        let outcome = verified(&verifier, || {
            thread::sleep(SHORT / 4);
            first.answer(&Person::Right);
            polkit.prompt(&Person::Dismisses);
        });
        assert_eq!(outcome, Outcome::Cancelled);
    });
}

#[test]
fn a_late_yes_that_is_kept_counts_for_no_request() {
    scene("a_late_yes_that_is_kept_counts_for_no_request", || {
        let polkit = Polkit::start(Rules::AuthSelfKeep, Agent::Registered);
        let (verifier, first) = after_the_time_limit(&polkit);
        first.answer(&Person::Right);
        refuses(&verifier, Obstacle::AsksNobody);
        assert_eq!(polkit.asked(), 1);
    });
}

#[test]
fn a_question_that_nobody_waits_for_any_more_ends_and_its_answer_counts_for_nothing() {
    scene("a_question_that_nobody_waits_for_any_more_ends_and_its_answer_counts_for_nothing", || {
        let polkit = Polkit::start(Rules::AuthSelf, Agent::Registered);
        let interrupt = Interrupt::default();
        let verifier = OsVerifier::new().interrupted_by(interrupt.clone());
        let mut prompt = None;
        let outcome = verified(&verifier, || {
            prompt = Some(polkit.next_prompt());
            interrupt.raise();
        });
        assert_eq!(outcome, Outcome::Interrupted);
        interrupt.clear();
        prompt.unwrap().answer(&Person::Right);
        assert_eq!(verified(&verifier, || polkit.prompt(&Person::Wrong)), Outcome::Failed);
    });
}

#[test]
fn the_command_line_prints_the_action_as_it_is() {
    let printed = Command::new(env!("CARGO_BIN_EXE_keystow")).arg("polkit-action").output().unwrap();
    assert!(printed.status.success());
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), include_str!("../polkit/org.keystow.policy"));
}

/// What becomes of a request while `meanwhile` happens.
fn verified(verifier: &OsVerifier, meanwhile: impl FnOnce()) -> Outcome {
    thread::scope(|scope| {
        let asking = scope.spawn(|| verify(verifier));
        meanwhile();
        asking.join().unwrap()
    })
}

/// A verifier whose first prompt was not answered in time, and the prompt, still open.
fn after_the_time_limit(polkit: &Polkit) -> (OsVerifier, Prompt) {
    let verifier = OsVerifier::with_patience(SHORT);
    let began = Instant::now();
    let mut prompt = None;
    assert_eq!(verified(&verifier, || prompt = Some(polkit.next_prompt())), Outcome::TimedOut);
    assert!(began.elapsed() >= SHORT);
    (verifier, prompt.unwrap())
}

fn refuses(verifier: &OsVerifier, obstacle: Obstacle) {
    assert_eq!(verifier.availability(), Availability::NotSetUp(obstacle));
    assert_eq!(verify(verifier), Outcome::Unavailable);
}

fn verify(verifier: &OsVerifier) -> Outcome {
    verifier.verify(Reason::GetAssertion { rp_id: "example.com" })
}

/// Long enough for a prompt to open on a busy machine.
const SHORT: Duration = Duration::from_secs(2);
