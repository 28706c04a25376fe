//! One passkey: what there is to know of it, what the user writes on it, what it has been used for, and deleting it.

mod earlier;

use std::rc::Rc;

use protocol::manage::{EditRequest, HistoryRequest, Request, Response};
use protocol::webauthn::CredentialId;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlTextAreaElement};

use super::{Manager, list, on, say, set_text, sync, trash};
use crate::presentation::manager::details::{Details, details, use_words};
use crate::presentation::problem::Problem;
use crate::presentation::view::{NoticeView, Tone, Words};
use crate::screens::ask::ask;
use crate::screens::{dom, notice, words};

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "back", "click", |manager, _: Event| list::back(manager));
    on(manager, "edit", "input", |_, _: Event| {
        dom::set_hidden(&dom::by_id("save"), false);
        set_text("edit-said", "");
    });
    on(manager, "edit", "submit", |manager, event: Event| {
        event.prevent_default();
        wasm_bindgen_futures::spawn_local(save(Rc::clone(manager)));
    });
    on(manager, "copy-user-name", "click", |_, _: Event| {
        let name = dom::by_id("user-name").text_content().unwrap_or_default();
        let _copied = dom::window().navigator().clipboard().write_text(&name);
        set_text("copy-user-name", &words::text("copied"));
    });
    on(manager, "delete", "click", |manager, _: Event| confirm(manager));
    earlier::start(manager);
    on(manager, "confirm-no", "click", |_, _: Event| dialog("confirm").close());
    on(manager, "confirm-yes", "click", |manager, _: Event| {
        dialog("confirm").close();
        delete(manager);
    });
}

/// Shows the passkey `id`.
pub fn show(manager: &Rc<Manager>, id: &CredentialId) {
    let is_other = manager.shown.borrow().as_ref() != Some(id);
    {
        let passkeys = manager.passkeys.borrow();
        let Some(account) = passkeys.get(id) else { return };
        render(&details(account, &passkeys, sync::state(manager).as_ref()));
        set_text("created", &words::day(account.created));
        let used = account.last_used.map_or_else(|| words::text("neverUsed"), words::day);
        set_text("last-used", &used);
        if is_other {
            fill_form(&account.label, &account.note);
        }
    }
    dom::set_hidden(&dom::by_id("details"), false);
    if is_other {
        *manager.shown.borrow_mut() = Some(id.clone());
        set_text("history", "");
        set_text("history-none", "");
        wasm_bindgen_futures::spawn_local(history(Rc::clone(manager), id.clone()));
        earlier::show(manager, id);
    }
}

/// Shows what has become of the passkey that is shown; what is being typed stays.
pub fn refresh(manager: &Rc<Manager>) {
    let Some(id) = manager.shown.borrow().clone() else { return };
    let written = manager.passkeys.borrow().get(&id).map(|account| (account.label.clone(), account.note.clone()));
    let Some((label, note)) = written else {
        *manager.shown.borrow_mut() = None;
        return dom::set_hidden(&dom::by_id("details"), true);
    };
    show(manager, &id);
    let stands = dom::input("label").map(|input| input.value());
    if dom::by_id("save").hidden() && (stands.as_deref() != Some(&label) || text_area().value() != note) {
        fill_form(&label, &note);
        earlier::show(manager, &id);
    }
}

fn fill_form(label: &str, note: &str) {
    if let Some(input) = dom::input("label") {
        input.set_value(label);
    }
    text_area().set_value(note);
    dom::set_hidden(&dom::by_id("save"), true);
    set_text("edit-said", "");
    say("edit-notice", None);
}

fn render(shown: &Details) {
    let letter = dom::by_id("letter");
    letter.set_text_content(Some(&shown.letter.0));
    letter.set_class_name(&format!("letter large tint-{}", shown.letter.1));
    let site = dom::by_id("site");
    site.set_text_content(None);
    words::append_element(&site, "bdi", &shown.site);
    let nameless = words::text("namelessAccount");
    set_text("account", shown.name.as_deref().unwrap_or(&nameless));
    dom::set_hidden(&dom::by_id("user-name-row"), shown.user_name.is_empty());
    set_text("user-name", &shown.user_name);
    set_text("copy-user-name", &words::text("copy"));
    dom::set_hidden(&dom::by_id("display-name-row"), shown.display_name.is_none());
    set_text("display-name", shown.display_name.as_deref().unwrap_or_default());
    set_text("copies", &words::text_of(&shown.copies));
    let keys = [("algorithm", shown.algorithm.0), ("prf", shown.prf)];
    keys.into_iter().for_each(|(id, key)| set_text(id, &words::text(key)));
    let copies = if shown.is_backed_up { "elsewhere" } else { "here" };
    dom::set_attribute(&dom::by_id("copies-row"), "data-copies", copies);
    set_text("algorithm-name", shown.algorithm.1);
    let remarks = dom::by_id("remarks");
    remarks.set_text_content(None);
    for key in &shown.remarks {
        if let Some(card) = words::append_element(&remarks, "div", "") {
            let what = Words { key, argument: None };
            let remark = NoticeView { tone: Tone::Information, what, remedy: None, verbatim: None };
            notice::put(&card, Some(&remark));
        }
    }
}

async fn history(manager: Rc<Manager>, id: CredentialId) {
    let answer = ask(Request::History(HistoryRequest { credential_id: id.clone() })).await;
    if manager.shown.borrow().as_ref() != Some(&id) {
        return;
    }
    let Ok(Response::History(history)) = answer else {
        return set_text("history-none", &words::text("historyUnknown"));
    };
    let place = dom::by_id("history");
    place.set_text_content(None);
    let none = if history.uses.is_empty() { words::text("historyNone") } else { String::new() };
    set_text("history-none", &none);
    for used in &history.uses {
        let Some(line) = words::append_element(&place, "li", "") else { continue };
        let (kind, verified) = use_words(used);
        let said = words::append_element(&line, "span", "");
        if let Some(said) = said {
            said.set_class_name("lines");
            words::append_element(&said, "span", &words::text(kind));
            let more = [used.browser.clone(), used.origin.clone(), Some(words::text(verified))];
            let more: Vec<_> = more.into_iter().flatten().collect();
            if let Some(detail) = words::append_element(&said, "bdi", &more.join(" · ")) {
                detail.set_class_name("detail");
            }
        }
        if let Some(when) = words::append_element(&line, "span", &words::moment(used.at)) {
            when.set_class_name("soft");
        }
    }
}

async fn save(manager: Rc<Manager>) {
    let Some(id) = manager.shown.borrow().clone() else { return };
    let label = dom::input("label").map(|input| input.value().trim().to_owned());
    let request = EditRequest { credential_id: id, label, note: Some(text_area().value()) };
    match ask(Request::Edit(request)).await {
        Ok(Response::Edit(edited)) => {
            manager.passkeys.borrow_mut().put(vec![*edited.account]);
            list::search(&manager);
            let had_focus = dom::document().active_element().is_some_and(|active| active.id() == "save");
            dom::set_hidden(&dom::by_id("save"), true);
            set_text("edit-said", &words::text("editSaved"));
            say("edit-notice", None);
            if let Some(id) = manager.shown.borrow().as_ref() {
                earlier::show(&manager, id);
            }
            if had_focus {
                dom::focus(&dom::by_id("label"));
            }
        }
        Ok(_) => say("edit-notice", Some(&Problem::host_missing())),
        Err(problem) => say("edit-notice", Some(&problem)),
    }
}

/// Deletes at once, unless there is something to be thought of before.
fn confirm(manager: &Rc<Manager>) {
    let shown = {
        let (passkeys, shown) = (manager.passkeys.borrow(), manager.shown.borrow());
        shown.as_ref().and_then(|id| passkeys.get(id)).map(|account| details(account, &passkeys, None))
    };
    let Some(shown) = shown else { return };
    if shown.warnings.is_empty() {
        return delete(manager);
    }
    words::put(&dom::by_id("confirm-title"), &Words { key: "deleteTitle", argument: Some(shown.site) });
    let why = dom::by_id("confirm-why");
    why.set_text_content(None);
    for warning in &shown.warnings {
        if let Some(line) = words::append_element(&why, "p", "") {
            words::put(&line, warning);
        }
    }
    let _open_already = dialog("confirm").show_modal();
}

fn delete(manager: &Rc<Manager>) {
    if let Some(id) = manager.shown.borrow().clone() {
        wasm_bindgen_futures::spawn_local(trash::delete(Rc::clone(manager), id));
    }
}

fn text_area() -> HtmlTextAreaElement {
    dom::by_id("note").unchecked_into()
}

/// The dialog `id`.
pub fn dialog(id: &str) -> HtmlDialogElement {
    dom::by_id(id).unchecked_into()
}
