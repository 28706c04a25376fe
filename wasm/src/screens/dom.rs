//! The little of the DOM that the screens need. Texts only ever become text nodes.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, DocumentFragment, Element, Event, EventTarget, HtmlElement, HtmlInputElement, HtmlTemplateElement, Window,
};

/// The screen's window.
pub fn window() -> Window {
    web_sys::window().unwrap_or_else(|| wasm_bindgen::throw_str("a screen runs in a window"))
}

/// The screen's document.
pub fn document() -> Document {
    window().document().unwrap_or_else(|| wasm_bindgen::throw_str("a screen runs in a document"))
}

/// The element `id`, which the screen's HTML has. A missing one is a mistake of ours, found by the first test that opens the screen.
pub fn by_id(id: &str) -> HtmlElement {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into().ok());
    element.unwrap_or_else(|| wasm_bindgen::throw_str(id))
}

/// The field `id`, if it is there now.
pub fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The first element of `fragment` that `selector` matches.
pub fn find(fragment: &DocumentFragment, selector: &str) -> HtmlElement {
    let element = fragment.query_selector(selector).ok().flatten().and_then(|element| element.dyn_into().ok());
    element.unwrap_or_else(|| wasm_bindgen::throw_str(selector))
}

/// A copy of the template `id`'s content, with its words.
pub fn copy_of(id: &str) -> DocumentFragment {
    let template: HtmlTemplateElement = by_id(id).unchecked_into();
    let copy = template.content().clone_node_with_deep(true).map(JsCast::unchecked_into::<DocumentFragment>);
    let copy = copy.unwrap_or_else(|_| wasm_bindgen::throw_str(id));
    super::words::fill(copy.query_selector_all("[data-i18n]"));
    copy
}

/// Puts `fragment` at the end of `parent`.
pub fn append(parent: &Element, fragment: &DocumentFragment) {
    let _refused = parent.append_child(fragment); // safe: an element takes any fragment
}

/// Shows the element, or takes it away.
pub fn set_hidden(element: &HtmlElement, hidden: bool) {
    element.set_hidden(hidden);
}

/// Sets `name` to `value`. The names are ours, and valid.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    let _valid = element.set_attribute(name, value);
}

/// Calls `act` for each event `name` of `target`, for as long as the screen lives.
pub fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, mut act: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| act(event.unchecked_into()));
    let _added = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget(); // the screen's listeners live as long as the screen
}

/// Calls `act` once, after `milliseconds`.
pub fn after(milliseconds: i32, act: impl FnOnce() + 'static) {
    let act: Function = Closure::once_into_js(act).unchecked_into();
    let _timer = window().set_timeout_with_callback_and_timeout_and_arguments_0(&act, milliseconds);
}

/// Moves the keyboard to the element.
pub fn focus(element: &HtmlElement) {
    let _focused = element.focus();
}
