//! How things stand, once sync is on.

use std::rc::Rc;

use js_sys::Date;
use protocol::manage::sync::{SyncRequest, Synced, Task};
use web_sys::{DocumentFragment, Event};

use super::{begin, form, leave, pressed, send};
use crate::presentation::sync::alarms::{AlarmView, alarm, strange};
use crate::presentation::sync::form::Purpose;
use crate::presentation::sync::home::{DeviceView, devices, line, recovery_keys, storage};
use crate::presentation::sync::trouble::told;
use crate::presentation::sync::{Ago, ago};
use crate::presentation::view::Words;
use crate::screens::manager::{Manager, hit, on, set_text};
use crate::screens::{dom, notice, words};

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    let forms = [
        ("sync-turn-on", Purpose::TurnOn),
        ("sync-join", Purpose::Join),
        ("sync-recover", Purpose::Recover),
        ("sync-join-again", Purpose::Join),
        ("sync-change-storage", Purpose::ChangeStorage),
        ("sync-new-key", Purpose::NewRecoveryKey),
        ("sync-start-over", Purpose::StartOver),
        ("sync-turn-off", Purpose::TurnOff),
    ];
    for (id, purpose) in forms {
        pressed(manager, id, move |manager| form::open(manager, purpose.clone()));
    }
    pressed(manager, "sync-now", |manager| send(manager, SyncRequest::Now {}));
    pressed(manager, "sync-add", |manager| begin(manager, Task::AddDevice {}));
    on(manager, "sync-alarms", "click", |manager, event: Event| {
        if hit(event.target(), ".publish").is_some() {
            send(manager, SyncRequest::Now {});
        }
    });
    on(manager, "sync-devices", "click", |manager, event: Event| {
        if let Some(purpose) = removal(manager, &event) {
            form::open(manager, purpose);
        }
    });
    on(manager, "sync-lost-devices", "click", |manager, event: Event| {
        if let Some(purpose) = removal(manager, &event) {
            leave(manager);
            form::open(manager, purpose);
        }
    });
}

/// What the button was pressed for.
fn removal(manager: &Manager, event: &Event) -> Option<Purpose> {
    let (_, index) = hit(event.target(), ".remove")?;
    let DeviceView { id, name, needs_words, .. } =
        devices(&super::state(manager)?.on?.devices).into_iter().nth(index)?;
    Some(Purpose::Remove { id, name, needs_words })
}

/// Puts it into the document.
pub fn draw(manager: &Manager, state: &Synced) {
    let line = line(state);
    words::put(&dom::by_id("sync-line"), &line.said);
    dom::by_id("sync-mark").set_class_name(&format!("mark-of {}", line.mark.class()));
    let last = state
        .last
        .filter(|_| !state.removed)
        .map(|last| words::text_with("syncLast", &since(last)))
        .unwrap_or_default();
    set_text("sync-last", &last);
    let (later, said) = told(state);
    set_text("sync-later", &later.as_ref().map(words::text_of).unwrap_or_default());
    notice::put(&dom::by_id("sync-trouble"), said.as_ref());
    dom::set_attribute(&dom::by_id("sync-now"), "aria-disabled", if state.busy { "true" } else { "false" });
    dom::set_hidden(&dom::by_id("sync-now"), state.removed);
    dom::set_hidden(&dom::by_id("sync-removed"), !state.removed);
    for id in ["sync-devices-card", "sync-storage-card", "sync-key-card"] {
        dom::set_hidden(&dom::by_id(id), state.removed);
    }
    let new = Some((state.alarms.clone(), state.devices.clone()));
    if *manager.sync.drawn.borrow() != new {
        draw_alarms(state.alarms.iter().filter_map(alarm));
        draw_devices("sync-devices", &devices(&state.devices));
        *manager.sync.drawn.borrow_mut() = new;
    }
    let at = storage(state.at.as_ref()).map(|(kind, place)| format!("{}, {place}", words::text(kind)));
    set_text("sync-storage", at.as_ref().unwrap_or(&state.storage));
    let untold = (!state.untold.is_empty()).then(|| words::text_with("syncUntold", &state.untold.join(", ")));
    set_text("sync-untold", untold.as_deref().unwrap_or_default());
    words::put(&dom::by_id("sync-keys"), &recovery_keys(state.recovery_keys));
    set_text("sync-strange", &strange(state).as_ref().map(words::text_of).unwrap_or_default());
}

fn draw_alarms(alarms: impl Iterator<Item = AlarmView>) {
    let place = dom::by_id("sync-alarms");
    place.set_text_content(None);
    for (index, alarm) in alarms.enumerate() {
        let Some(card) = words::append_element(&place, "div", "") else { continue };
        notice::put(&card, Some(&alarm.notice));
        if alarm.publishes
            && let Some(button) = words::append_element(&card, "button", &words::text("alarmPublish"))
        {
            button.set_class_name("publish");
            dom::set_attribute(&button, "type", "button");
            dom::set_attribute(&button, "data-index", &index.to_string());
        }
    }
}

/// The devices but this one, of which some may be lost.
pub fn draw_lost(state: &Synced) {
    draw_devices("sync-lost-devices", &devices(&state.devices));
}

fn draw_devices(place: &str, devices: &[DeviceView]) {
    let is_lost = place == "sync-lost-devices";
    let place = dom::by_id(place);
    place.set_text_content(None);
    for (index, device) in devices.iter().enumerate().filter(|(_, device)| !(is_lost && device.is_here)) {
        let copy = dom::copy_of("one-device");
        dom::find(&copy, ".name").set_text_content(Some(&device.name));
        dom::set_hidden(&dom::find(&copy, ".tag"), !device.is_here);
        tell(&copy, ".said-of-it", device_said(device));
        dom::set_hidden(&dom::find(&copy, ".twice"), !device.is_twice);
        let button = dom::find(&copy, ".remove");
        if device.is_here {
            button.remove();
        } else {
            dom::set_attribute(&button, "data-index", &index.to_string());
            dom::set_attribute(&button, "aria-label", &format!("{}: {}", words::text("syncRemove"), device.name));
        }
        dom::append(&place, &copy);
    }
}

fn device_said(device: &DeviceView) -> String {
    match device.seen {
        _ if device.is_here => String::new(),
        Some(seen) => words::text_with("deviceSeen", &since(seen)),
        None => words::text("deviceNeverSeen"),
    }
}

fn tell(copy: &DocumentFragment, selector: &str, text: String) {
    dom::find(copy, selector).set_text_content(Some(&text));
}

/// How long ago, or on which day.
pub fn since(then: u64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // milliseconds since 1970
    let now = Date::now() as u64;
    match ago(now, then) {
        Ago::Now => words::text_of(&Words { key: "justNow", argument: None }),
        Ago::Units(count, unit) => words::ago(count, unit),
        Ago::Day => words::day(then),
    }
}
