//! Words from `_locales`, by `chrome.i18n`.

use std::cell::RefCell;

use js_sys::Intl::RelativeTimeFormat;
use js_sys::{Array, Date, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, NodeList};

use super::dom;
use crate::presentation::view::Words;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    fn get_message(key: &str, substitutions: &Array) -> String;

    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getUILanguage)]
    fn ui_language() -> String;
}

/// Stands for the argument until it is put in as an element: a character that no text of ours has.
const PLACE: &str = "\u{fffc}";

thread_local! {
    /// The words of the language that the user has chosen, as its `messages.json` has them; null: the browser's language.
    static CHOSEN: RefCell<JsValue> = const { RefCell::new(JsValue::NULL) };
}

/// Takes the words of the language that the user has chosen.
pub fn choose(messages: JsValue) {
    CHOSEN.set(messages);
}

/// The text of `key`.
pub fn text(key: &str) -> String {
    chosen(key).unwrap_or_else(|| get_message(key, &Array::new()))
}

/// The text of `key` with `argument` in its place.
pub fn text_with(key: &str, argument: &str) -> String {
    match chosen(key) {
        Some(message) => message.replacen("$1", argument, 1),
        None => get_message(key, &Array::of1(&JsValue::from_str(argument))),
    }
}

/// The text of `key` with `details` in the places of `$1`, `$2` and so on.
pub fn text_with_all(key: &str, details: &[String]) -> String {
    let Some(message) = chosen(key) else {
        return get_message(key, &details.iter().map(|detail| JsValue::from_str(detail)).collect());
    };
    let mut text = String::new();
    let mut parts = message.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let number = part.chars().next().and_then(|digit| digit.to_digit(10)).unwrap_or_default() as usize;
        text.push_str(number.checked_sub(1).and_then(|index| details.get(index)).map_or("", String::as_str));
        text.push_str(part.get(1..).unwrap_or_default());
    }
    text
}

fn chosen(key: &str) -> Option<String> {
    CHOSEN.with_borrow(|messages| {
        let entry = Reflect::get(messages, &key.into()).ok()?;
        Reflect::get(&entry, &"message".into()).ok()?.as_string()
    })
}

/// The document speaks the language of its words.
pub fn speak() {
    fill(dom::document().query_selector_all("[data-i18n]"));
    if let Some(root) = dom::document().document_element() {
        dom::set_attribute(&root, "lang", &text("language"));
    }
}

/// The text of `words`.
pub fn text_of(words: &Words) -> String {
    words.argument.as_deref().map_or_else(|| text(words.key), |argument| text_with(words.key, argument))
}

/// Puts `words` into `element`, the argument in a `<bdi>` of its own, so that neither changes the direction of the other.
pub fn put(element: &Element, words: &Words) {
    element.set_text_content(None);
    let Some(argument) = words.argument.as_deref() else {
        return element.set_text_content(Some(&text(words.key)));
    };
    let message = text_with(words.key, PLACE);
    let (before, after) = message.split_once(PLACE).unwrap_or((&message, ""));
    append_text(element, before);
    append_element(element, "bdi", argument);
    append_text(element, after);
}

/// Adds `text` to `parent`.
pub fn append_text(parent: &Element, text: &str) {
    let _added = parent.append_with_str_1(text);
}

/// Adds a new element around `text` to `parent`, and gives it.
pub fn append_element(parent: &Element, name: &str, text: &str) -> Option<Element> {
    let element = dom::document().create_element(name).ok()?;
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

/// Fills the elements that name their text in `data-i18n`: their content, or the attribute that they name in `data-i18n-to`.
pub fn fill(elements: Result<NodeList, JsValue>) {
    let Ok(elements) = elements else { return };
    for index in 0..elements.length() {
        if let Some(element) = elements.item(index).and_then(|node| node.dyn_into::<Element>().ok())
            && let Some(key) = element.get_attribute("data-i18n")
        {
            match element.get_attribute("data-i18n-to") {
                Some(attribute) => dom::set_attribute(&element, &attribute, &text(&key)),
                None => element.set_text_content(Some(&text(&key))),
            }
        }
    }
}

/// A day in the user's way of writing it. `moment` in milliseconds since 1970.
pub fn day(moment: u64) -> String {
    String::from(date(moment).to_locale_date_string(&locale(), &style("dateStyle", "medium")))
}

/// A day and the time of it, as [`day`].
pub fn moment(moment: u64) -> String {
    let options = style("dateStyle", "medium");
    let _set = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    String::from(date(moment).to_locale_string(&locale(), &options))
}

/// The time of the day, as [`day`].
pub fn time(moment: u64) -> String {
    String::from(date(moment).to_locale_string(&locale(), &style("timeStyle", "short")))
}

/// So many units ago, as `Intl.RelativeTimeFormat` says it.
pub fn ago(count: u32, unit: &str) -> String {
    let format = RelativeTimeFormat::new(&Array::of1(&locale().into()), &Object::new());
    String::from(format.format(-f64::from(count), unit))
}

/// Where the user has chosen a language, as it is written there; else as the browser's is.
fn locale() -> String {
    chosen("language").unwrap_or_else(ui_language)
}

fn style(name: &str, value: &str) -> Object {
    let options = Object::new();
    let _set = Reflect::set(&options, &name.into(), &value.into());
    options
}

#[allow(clippy::cast_precision_loss)] // exact until the year 287396
fn date(moment: u64) -> Date {
    Date::new(&JsValue::from_f64(moment as f64))
}
