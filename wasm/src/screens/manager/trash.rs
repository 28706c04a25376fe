//! Deleting with Undo, and what was deleted in the last 30 days.

use std::rc::Rc;

use protocol::manage::{DeleteRequest, Gone, ListRequest, Request, Response, RestoreRequest};
use protocol::webauthn::CredentialId;
use web_sys::Event;

use super::{Manager, details, hit, list, on, say, toast};
use crate::client::shown;
use crate::presentation::manager::details::gone_words;
use crate::presentation::manager::name;
use crate::presentation::problem::Problem;
use crate::screens::ask::ask;
use crate::screens::{dom, words};

/// The page of what was deleted.
#[derive(Default)]
pub struct Trash {
    gone: Vec<Gone>,
    next: Option<String>,
}

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "gone", "click", |manager, event: Event| {
        if let Some((_, index)) = hit(event.target(), ".restore") {
            wasm_bindgen_futures::spawn_local(restore_row(Rc::clone(manager), index));
        }
    });
    on(manager, "gone-more", "click", |manager, _: Event| {
        let after = manager.trash.borrow().next.clone();
        wasm_bindgen_futures::spawn_local(load(Rc::clone(manager), after));
    });
}

/// Shows the page.
pub fn show(manager: &Rc<Manager>) {
    wasm_bindgen_futures::spawn_local(load(Rc::clone(manager), None));
}

/// Deletes the passkey `id`, and offers to bring it back.
pub async fn delete(manager: Rc<Manager>, id: CredentialId) {
    let answer = ask(Request::Delete(DeleteRequest { credential_id: id.clone() })).await;
    if let Err(problem) = answer {
        return say("edit-notice", Some(&problem));
    }
    let site = manager.passkeys.borrow().get(&id).map(|account| shown(account.rp_id.as_str()));
    manager.passkeys.borrow_mut().remove(&id);
    *manager.shown.borrow_mut() = None;
    dom::set_hidden(&dom::by_id("details"), true);
    list::search(&manager);
    list::back(&manager);
    let text = words::text_with("toastDeleted", site.as_deref().unwrap_or_default());
    toast::show(&manager, &text, Some(id));
}

/// Brings the passkey `id` back, and shows it.
pub async fn undo(manager: Rc<Manager>, id: CredentialId) {
    match restore(&manager, &id).await {
        Ok(()) => {
            details::show(&manager, &id);
            list::search(&manager);
            dom::focus(&dom::by_id("list"));
            toast::show(&manager, &words::text("toastRestored"), None);
        }
        Err(problem) => say("list-notice", Some(&problem)),
    }
}

async fn restore(manager: &Rc<Manager>, id: &CredentialId) -> Result<(), Problem> {
    match ask(Request::Restore(RestoreRequest { credential_id: id.clone() })).await? {
        Response::Restore(restored) => {
            manager.passkeys.borrow_mut().put(vec![*restored.account]);
            Ok(())
        }
        _ => Err(Problem::host_missing()),
    }
}

async fn restore_row(manager: Rc<Manager>, index: usize) {
    let id = manager.trash.borrow().gone.get(index).map(|gone| gone.account.credential_id.clone());
    let Some(id) = id else { return };
    match restore(&manager, &id).await {
        Ok(()) => {
            list::search(&manager);
            load(Rc::clone(&manager), None).await;
            toast::show(&manager, &words::text("toastRestored"), None);
            dom::focus(&dom::by_id("deleted-title"));
        }
        Err(problem) => say("deleted-notice", Some(&problem)),
    }
}

async fn load(manager: Rc<Manager>, after: Option<String>) {
    let is_first = after.is_none();
    match ask(Request::Trash(ListRequest { after })).await {
        Ok(Response::Trash(page)) => {
            {
                let mut trash = manager.trash.borrow_mut();
                if is_first {
                    trash.gone.clear();
                }
                trash.gone.extend(page.gone);
                trash.next = page.next;
            }
            say("deleted-notice", None);
            draw(&manager.trash.borrow());
        }
        Ok(_) => say("deleted-notice", Some(&Problem::host_missing())),
        Err(problem) => say("deleted-notice", Some(&problem)),
    }
}

fn draw(trash: &Trash) {
    let place = dom::by_id("gone");
    place.set_text_content(None);
    dom::set_hidden(&dom::by_id("deleted-none"), !trash.gone.is_empty());
    dom::set_hidden(&dom::by_id("gone-more"), trash.next.is_none());
    for (index, gone) in trash.gone.iter().enumerate() {
        let copy = dom::copy_of("one-gone");
        let (reason, action) = gone_words(gone);
        let site = shown(gone.account.rp_id.as_str());
        dom::find(&copy, ".name").set_text_content(Some(&site));
        let account = name(&gone.account).unwrap_or_else(|| words::text("namelessAccount"));
        dom::find(&copy, ".detail").set_text_content(Some(&account));
        let until = words::text_with("goneUntil", &words::day(gone.restorable_until));
        let said = format!("{} {until}", words::text_with(reason, &words::day(gone.at)));
        dom::find(&copy, ".said-of-it").set_text_content(Some(&said));
        let button = dom::find(&copy, ".restore");
        button.set_text_content(Some(&words::text(action)));
        dom::set_attribute(&button, "aria-label", &format!("{}: {site}, {account}", words::text(action)));
        dom::set_attribute(&button, "data-index", &index.to_string());
        dom::append(&place, &copy);
    }
}
