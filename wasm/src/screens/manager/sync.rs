//! Devices & sync: shows how things stand, begins what a person wants, and looks again while it goes on.

mod form;
mod home;
mod key;
mod step;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::manage::sync::{Alarm, Device, GoOn, Step, SyncRequest, SyncState, Task};
use protocol::manage::{Request, Response};
use web_sys::{Event, VisibilityState};

use super::{Manager, details, list, on, pin, say, set_text};
use crate::client::prompt::Pin;
use crate::presentation::problem::Problem;
use crate::presentation::sync::form::Purpose;
use crate::presentation::sync::{Panel, again, home as lines, is_moved, panel};
use crate::screens::ask::{self, ask};
use crate::screens::{dom, words};

/// The place, as it is now.
#[derive(Default)]
pub struct Place {
    /// What the host told last.
    state: RefCell<Option<SyncState>>,
    /// What the form is for, or what was begun with it.
    purpose: RefCell<Option<Purpose>>,
    /// Whether the form is open.
    is_form_open: Cell<bool>,
    /// Whether the words of the recovery key have been written down.
    is_written: Cell<bool>,
    /// Whether the host has been told something and has not answered: a second press says nothing new.
    is_told: Cell<bool>,
    /// The alarms and devices in the document: what stays as it was is not drawn, and not read out, again.
    drawn: RefCell<Option<(Vec<Alarm>, Vec<Device>)>>,
    /// Counts the looks, so that only the newest leads to another.
    looks: Cell<u32>,
}

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    form::start(manager);
    home::start(manager);
    step::start(manager);
    key::start(manager);
    let seen = Rc::clone(manager);
    dom::listen(&dom::document(), "visibilitychange", move |_: Event| {
        if !is_hidden() && is_here() {
            look(&seen);
        }
    });
}

/// Shows the place.
pub fn show(manager: &Rc<Manager>) {
    draw(manager);
    look(manager);
}

/// In the popup, and beside the details: one line, and where copies are.
pub fn learn(manager: &Rc<Manager>) {
    send(manager, SyncRequest::State {});
}

/// What the host told last.
pub fn state(manager: &Manager) -> Option<SyncState> {
    manager.sync.state.borrow().clone()
}

fn is_here() -> bool {
    dom::document().body().is_some_and(|body| body.get_attribute("data-view").as_deref() == Some("sync"))
}

fn is_hidden() -> bool {
    dom::document().visibility_state() == VisibilityState::Hidden
}

fn look(manager: &Rc<Manager>) {
    send(manager, SyncRequest::State {});
}

/// Asks the host, and shows what it tells.
fn send(manager: &Rc<Manager>, request: SyncRequest) {
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        let is_now = matches!(request, SyncRequest::Now {});
        let is_more = matches!(request, SyncRequest::GoOn(_));
        let answer = ask(Request::Sync(Box::new(request))).await;
        if is_more {
            manager.sync.is_told.set(false);
        }
        match answer {
            Ok(Response::Sync(state)) => {
                say("sync-notice", None);
                take(&manager, *state);
            }
            Ok(_) => say("sync-notice", Some(&Problem::host_missing())),
            Err(problem) => say("sync-notice", Some(&problem)),
        }
        if is_now {
            look_again(&manager, 1000);
        }
    });
}

/// Goes on, unless the host is still thinking about the last press.
fn go_on(manager: &Rc<Manager>, with: GoOn) {
    if !manager.sync.is_told.replace(true) {
        send(manager, SyncRequest::GoOn(with));
    }
}

/// Closes what was begun; what was typed for it is forgotten.
fn leave(manager: &Rc<Manager>) {
    form::close(manager);
    send(manager, SyncRequest::Leave {});
}

/// Begins `task`, once the user is verified for it.
fn begin(manager: &Rc<Manager>, task: Task) {
    pin::prove(manager, task);
}

/// Has `task` begun with what was typed to be verified, and shows what comes of it.
///
/// # Errors
/// What is wrong with that, or the host's own.
pub async fn begun(manager: &Rc<Manager>, task: Task, pin: Option<Pin>) -> Result<(), Problem> {
    form::is_busy(true);
    let begun = ask::begin(task, pin).await;
    form::is_busy(false);
    let state = begun?;
    refused(manager, None);
    manager.sync.is_form_open.set(false);
    manager.sync.is_written.set(false);
    take(manager, state);
    Ok(())
}

/// Says why nothing was begun, where it was to be.
pub fn refused(manager: &Manager, problem: Option<&Problem>) {
    say(if manager.sync.is_form_open.get() { "sync-form-notice" } else { "sync-notice" }, problem);
}

/// Shows `state`, where anything is new in it, and looks again where something goes on.
fn take(manager: &Rc<Manager>, state: SyncState) {
    if let Some(after) = again(&state, is_hidden()) {
        look_again(manager, after);
    }
    if manager.sync.state.borrow().as_ref() == Some(&state) {
        return;
    }
    let failed = match &state.step {
        Some(Step::Failed { why, sentence }) if manager.sync.purpose.borrow().is_some() => {
            Some((*why, sentence.clone()))
        }
        _ => None,
    };
    let before = manager.sync.state.replace(Some(state));
    line(manager);
    passkeys(manager, before.as_ref());
    match failed {
        // What was typed is still there, and is mended where it was typed.
        Some((why, sentence)) => {
            send(manager, SyncRequest::Leave {});
            form::failed(manager, why, &sentence);
        }
        None => draw(manager),
    }
}

fn look_again(manager: &Rc<Manager>, after: i32) {
    let this = manager.sync.looks.get().wrapping_add(1);
    manager.sync.looks.set(this);
    let manager = Rc::clone(manager);
    dom::after(after, move || {
        if manager.sync.looks.get() == this {
            look(&manager);
        }
    });
}

/// Puts the place into the document.
fn draw(manager: &Rc<Manager>) {
    let state = manager.sync.state.borrow();
    let Some(state) = state.as_ref() else { return };
    let panel = panel(state);
    let is_form = manager.sync.is_form_open.get() && panel != Panel::Step;
    let was_step = !dom::by_id("sync-step").hidden();
    let shown = [("sync-off", Panel::Off), ("sync-home", Panel::Home), ("sync-step", Panel::Step)];
    for (id, of) in shown {
        dom::set_hidden(&dom::by_id(id), is_form || panel != of);
    }
    dom::set_hidden(&dom::by_id("sync-form"), !is_form);
    match (panel, &state.on, &state.step) {
        (Panel::Step, _, Some(step)) => step::draw(manager, state, step),
        (Panel::Home, Some(on), _) if !is_form => home::draw(manager, on),
        _ => {}
    }
    // The button that the keyboard was on is gone.
    if was_step && panel != Panel::Step && !is_form {
        dom::focus(&dom::by_id("sync-title"));
    }
}

/// The passkeys as they are after what has happened since `before`.
fn passkeys(manager: &Rc<Manager>, before: Option<&SyncState>) {
    let (marks, is_moved) = {
        let state = manager.sync.state.borrow();
        let Some(now) = state.as_ref() else { return };
        (lines::marks_what_is_here_only(now), before.is_some_and(|before| is_moved(before, now)))
    };
    let before = std::mem::replace(&mut manager.passkeys.borrow_mut().marks_here_only, marks);
    if before != marks {
        list::draw(manager);
    }
    if is_moved {
        return list::read_again(manager);
    }
    if let Some(id) = manager.shown.borrow().as_ref() {
        details::show(manager, id);
    }
}

/// The popup's line.
fn line(manager: &Manager) {
    let state = manager.sync.state.borrow();
    let line = state.as_ref().and_then(lines::popup_line);
    dom::set_hidden(&dom::by_id("sync-brief"), line.is_none());
    if let Some(line) = line {
        set_text("sync-brief-said", &words::text_of(&line.said));
        dom::by_id("sync-brief").set_class_name(line.mark.class());
    }
}

/// Calls `act` when the button `id` is pressed.
fn pressed(manager: &Rc<Manager>, id: &str, act: impl Fn(&Rc<Manager>) + 'static) {
    on(manager, id, "click", move |manager, _: Event| act(manager));
}
