//! User verification by polkitd itself, with PAM and a real password behind it: the action as it ships, the rules of a machine, and
//! what becomes of both. It takes root, for a world of its own ([`world`]), and the packages polkitd and dbus-daemon; so it is run
//! only where it is asked for: `cargo test -p keystow --features polkitd --test polkitd`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "polkitd/agent.rs"]
mod agent;
#[path = "polkitd/world.rs"]
mod world;

use std::time::{Duration, Instant};

use keystow::verification::os::{ACTION_FILE, Availability, Obstacle, OsVerifier, Outcome, Reason, UserVerifier};

use agent::{Agent, Person};
use world::{Action, As, Rule, Session, World, put_action_in_place};

#[test]
fn who_types_the_right_password_is_verified_each_time_anew() {
    let world = World { rule: Some(Rule("AUTH_SELF")), ..World::of_a_user() };
    world.play("who_types_the_right_password_is_verified_each_time_anew", || {
        let agent = Agent::register(Person::Types(world::PASSWORD));
        let verifier = OsVerifier::new();
        assert_eq!(verifier.availability(), Availability::Ready);
        assert_eq!((verify(&verifier), verify(&verifier)), (Outcome::Verified, Outcome::Verified));
        let said = "Keystow möchte sichergehen, dass Sie es sind";
        assert_eq!(agent.prompts(), [said, said]);
    });
}

#[test]
fn who_types_a_wrong_password_is_not() {
    let world = World { rule: Some(Rule("AUTH_SELF")), ..World::of_a_user() };
    world.play("who_types_a_wrong_password_is_not", || {
        let agent = Agent::register(Person::Types("a wrong one"));
        assert_eq!(verify(&OsVerifier::new()), Outcome::Failed);
        assert_eq!(agent.prompts().len(), 1);
    });
}

#[test]
fn a_prompt_that_is_closed_is_a_cancel() {
    let world = World { rule: Some(Rule("AUTH_SELF")), ..World::of_a_user() };
    world.play("a_prompt_that_is_closed_is_a_cancel", || {
        let _agent = Agent::register(Person::Dismisses);
        assert_eq!(verify(&OsVerifier::new()), Outcome::Cancelled);
    });
}

#[test]
fn a_prompt_that_nobody_answers_ends_after_the_time_limit() {
    let world = World { rule: Some(Rule("AUTH_SELF")), ..World::of_a_user() };
    world.play("a_prompt_that_nobody_answers_ends_after_the_time_limit", || {
        let agent = Agent::register(Person::IsAway);
        let verifier = OsVerifier::with_patience(Duration::from_secs(2));
        assert_eq!((verify(&verifier), verify(&verifier)), (Outcome::TimedOut, Outcome::TimedOut));
        assert_eq!(agent.prompts().len(), 1);
    });
}

#[test]
fn without_an_agent_nobody_can_be_asked() {
    let world = World { rule: Some(Rule("AUTH_SELF")), ..World::of_a_user() };
    world.play("without_an_agent_nobody_can_be_asked", || {
        assert_eq!(verify(&OsVerifier::new()), Outcome::Unavailable);
    });
}

#[test]
fn a_yes_that_is_kept_counts_once() {
    let world = World { rule: Some(Rule("AUTH_SELF_KEEP")), ..World::of_a_user() };
    world.play("a_yes_that_is_kept_counts_once", || {
        let agent = Agent::register(Person::Types(world::PASSWORD));
        let verifier = OsVerifier::new();
        assert_eq!(verify(&verifier), Outcome::Verified);
        refuses(&verifier, Obstacle::AsksNobody);
        assert_eq!(agent.prompts().len(), 1);
    });
}

#[test]
fn a_rule_that_says_yes_verifies_nobody() {
    let world = World { rule: Some(Rule("YES")), ..World::of_a_user() };
    world.play("a_rule_that_says_yes_verifies_nobody", || {
        let agent = Agent::register(Person::Types(world::PASSWORD));
        refuses(&OsVerifier::new(), Obstacle::AsksNobody);
        assert!(agent.prompts().is_empty());
    });
}

#[test]
fn root_is_asked_nothing_and_so_not_verified() {
    let world = World { played_as: As::Root, ..World::of_a_user() };
    world.play("root_is_asked_nothing_and_so_not_verified", || refuses(&OsVerifier::new(), Obstacle::AsksNobody));
}

#[test]
fn the_action_as_it_ships_asks_nobody_outside_of_a_session() {
    World::of_a_user().play("the_action_as_it_ships_asks_nobody_outside_of_a_session", || {
        refuses(&OsVerifier::new(), Obstacle::Denied);
    });
}

#[test]
fn the_action_as_it_ships_asks_the_user_in_the_session_in_front() {
    let world = World { session: Session::InFront, ..World::of_a_user() };
    world.play("the_action_as_it_ships_asks_the_user_in_the_session_in_front", || {
        let agent = Agent::register(Person::Types(world::PASSWORD));
        let verifier = OsVerifier::new();
        assert_eq!((verify(&verifier), verify(&verifier)), (Outcome::Verified, Outcome::Verified));
        assert_eq!(agent.prompts().len(), 2);
    });
}

#[test]
fn the_action_as_it_ships_asks_nobody_in_the_background() {
    let world = World { session: Session::InTheBackground, ..World::of_a_user() };
    world.play("the_action_as_it_ships_asks_nobody_in_the_background", || {
        refuses(&OsVerifier::new(), Obstacle::Denied);
    });
}

#[test]
fn the_action_works_as_soon_as_it_is_in_place() {
    let world = World { action: Action::Missing, played_as: As::Root, ..World::of_a_user() };
    world.play("the_action_works_as_soon_as_it_is_in_place", || {
        let verifier = OsVerifier::new();
        refuses(&verifier, Obstacle::NoAction);
        put_action_in_place(ACTION_FILE);
        let began = Instant::now();
        while verifier.availability() == Availability::NotSetUp(Obstacle::NoAction) {
            assert!(began.elapsed() < Duration::from_secs(20), "polkitd does not see the file");
            std::thread::sleep(Duration::from_millis(100));
        }
        refuses(&verifier, Obstacle::AsksNobody);
    });
}

fn refuses(verifier: &OsVerifier, obstacle: Obstacle) {
    assert_eq!(verifier.availability(), Availability::NotSetUp(obstacle));
    assert_eq!(verify(verifier), Outcome::Unavailable);
}

fn verify(verifier: &OsVerifier) -> Outcome {
    verifier.verify(Reason::GetAssertion { rp_id: "example.com" })
}
