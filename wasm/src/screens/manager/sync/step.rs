//! What was begun, step by step.

use std::rc::Rc;

use protocol::manage::sync::{Done, GoOn, Secret, Step, SyncState};
use web_sys::Event;

use super::{Place, form, go_on, home, key, leave, pressed};
use crate::presentation::sync::form::Purpose;
use crate::presentation::sync::qr::qr;
use crate::presentation::sync::step::{Act, Body, Context, StepView, view};
use crate::presentation::view::Words;
use crate::screens::manager::{Manager, on, set_text};
use crate::screens::{dom, notice, words};

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    pressed(manager, "sync-yes", |manager| press(manager, |view| view.yes));
    pressed(manager, "sync-no", |manager| press(manager, |view| view.no));
    on(manager, "sync-check", "submit", |manager, event: Event| {
        event.prevent_default();
        press(manager, |view| view.yes);
    });
    pressed(manager, "sync-copy-invitation", |manager| {
        let state = manager.sync.state.borrow();
        if let Some(Step::Code { invitation, .. }) = state.as_ref().and_then(|state| state.step.as_ref()) {
            // EXPOSE: the user copies it for their other device.
            let _copied = dom::window().navigator().clipboard().write_text(invitation.expose_secret());
            set_text("sync-copied", &words::text("copied"));
        }
    });
    pressed(manager, "sync-copy-sites", |manager| {
        let _copied = dom::window().navigator().clipboard().write_text(&sites(manager).join("\n"));
        set_text("sync-sites-said", &words::text("copied"));
    });
    on(manager, "sync-sites", "change", |_, _: Event| count_ticks());
}

fn press(manager: &Rc<Manager>, button: fn(&StepView) -> Option<(&'static str, Act)>) {
    let shown = {
        let state = manager.sync.state.borrow();
        let Some(step) = state.as_ref().and_then(|state| state.step.as_ref()) else { return };
        view(step, &context(&manager.sync, state.as_ref()))
    };
    let Some((_, act)) = button(&shown) else { return };
    match act {
        Act::Yes => go_on(manager, GoOn::Yes {}),
        Act::No => go_on(manager, GoOn::No {}),
        Act::Leave => leave(manager),
        Act::ToCheck | Act::ToWords => {
            manager.sync.is_written.set(act == Act::ToCheck);
            super::draw(manager);
        }
        Act::Check => go_on(manager, GoOn::Words(key::typed())),
        Act::ChangeStorage => {
            leave(manager);
            form::open(manager, Purpose::ChangeStorage);
        }
    }
}

fn context(place: &Place, state: Option<&SyncState>) -> Context {
    use protocol::manage::sync::StorageConfig::{Folder, Sftp};
    let at = state.and_then(|state| state.on.as_ref()).map(|on| on.at.as_ref());
    // Where it is not known which storage it is, it is rather said.
    let has_password = at.is_some_and(|at| !matches!(at, Some(Folder { .. } | Sftp { .. })));
    let has_others = state.and_then(|state| state.on.as_ref()).is_some_and(|on| on.devices.len() > 1);
    Context { purpose: place.purpose.borrow().clone(), is_written: place.is_written.get(), has_password, has_others }
}

/// Puts `step` into the document.
pub fn draw(manager: &Manager, state: &SyncState, step: &Step) {
    let view = view(step, &context(&manager.sync, Some(state)));
    let before = dom::by_id("sync-step-title").text_content();
    words::put(&dom::by_id("sync-step-title"), &view.title);
    let why = dom::by_id("sync-step-why");
    dom::set_hidden(&why, view.why.is_none());
    view.why.iter().for_each(|said| words::put(&why, said));
    notice::put(&dom::by_id("sync-step-notice"), view.notice.as_ref());
    let bodies = [
        ("sync-key", Body::Words),
        ("sync-check", Body::Check),
        ("sync-code-shown", Body::Code),
        ("sync-found", Body::Found),
        ("sync-sites-shown", Body::Sites),
        ("sync-lost", Body::Lost),
    ];
    for (id, body) in bodies {
        dom::set_hidden(&dom::by_id(id), view.body != body);
    }
    let waiting = match view.body {
        Body::Waiting(said) => words::text(said),
        Body::Code => words::text("addWaiting"),
        _ => String::new(),
    };
    set_text("sync-waiting", &waiting);
    for (id, button) in [("sync-yes", view.yes), ("sync-no", view.no)] {
        let element = dom::by_id(id);
        dom::set_hidden(&element, button.is_none());
        element.set_text_content(button.map(|(key, _)| words::text(key)).as_deref());
    }
    key::forget(step);
    fill(step, &view);
    if let (Body::Lost, Some(on)) = (view.body, &state.on) {
        home::draw_lost(on);
    }
    // Another step is read out from its heading; the keyboard is on no button that the person has not seen.
    if before != dom::by_id("sync-step-title").text_content() || view.notice.is_some() {
        let to = if view.body == Body::Check { "word-first" } else { "sync-step-title" };
        dom::focus(&dom::by_id(to));
    }
}

fn fill(step: &Step, view: &StepView) {
    match (step, view.body) {
        (Step::RecoveryKey { words, .. }, Body::Words) => key::draw(words),
        (Step::RecoveryKey { asked, .. }, Body::Check) => key::ask(*asked),
        (Step::Code { code, invitation, until }, _) => draw_code(code, invitation, *until),
        (Step::Found { passkeys, devices, changed, by }, _) => {
            set_text("found-passkeys", &passkeys.to_string());
            set_text("found-devices", &devices.join(", "));
            let when = changed.map_or_else(|| words::text("foundUnknown"), words::moment);
            let by = if by.is_empty() { String::new() } else { words::text_with("foundBy", by) };
            set_text("found-changed", &format!("{when} {by}"));
        }
        (Step::Done(Done::Removed { sites, .. }), Body::Sites) => draw_sites(sites),
        _ => {}
    }
}

fn draw_code(code: &Secret, invited: &Secret, until: u64) {
    // EXPOSE: the user reads it out to their other device.
    let code = code.expose_secret();
    let place = dom::by_id("sync-the-code");
    if place.text_content().as_deref() == Some(code) {
        return;
    }
    place.set_text_content(Some(code));
    set_text("sync-copied", "");
    words::put(&dom::by_id("sync-until"), &Words { key: "addUntil", argument: Some(words::time(until)) });
    // EXPOSE: the same, for the other device's camera.
    let drawn = qr(invited.expose_secret());
    dom::set_hidden(&dom::by_id("sync-qr"), drawn.is_none());
    let Some(qr) = drawn else { return };
    let attributes = [("svg", "viewBox", format!("0 0 {0} {0}", qr.side)), ("path", "d", qr.path)];
    for (element, name, value) in attributes {
        if let Ok(Some(element)) = dom::by_id("sync-qr").query_selector(element) {
            dom::set_attribute(&element, name, &value);
        }
    }
}

fn draw_sites(sites: &[String]) {
    let place = dom::by_id("sync-sites");
    if usize::try_from(place.child_element_count()) == Ok(sites.len()) {
        return;
    }
    place.set_text_content(None);
    for site in sites {
        let copy = dom::copy_of("one-site");
        let link = dom::find(&copy, "a");
        link.set_text_content(Some(site));
        dom::set_attribute(&link, "href", &format!("https://{site}/"));
        dom::set_attribute(&dom::find(&copy, "input"), "aria-label", &words::text_with("sitesDone", site));
        dom::append(&place, &copy);
    }
    count_ticks();
}

fn count_ticks() {
    let place = dom::by_id("sync-sites");
    let ticked = place.query_selector_all("input:checked").map_or(0, |ticked| ticked.length());
    let count = format!("{ticked} / {}", place.child_element_count());
    set_text("sync-sites-said", &words::text_with("sitesDone", &count));
}

fn sites(manager: &Manager) -> Vec<String> {
    let state = manager.sync.state.borrow();
    match state.as_ref().and_then(|state| state.step.as_ref()) {
        Some(Step::Done(Done::Removed { sites, .. })) => sites.clone(),
        _ => Vec::new(),
    }
}
