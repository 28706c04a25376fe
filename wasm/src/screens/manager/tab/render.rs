//! Puts the tab's view into the document.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use crate::presentation::toolbar::{Command, SavedView, SwitchView, View};
use crate::presentation::view::{NoticeView, Words};
use crate::screens::{dom, notice, words};

/// Shows `view`; `act` is called with what the user does.
pub fn render(view: &View, act: impl Fn(Command) + 'static) {
    let act: Rc<dyn Fn(Command)> = Rc::new(act);
    words::put(&dom::by_id("tab-title"), &view.title);
    notices(&view.notices);
    offers(&view.offers, &act);
    saved(&view.saved, &act);
    for (id, switch) in ["on-here", "upgrades-here", "upgrades"].into_iter().zip(view.switches) {
        set(id, switch);
    }
}

fn notices(notices: &[NoticeView]) {
    let place = dom::by_id("notices");
    place.set_text_content(None);
    for one in notices {
        if let Some(card) = words::append_element(&place, "div", "") {
            notice::put(&card, Some(one));
        }
    }
}

fn offers(offers: &[(i64, Words)], act: &Rc<dyn Fn(Command)>) {
    let place = dom::by_id("offers");
    let had_focus = holds_focus(&place);
    place.set_text_content(None);
    for (frame, text) in offers {
        let copy = dom::copy_of("one-offer");
        let button = dom::find(&copy, "button");
        words::put(&button, text);
        on_click(&button, act, Command::Use(*frame));
        dom::append(&place, &copy);
    }
    if had_focus && let Ok(Some(first)) = place.query_selector("button") {
        dom::focus(first.unchecked_ref());
    }
}

fn saved(saved: &[SavedView], act: &Rc<dyn Fn(Command)>) {
    dom::set_hidden(&dom::by_id("saved"), saved.is_empty());
    let list = dom::by_id("saved-list");
    let had_focus = holds_focus(&list);
    list.set_text_content(None);
    for one in saved {
        let copy = dom::copy_of("one-saved");
        let (name, detail) = (dom::find(&copy, ".name"), dom::find(&copy, ".detail"));
        let nameless = one.user_name.is_empty().then(|| words::text("namelessAccount"));
        name.set_text_content(Some(nameless.as_deref().unwrap_or(&one.user_name)));
        detail.set_text_content(Some(&one.rp_id));
        let button = dom::find(&copy, ".undo");
        let said = dom::find(&copy, ".said-of-it");
        match &one.said {
            Some(text) => {
                said.set_text_content(Some(&words::text_of(text)));
                button.remove();
            }
            None => {
                said.remove();
                let label = format!("{}: {}", words::text("undo"), one.rp_id);
                dom::set_attribute(&button, "aria-label", &label);
                on_click(&button, act, Command::Undo(one.ceremony.clone()));
            }
        }
        dom::append(&list, &copy);
    }
    if had_focus {
        let next = list.query_selector("button").ok().flatten();
        let next = next.map_or_else(|| dom::by_id("upgrades"), |button| button.unchecked_into::<HtmlElement>());
        dom::focus(&next);
    }
}

/// Whether the keyboard is in the element.
fn holds_focus(element: &HtmlElement) -> bool {
    let active = dom::document().active_element();
    active.is_some_and(|active| element.contains(Some(&active)))
}

fn on_click(button: &HtmlElement, act: &Rc<dyn Fn(Command)>, command: Command) {
    let act = Rc::clone(act);
    dom::listen(button, "click", move |event: Event| {
        if event.is_trusted() {
            act(command.clone());
        }
    });
}

fn set(id: &str, switch: SwitchView) {
    dom::set_hidden(&dom::by_id(&format!("{id}-row")), !switch.is_shown);
    if let Some(input) = dom::input(id) {
        input.set_checked(switch.is_on);
        input.set_disabled(!switch.is_usable);
    }
}
