use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use super::*;

fn has_turn(place: &Place) -> bool {
    pin!(place.turn()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn the_first_has_the_turn_and_the_others_follow_in_order() {
    let line = Line::default();
    let (first, second, third) = (line.join(), line.join(), line.join());
    assert!(has_turn(&first));
    assert!(!has_turn(&second) && !has_turn(&third));
    drop(first);
    assert!(!has_turn(&third));
    assert!(has_turn(&second));
    drop(second);
    assert!(has_turn(&third));
}

#[test]
fn leaving_from_the_middle_gives_no_turn_to_anybody() {
    let line = Line::default();
    let (first, second, third) = (line.join(), line.join(), line.join());
    drop(second);
    assert!(!has_turn(&third));
    drop(first);
    assert!(has_turn(&third));
}

#[test]
fn a_line_that_emptied_serves_the_next_at_once() {
    let line = Line::default();
    drop(line.join());
    assert!(has_turn(&line.join()));
}
