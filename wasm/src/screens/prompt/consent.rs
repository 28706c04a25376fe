//! When the consenting button counts: after the window has been in view for a while, and anew after anything that may have moved it
//! under the user's finger.

use std::cell::RefCell;

use web_sys::{Event, VisibilityState};

use crate::presentation::arming::{Arming, DELAY};
use crate::screens::dom;

thread_local! {
    static ARMING: RefCell<Arming> = RefCell::default();
}

/// Watches for what makes the window anew.
pub fn watch() {
    let window = dom::window();
    for name in ["focus", "blur", "resize"] {
        dom::listen(&window, name, |_: Event| begin());
    }
    dom::listen(&dom::document(), "visibilitychange", |_: Event| begin());
}

/// Begins the delay for a question that has come up.
pub fn ask() {
    ARMING.with_borrow_mut(Arming::ask);
    begin();
}

/// The question is decided: consent counts no more.
pub fn end() {
    ARMING.with_borrow_mut(Arming::end);
    show();
}

/// Begins the delay anew.
fn begin() {
    ARMING.with_borrow_mut(|arming| arming.restart(is_seen(), now()));
    show();
    #[allow(clippy::cast_possible_truncation)] // a constant of some hundred
    dom::after(DELAY as i32 + 1, show);
}

/// Whether consent counts now. If it came too early the delay begins anew: it was meant for something else.
pub fn counts() -> bool {
    let counts = is_seen() && is_armed();
    if !counts {
        begin();
    }
    counts
}

/// The button tells by its looks, and to assistive technology, whether it counts. It is never `disabled`: that would take the keyboard
/// away from it.
fn show() {
    dom::set_attribute(&dom::by_id("approve"), "aria-disabled", if is_armed() { "false" } else { "true" });
}

fn is_armed() -> bool {
    ARMING.with_borrow(|arming| arming.is_armed(now()))
}

fn is_seen() -> bool {
    let document = dom::document();
    document.visibility_state() == VisibilityState::Visible && document.has_focus().unwrap_or(false)
}

fn now() -> f64 {
    dom::window().performance().map_or(0.0, |performance| performance.now())
}
