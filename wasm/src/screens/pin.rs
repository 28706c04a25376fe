//! Fields for a PIN.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};
use zeroize::Zeroizing;

use super::dom;

/// What was typed into `field`, in normalization form C (CTAP §6.5.1), or empty.
pub fn typed(field: Option<&str>) -> Zeroizing<String> {
    let value = field.and_then(dom::input).map(|input| Zeroizing::new(input.value()));
    let normal = value.map(|value| JsString::from(value.as_str()).normalize("NFC"));
    Zeroizing::new(normal.map(String::from).unwrap_or_default())
}

/// Has the box "Show PIN" show what is in `fields`.
pub fn can_be_shown(fields: &'static [&'static str]) {
    let show = dom::by_id("pin-show");
    dom::listen(&show.clone(), "change", move |_: Event| {
        let shown = show.unchecked_ref::<HtmlInputElement>().checked();
        for input in fields.iter().filter_map(|id| dom::input(id)) {
            input.set_type(if shown { "text" } else { "password" });
        }
    });
}

/// Says which field is wrong, goes to it, and selects what is in it.
pub fn go_back_to(field: &str) {
    for id in ["pin", "pin-new", "pin-repeat"] {
        if let Some(input) = dom::input(id) {
            dom::set_attribute(&input, "aria-invalid", if id == field { "true" } else { "false" });
        }
    }
    if let Some(input) = dom::input(field) {
        dom::focus(&input);
        input.select();
    }
}
