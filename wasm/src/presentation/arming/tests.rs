use super::*;

#[test]
fn arms_only_after_the_whole_delay() {
    let mut arming = Arming::default();
    assert!(!arming.is_armed(1e9), "never seen");
    arming.restart(true, 1000.0);
    assert!(!arming.is_armed(1000.0));
    assert!(!arming.is_armed(1000.0 + DELAY - 1.0));
    assert!(arming.is_armed(1000.0 + DELAY));
}

#[test]
fn every_restart_begins_anew() {
    let mut arming = Arming::default();
    arming.restart(true, 0.0);
    arming.restart(true, DELAY - 1.0);
    assert!(!arming.is_armed(DELAY));
    assert!(arming.is_armed(DELAY * 2.0));
}

#[test]
fn unseen_means_unarmed_however_long_it_lasts() {
    let mut arming = Arming::default();
    arming.restart(true, 0.0);
    arming.restart(false, DELAY * 2.0);
    assert!(!arming.is_armed(DELAY * 100.0));
}

#[test]
fn a_clock_that_runs_backwards_arms_nothing() {
    let mut arming = Arming::default();
    arming.restart(true, 5000.0);
    assert!(!arming.is_armed(0.0));
}

#[test]
fn what_is_decided_arms_no_more_until_the_next_question() {
    let mut arming = Arming::default();
    arming.restart(true, 0.0);
    arming.end();
    assert!(!arming.is_armed(DELAY));
    arming.restart(true, DELAY);
    assert!(!arming.is_armed(DELAY * 2.0), "the window got the focus back");
    arming.ask();
    assert!(!arming.is_armed(DELAY * 3.0), "the next question has not been seen");
    arming.restart(true, DELAY * 3.0);
    assert!(arming.is_armed(DELAY * 4.0));
}
