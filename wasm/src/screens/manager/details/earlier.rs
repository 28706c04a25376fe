//! What a passkey was called before, and what was noted with it: what was typed on two devices at once is all kept (SYNC §7).

use std::rc::Rc;

use protocol::manage::{Earlier, EarlierValue, HistoryRequest, Request, Response};
use protocol::webauthn::CredentialId;
use web_sys::Event;

use super::text_area;
use crate::screens::ask::ask;
use crate::screens::manager::{Manager, hit, on};
use crate::screens::{dom, words};

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "earlier-list", "click", |manager, event: Event| {
        let Some((_, index)) = hit(event.target(), ".again") else { return };
        let earlier = manager.earlier.borrow();
        let Some((is_note, value)) = values(&earlier).nth(index) else { return };
        if is_note {
            text_area().set_value(&value.text);
        } else if let Some(input) = dom::input("label") {
            input.set_value(&value.text);
        }
        dom::set_hidden(&dom::by_id("save"), false);
        dom::focus(&dom::by_id(if is_note { "note" } else { "label" }));
    });
}

/// Asks for them, and shows them where there are any.
pub fn show(manager: &Rc<Manager>, id: &CredentialId) {
    dom::set_hidden(&dom::by_id("earlier"), true);
    let (manager, id) = (Rc::clone(manager), id.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let answer = ask(Request::Earlier(HistoryRequest { credential_id: id.clone() })).await;
        if let (Ok(Response::Earlier(earlier)), true) = (answer, manager.shown.borrow().as_ref() == Some(&id)) {
            draw(&earlier);
            *manager.earlier.borrow_mut() = earlier;
        }
    });
}

fn draw(earlier: &Earlier) {
    let place = dom::by_id("earlier-list");
    place.set_text_content(None);
    for (index, (is_note, value)) in values(earlier).enumerate() {
        let copy = dom::copy_of("one-earlier");
        let empty = value.text.is_empty().then(|| words::text("earlierEmpty"));
        dom::find(&copy, ".text").set_text_content(Some(empty.as_deref().unwrap_or(&value.text)));
        let what = words::text(if is_note { "detailNote" } else { "detailLabel" });
        dom::find(&copy, ".said-of-it").set_text_content(Some(&format!("{what} · {}", words::moment(value.at))));
        let button = dom::find(&copy, ".again");
        dom::set_attribute(&button, "data-index", &index.to_string());
        dom::set_attribute(&button, "aria-label", &format!("{}: {}", words::text("earlierAgain"), value.text));
        dom::append(&place, &copy);
    }
    dom::set_hidden(&dom::by_id("earlier"), place.child_element_count() == 0);
}

/// Labels, then notes; whether it is a note.
fn values(earlier: &Earlier) -> impl Iterator<Item = (bool, &EarlierValue)> {
    let labels = earlier.labels.iter().map(|value| (false, value));
    labels.chain(earlier.notes.iter().map(|value| (true, value)))
}
