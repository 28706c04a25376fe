//! The field that searches a long list of accounts.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::entry;
use crate::presentation::search::{chosen, said, shown};
use crate::presentation::view::Person;
use crate::screens::{dom, words};

const FIELD: &str = "search";

/// Has the field, which is in the document, search the list of `people`.
pub fn begin(people: &[Person]) {
    let Some(field) = dom::input(FIELD) else { return };
    dom::set_attribute(&field, "placeholder", &words::text("accountSearch"));
    let people = people.to_vec();
    dom::listen(&field, "input", move |_: Event| search(&people));
}

/// Shows what fits, and sees to it that nothing else is chosen.
fn search(people: &[Person]) {
    let Some(field) = dom::input(FIELD) else { return };
    let typed = field.value();
    let shown = shown(people, &typed);
    let before = (0..people.len()).find(|index| entry::radio(*index).is_some_and(|radio| radio.checked()));
    let now = chosen(&shown, before);
    for (index, &is_shown) in shown.iter().enumerate() {
        let Some(radio) = entry::radio(index) else { continue };
        radio.set_checked(now == Some(index));
        if let Some(card) = card(&radio) {
            dom::set_hidden(&card, !is_shown);
        }
    }
    let said = said(&shown, &typed);
    dom::by_id("found").set_text_content(said.as_ref().map(words::text_of).as_deref());
}

fn card(radio: &HtmlInputElement) -> Option<HtmlElement> {
    radio.closest(".card").ok()??.dyn_into().ok()
}

/// Whether the search takes `event`: in the field, Escape empties it, and Enter or an arrow goes on to the list; on the list, a letter
/// goes to the field.
pub fn key(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let (Some(field), Some(target)) = (dom::input(FIELD), target) else { return false };
    let key = event.key();
    if target.id() != FIELD {
        let is_letter = key.trim().chars().count() == 1 && !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        if is_letter && target.id().starts_with("account-") {
            dom::focus(&field);
        }
        return false;
    }
    match key.as_str() {
        "Escape" if !field.value().is_empty() => {
            field.set_value("");
            if let Ok(event) = Event::new("input") {
                let _heard = field.dispatch_event(&event);
            }
        }
        "Enter" | "ArrowDown" => {
            let on = |index: &usize| entry::radio(*index).is_some_and(|radio| radio.checked());
            if let Some(radio) =
                (0..).take_while(|index| entry::radio(*index).is_some()).find(on).and_then(entry::radio)
            {
                dom::focus(&radio);
            }
        }
        _ => return false,
    }
    event.prevent_default();
    true
}
