//! The dialog for the PIN: chosen, changed, or typed to prove who switches something.

use std::rc::Rc;

use js_sys::JsString;
use protocol::manage::sync::Task;
use web_sys::Event;
use zeroize::Zeroizing;

use super::details::dialog;
use super::{Manager, on, say, set_text, settings, sync};
use crate::client::prompt::Pin;
use crate::client::{Settlement, What};
use crate::presentation::manager::settled::{Fields, fields};
use crate::presentation::pin_entry::check;
use crate::presentation::problem::Problem;
use crate::presentation::view::{NoticeView, PinFields, Tone, Words};
use crate::screens::ask::settle;
use crate::screens::{dom, notice, words};

/// What the dialog is about.
pub enum Asked {
    /// Something of verification itself.
    Settle(What),
    /// Something of sync, for which the user is verified.
    Begin(Task),
}

const INPUTS: [&str; 3] = ["pin", "pin-new", "pin-repeat"];

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "pin-form", "submit", |manager, event: Event| {
        event.prevent_default();
        wasm_bindgen_futures::spawn_local(submit(Rc::clone(manager)));
    });
    on(manager, "pin-cancel", "click", |_, _: Event| dialog("pin-dialog").close());
    on(manager, "pin-dialog", "close", |manager, _: Event| {
        *manager.asked.borrow_mut() = None;
        clear();
        settings::draw_verification(manager);
    });
    on(manager, "pin-show", "change", |_, _: Event| {
        show_pins(dom::input("pin-show").is_some_and(|show| show.checked()))
    });
}

/// Asks for what `what` takes; where nothing is to be typed, it is done.
pub fn open(manager: &Rc<Manager>, what: What) {
    let Some(fields) = manager.settings.borrow().as_ref().map(|settings| fields(what, settings)) else { return };
    *manager.asked.borrow_mut() = Some(Asked::Settle(what));
    set_text("pin-said", "");
    let titles = match what {
        What::SetPin => "pinNewHeading",
        What::ChangePin => "settingsChangePin",
        What::AlwaysUv(_) | What::OsVerification(_) => "pinProve",
    };
    set_text("pin-title", &words::text(titles));
    set_text("pin-label", &words::text(if what == What::ChangePin { "pinCurrent" } else { "pin" }));
    dom::set_hidden(&dom::by_id("pin-explained"), what != What::SetPin);
    dom::set_hidden(&dom::by_id("pin-field"), fields.current == PinFields::None);
    for id in ["pin-new-field", "pin-repeat-field"] {
        dom::set_hidden(&dom::by_id(id), fields.new == PinFields::None);
    }
    if let PinFields::Choose { min_length } = fields.new {
        set_text("pin-length", &words::text_with("pinNewLength", &min_length.to_string()));
    }
    clear();
    say("pin-notice", None);
    if fields.current == PinFields::None && fields.new == PinFields::None {
        let manager = Rc::clone(manager);
        return wasm_bindgen_futures::spawn_local(async move {
            done(&manager, Settlement { what, pin: None, new_pin: None }).await
        });
    }
    let _open_already = dialog("pin-dialog").show_modal();
}

/// Has `task` begun once the user is verified for it: by the PIN, where one is set and the OS does not ask instead.
pub fn prove(manager: &Rc<Manager>, task: Task) {
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        settings::refresh(&manager).await;
        if proof(&manager).current != PinFields::None {
            open(&manager, PROOF);
            *manager.asked.borrow_mut() = Some(Asked::Begin(task));
        } else if let Err(problem) = sync::begun(&manager, task, None).await {
            sync::refused(&manager, Some(&problem));
        }
    });
}

/// What takes nothing but a proof of who it is.
const PROOF: What = What::AlwaysUv(true);

fn proof(manager: &Manager) -> Fields {
    let nothing = Fields { current: PinFields::None, new: PinFields::None };
    manager.settings.borrow().as_ref().map_or(nothing, |settings| fields(PROOF, settings))
}

async fn submit(manager: Rc<Manager>) {
    let (asked, task) = match &*manager.asked.borrow() {
        None => return,
        Some(Asked::Settle(what)) => (*what, None),
        Some(Asked::Begin(task)) => (PROOF, Some(task.clone())),
    };
    let fields = manager.settings.borrow().as_ref().map(|settings| fields(asked, settings));
    let typed = match fields.map(read) {
        None => return,
        Some(Err((words, field))) => return slip(&words, field),
        Some(Ok(typed)) => typed,
    };
    match (task, typed) {
        (None, (pin, new_pin)) => done(&manager, Settlement { what: asked, pin, new_pin }).await,
        (Some(task), (pin, _)) => begin(&manager, task, pin).await,
    }
}

async fn begin(manager: &Rc<Manager>, task: Task, pin: Option<Pin>) {
    is_busy(true);
    let begun = sync::begun(manager, task, pin).await;
    is_busy(false);
    match begun {
        Ok(()) => dialog("pin-dialog").close(),
        Err(problem) => again(&problem),
    }
}

fn is_busy(busy: bool) {
    dom::set_attribute(&dom::by_id("pin-ok"), "aria-disabled", if busy { "true" } else { "false" });
}

/// Says what is wrong, and lets it be typed again.
fn again(problem: &Problem) {
    say("pin-notice", Some(problem));
    clear();
    first_field();
}

/// Settles it, and says what came of it.
async fn done(manager: &Rc<Manager>, settlement: Settlement) {
    let what = settlement.what;
    let in_dialog = settlement.pin.is_some() || settlement.new_pin.is_some();
    if !in_dialog {
        set_text("pin-said", &words::text("working"));
    }
    is_busy(true);
    let settled = settle(settlement).await;
    is_busy(false);
    match settled {
        Ok(()) => {
            dialog("pin-dialog").close();
            say("settings-notice", None);
            settings::refresh(manager).await;
            let said = match what {
                What::SetPin | What::ChangePin => words::text("pinChanged"),
                What::AlwaysUv(_) | What::OsVerification(_) => String::new(),
            };
            set_text("pin-said", &said);
        }
        Err(problem) => {
            set_text("pin-said", "");
            if in_dialog {
                again(&problem);
            } else {
                say("settings-notice", Some(&problem));
                settings::draw_verification(manager);
            }
        }
    }
}

/// The PIN that is set, and the one that is chosen.
type Typed = (Option<Pin>, Option<Pin>);

/// What was typed; the fields stay as they are until it is settled.
fn read(asked: Fields) -> Result<Typed, (Words, &'static str)> {
    let (mut pin, mut new, repeated) = (typed("pin"), typed("pin-new"), typed("pin-repeat"));
    check(asked.current, &pin, "").map_err(|slip| (slip.words(), slip.field(asked.current)))?;
    check(asked.new, &new, &repeated).map_err(|slip| (slip.words(), slip.field(asked.new)))?;
    let take =
        |wanted: PinFields, text: &mut String| (wanted != PinFields::None).then(|| Pin::from(std::mem::take(text)));
    Ok((take(asked.current, &mut pin), take(asked.new, &mut new)))
}

/// In normalization form C (CTAP §6.5.1).
fn typed(id: &str) -> Zeroizing<String> {
    let value = Zeroizing::new(dom::input(id).map(|input| input.value()).unwrap_or_default());
    Zeroizing::new(String::from(JsString::from(value.as_str()).normalize("NFC")))
}

fn slip(what: &Words, field: &str) {
    let said = NoticeView { tone: Tone::Problem, what: what.clone(), remedy: None, verbatim: None };
    notice::put(&dom::by_id("pin-notice"), Some(&said));
    for id in INPUTS {
        if let Some(input) = dom::input(id) {
            dom::set_attribute(&input, "aria-invalid", if id == field { "true" } else { "false" });
        }
    }
    if let Some(input) = dom::input(field) {
        dom::focus(&input);
        input.select();
    }
}

fn clear() {
    for input in INPUTS.into_iter().filter_map(dom::input) {
        input.set_value("");
        dom::set_attribute(&input, "aria-invalid", "false");
    }
    if let Some(show) = dom::input("pin-show") {
        show.set_checked(false);
    }
    show_pins(false);
}

fn first_field() {
    let is_there = |id: &&str| !dom::by_id(&format!("{id}-field")).hidden();
    if let Some(id) = INPUTS.into_iter().find(is_there) {
        dom::focus(&dom::by_id(id));
    }
}

fn show_pins(shown: bool) {
    for input in INPUTS.into_iter().filter_map(dom::input) {
        input.set_type(if shown { "text" } else { "password" });
    }
}
