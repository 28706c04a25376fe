//! The recovery key: shown to be written down, printed or kept, and checked by two of its words.

use std::rc::Rc;

use js_sys::encode_uri_component;
use protocol::manage::sync::{RecoveryWords, Secret, Step};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::pressed;
use crate::presentation::sync::form::numbered;
use crate::screens::manager::{Manager, set_text};
use crate::screens::{dom, words};

/// The fields for the two words.
const FIELDS: [&str; 2] = ["word-first", "word-second"];

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    pressed(manager, "key-print", |_| {
        let _unsupported = dom::window().print();
    });
    pressed(manager, "key-copy", |manager| {
        with(manager, |text| {
            let _copied = dom::window().navigator().clipboard().write_text(text);
        });
        set_text("key-said", &words::text("keyCopied"));
    });
    pressed(manager, "key-save", |manager| with(manager, save));
}

/// Calls `act` with the key as text, while it is shown.
fn with(manager: &Manager, act: impl Fn(&str)) {
    let state = manager.sync.state.borrow();
    if let Some(Step::RecoveryKey { words, .. }) = state.as_ref().and_then(|state| state.step.as_ref()) {
        // EXPOSE: the user keeps it, as they have asked.
        act(&numbered(&words::text("keyHeading"), words.expose_secret()));
    }
}

fn save(text: &str) {
    let Ok(link) = dom::document().create_element("a") else { return };
    let address = format!("data:text/plain;charset=utf-8,{}", String::from(encode_uri_component(text)));
    dom::set_attribute(&link, "href", &address);
    dom::set_attribute(&link, "download", "keystow-recovery-key.txt");
    link.unchecked_into::<HtmlElement>().click();
    set_text("key-said", &words::text("keySaved"));
}

/// Shows the words.
pub fn draw(key: &RecoveryWords) {
    let place = dom::by_id("key-words");
    if place.child_element_count() > 0 {
        return;
    }
    set_text("key-said", "");
    // EXPOSE: this is where the user reads it.
    for word in key.expose_secret().split_whitespace() {
        words::append_element(&place, "li", word);
    }
}

/// Asks for two of the words, counted from 1.
pub fn ask(asked: [u8; 2]) {
    dom::by_id("key-words").set_text_content(None);
    for (field, number) in FIELDS.into_iter().zip(asked) {
        let label = dom::by_id(&format!("{field}-label"));
        let asked = words::text_with("keyWord", &number.to_string());
        // After a wrong answer others are asked for: what was typed belongs to those of before.
        if label.text_content().as_deref() != Some(&asked)
            && let Some(input) = dom::input(field)
        {
            input.set_value("");
        }
        label.set_text_content(Some(&asked));
    }
}

/// Takes what is no longer shown out of the document.
pub fn forget(step: &Step) {
    if !matches!(step, Step::RecoveryKey { .. }) {
        dom::by_id("key-words").set_text_content(None);
        FIELDS.into_iter().filter_map(dom::input).for_each(|input| input.set_value(""));
    }
}

/// What was typed for the two words.
pub fn typed() -> [Secret; 2] {
    FIELDS.map(|id| Secret::new(dom::input(id).map(|input| input.value().trim().to_lowercase()).unwrap_or_default()))
}
