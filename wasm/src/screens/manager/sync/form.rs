//! The form with which something is begun.

use std::rc::Rc;

use protocol::manage::sync::{StorageConfig, SyncFailure};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};
use zeroize::Zeroize;

use super::{begin, draw, pressed, state};
use crate::presentation::sync::form::{
    KEY_LENGTH, Kind, Part, Purpose, Slip, Typed, count_words, filled, form, invitation, task,
};
use crate::presentation::sync::trouble::failure;
use crate::presentation::view::{NoticeView, Tone};
use crate::screens::manager::{Manager, on, say, set_text};
use crate::screens::{dom, notice, words};

/// The form as it stands in the document.
struct Fields;

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "sync-form", "submit", |manager, event: Event| {
        event.prevent_default();
        submit(manager);
    });
    pressed(manager, "sync-form-no", |manager| {
        close(manager);
        draw(manager);
        dom::focus(&dom::by_id("sync-title"));
    });
    on(manager, "sync-kinds", "change", |_, _: Event| draw_kind());
    on(manager, "sync-code", "input", |_, _: Event| paste());
    on(manager, "sync-words", "input", |_, _: Event| draw_count());
}

/// Opens the form for `purpose`, empty but for what is known.
pub fn open(manager: &Rc<Manager>, purpose: Purpose) {
    close(manager);
    let view = form(&purpose);
    words::put(&dom::by_id("sync-form-title"), &view.title);
    set_text("sync-form-why", &words::text(view.why));
    let button = dom::by_id("sync-form-yes");
    button.set_text_content(Some(&words::text(view.submit)));
    button.set_class_name(if view.is_dangerous { "danger" } else { "primary" });
    let has = |part: fn(&Part) -> bool| view.parts.iter().any(part);
    for (id, is_there) in [
        ("sync-code-part", has(|part| *part == Part::Code)),
        ("sync-storage-part", has(|part| *part == Part::Storage)),
        ("sync-words-part", has(|part| matches!(part, Part::RecoveryKey(_)))),
        ("sync-name-part", has(|part| *part == Part::Name)),
        ("sync-tell-part", has(|part| *part == Part::Tell)),
        ("sync-stolen-part", has(|part| *part == Part::Stolen)),
    ] {
        dom::set_hidden(&dom::by_id(id), !is_there);
    }
    if let Some(hint) =
        view.parts.iter().find_map(|part| if let Part::RecoveryKey(hint) = part { Some(hint) } else { None })
    {
        set_text("sync-words-hint", &words::text(hint));
    }
    let known = state(manager).and_then(|state| state.on).and_then(|on| on.at);
    choose(known.as_ref());
    draw_invited(manager, &purpose);
    *manager.sync.purpose.borrow_mut() = Some(purpose);
    manager.sync.is_form_open.set(true);
    draw(manager);
    dom::focus(&dom::by_id("sync-form-title"));
}

/// Closes the form, and forgets what was typed.
pub fn close(manager: &Manager) {
    manager.sync.is_form_open.set(false);
    *manager.sync.purpose.borrow_mut() = None;
    let inputs = dom::by_id("sync-form").query_selector_all("input:not([type=radio]), textarea");
    for index in 0..inputs.as_ref().map_or(0, |inputs| inputs.length()) {
        let Some(field) = inputs.as_ref().ok().and_then(|inputs| inputs.item(index)) else { continue };
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            input.set_value("");
            input.set_checked(input.default_checked());
        } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value("");
        }
    }
    set(&Kind::default());
    draw_count();
    mark(None);
}

/// Shows the form again, with what was typed, and says what went wrong.
pub fn failed(manager: &Rc<Manager>, why: SyncFailure, sentence: &str) {
    manager.sync.is_form_open.set(true);
    for id in ["sync-step", "sync-home", "sync-off"] {
        dom::set_hidden(&dom::by_id(id), true);
    }
    dom::set_hidden(&dom::by_id("sync-form"), false);
    let (said, field) = failure(why, sentence, Fields.kind());
    // A field that this form has not cannot be mended in it.
    let is_there = |field: &&str| {
        let parts = manager.sync.purpose.borrow().as_ref().map(form).map(|view| view.parts).unwrap_or_default();
        match *field {
            "sync-code" => parts.contains(&Part::Code),
            "sync-words" => parts.iter().any(|part| matches!(part, Part::RecoveryKey(_))),
            _ => parts.contains(&Part::Storage),
        }
    };
    tell(&said, field.filter(is_there));
}

/// Whether it is being sent: the button then waits too.
pub fn is_busy(busy: bool) {
    dom::set_attribute(&dom::by_id("sync-form-yes"), "aria-disabled", if busy { "true" } else { "false" });
    set_text("sync-form-said", &if busy { words::text("working") } else { String::new() });
}

fn submit(manager: &Rc<Manager>) {
    if dom::by_id("sync-form-yes").get_attribute("aria-disabled").as_deref() == Some("true") {
        return;
    }
    let begun = manager.sync.purpose.borrow().as_ref().map(|purpose| task(purpose, &Fields));
    match begun {
        Some(Ok(task)) => {
            say("sync-form-notice", None);
            mark(None);
            begin(manager, task);
        }
        Some(Err(Slip { what, field })) => {
            tell(&NoticeView { tone: Tone::Problem, what, remedy: None, verbatim: None }, Some(field));
        }
        None => {}
    }
}

/// Puts `said` before the field, or before the buttons, and goes to the field.
fn tell(said: &NoticeView, field: Option<&'static str>) {
    let place = dom::by_id("sync-form-notice");
    let before = field.and_then(|field| dom::by_id(field).closest(".field").ok().flatten());
    let before: Element = before.unwrap_or_else(|| dom::by_id("sync-form-row").into());
    if let Some(parent) = before.parent_node() {
        let _moved = parent.insert_before(&place, Some(&before));
    }
    notice::put(&place, Some(said));
    mark(field);
    dom::focus(&field.map_or_else(|| dom::by_id("sync-form-title"), dom::by_id));
}

/// Marks `field` as the wrong one, and no other.
fn mark(field: Option<&str>) {
    if let Ok(Some(marked)) = dom::by_id("sync-form").query_selector("[aria-invalid=true]") {
        dom::set_attribute(&marked, "aria-invalid", "false");
    }
    match field {
        Some(field) => dom::set_attribute(&dom::by_id(field), "aria-invalid", "true"),
        None => say("sync-form-notice", None),
    }
}

/// An invitation that is pasted as the code fills in what it knows.
fn paste() {
    let Some(field) = dom::input("sync-code") else { return };
    let mut text = field.value();
    if let Some((code, storage)) = invitation(&text) {
        // EXPOSE: the user is shown the code that they have pasted.
        field.set_value(code.expose_secret());
        choose(Some(&storage));
        set_text("sync-code-said", &words::text("syncInvitationTaken"));
    } else {
        set_text("sync-code-said", "");
    }
    text.zeroize();
}

/// Fills the storage in.
fn choose(storage: Option<&StorageConfig>) {
    let Some(storage) = storage else { return draw_kind() };
    let (kind, fields) = filled(storage);
    set(&kind);
    for (id, text) in fields {
        if let Some(input) = dom::input(id) {
            input.set_value(text);
        }
    }
}

fn set(kind: &Kind) {
    if let Some(radio) = dom::input(&format!("kind-{}", kind.name())) {
        radio.set_checked(true);
    }
    draw_kind();
}

fn draw_kind() {
    let chosen = Fields.kind();
    for kind in Kind::ALL {
        dom::set_hidden(&dom::by_id(&format!("at-{}", kind.name())), kind != chosen);
    }
}

fn draw_count() {
    let mut text = Fields.text("sync-words");
    let count = count_words(&text);
    text.zeroize();
    set_text("sync-words-count", &if count == 0 { String::new() } else { format!("{count} / {KEY_LENGTH}") });
}

/// Who goes too, if the device that is to be removed was stolen.
fn draw_invited(manager: &Manager, purpose: &Purpose) {
    let Purpose::Remove { id, .. } = purpose else { return };
    let devices = state(manager).and_then(|state| state.on).map(|on| on.devices).unwrap_or_default();
    let invited = devices.iter().find(|device| device.id == *id).map(|device| device.invited.join(", "));
    let invited = invited.filter(|invited| !invited.is_empty());
    set_text("sync-invited", &invited.map(|names| words::text_with("syncInvitedToo", &names)).unwrap_or_default());
}

impl Typed for Fields {
    fn text(&self, id: &str) -> String {
        match dom::input(id) {
            Some(input) => input.value(),
            None => dom::by_id(id).unchecked_into::<HtmlTextAreaElement>().value(),
        }
    }

    fn is_on(&self, id: &str) -> bool {
        dom::input(id).is_some_and(|input| input.checked())
    }

    fn kind(&self) -> Kind {
        let checked = dom::by_id("sync-kinds").query_selector("input:checked").ok().flatten();
        let value = checked.and_then(|checked| checked.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
        value.and_then(|value| Kind::of(&value)).unwrap_or_default()
    }
}
