//! What has just been done, with Undo. It stays until it is dismissed, or for ten seconds after the keyboard has left it.

use std::rc::Rc;

use protocol::webauthn::CredentialId;
use web_sys::Event;

use super::{Manager, list, trash};
use crate::screens::dom;

/// In milliseconds.
const STAYS: i32 = 10_000;

/// Says `text`; with `undo`, which passkey can be brought back.
pub fn show(manager: &Rc<Manager>, text: &str, undo: Option<CredentialId>) {
    let place = dom::by_id("toast-place");
    place.set_text_content(None);
    let copy = dom::copy_of("one-toast");
    dom::find(&copy, ".text").set_text_content(Some(text));
    let toast = dom::find(&copy, ".toast");
    let (undo_button, dismiss) = (dom::find(&copy, ".undo"), dom::find(&copy, ".dismiss"));
    let dismissed = Rc::clone(manager);
    dom::listen(&dismiss, "click", move |_: Event| {
        close();
        list::back(&dismissed);
    });
    let (left, entered) = (Rc::clone(manager), Rc::clone(manager));
    dom::listen(&toast, "focusout", move |_: Event| goes_after_a_while(&left));
    dom::listen(&toast, "focusin", move |_: Event| entered.toasts.set(entered.toasts.get() + 1));
    let has_undo = undo.is_some();
    match undo {
        Some(id) => {
            let manager = Rc::clone(manager);
            dom::listen(&undo_button, "click", move |_: Event| {
                close();
                wasm_bindgen_futures::spawn_local(trash::undo(Rc::clone(&manager), id.clone()));
            });
        }
        None => undo_button.remove(),
    }
    dom::append(&place, &copy);
    if has_undo {
        dom::focus(&undo_button);
    } else {
        goes_after_a_while(manager);
    }
}

fn goes_after_a_while(manager: &Rc<Manager>) {
    let turn = manager.toasts.get() + 1;
    manager.toasts.set(turn);
    let manager = Rc::clone(manager);
    dom::after(STAYS, move || {
        if manager.toasts.get() == turn {
            close();
        }
    });
}

fn close() {
    dom::by_id("toast-place").set_text_content(None);
}
