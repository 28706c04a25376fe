//! The list of passkeys: loaded page by page, searched as one types, and with only the rows in view in the document.

use std::rc::Rc;

use protocol::manage::{List, ListRequest, Request, Response};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::{Manager, details, hit, on, say, set_text};
use crate::presentation::manager::Row;
use crate::presentation::manager::slice::{ROW, moved, rows, scrolled_to};
use crate::presentation::problem::{HOST_MISSING, Problem};
use crate::screens::ask::ask;
use crate::screens::{dom, words};

/// Begins to load.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "search", "input", |manager, _: Event| search(manager));
    on(manager, "search", "keydown", search_key);
    on(manager, "list", "keydown", list_key);
    on(manager, "list", "scroll", |manager, _: Event| draw(manager));
    on(manager, "list", "click", |manager, event: Event| {
        if let Some((_, index)) = hit(event.target(), ".passkey") {
            go_to(manager, index);
            open(manager, true);
        }
    });
    let resized = Rc::clone(manager);
    dom::listen(&dom::window(), "resize", move |_: Event| draw(&resized));
    manager.is_loading.set(true);
    let loading = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        let loaded = load(&loading).await;
        loading.is_loading.set(false);
        // The tab's section has said already that there is no host.
        let problem = loaded.err().filter(|problem| !loading.is_popup || problem.code != HOST_MISSING);
        say("list-notice", problem.as_ref());
        search(&loading);
    });
    if !manager.is_popup {
        dom::focus(&dom::by_id("search"));
    }
}

async fn load(manager: &Rc<Manager>) -> Result<(), Problem> {
    let mut after = None;
    loop {
        let List { accounts, next } = page(after).await?;
        manager.passkeys.borrow_mut().put(accounts);
        search(manager);
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}

async fn page(after: Option<String>) -> Result<List, Problem> {
    match ask(Request::List(ListRequest { after })).await? {
        Response::List(list) => Ok(list),
        _ => Err(Problem::host_missing()),
    }
}

/// Reads all passkeys again, and shows what has become of them. Where they cannot be read, those from before stay.
pub fn read_again(manager: &Rc<Manager>) {
    if manager.is_loading.replace(true) {
        return;
    }
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        let (mut all, mut after) = (Vec::new(), None);
        let read = loop {
            let Ok(List { accounts, next }) = page(after).await else { break false };
            all.extend(accounts);
            if next.is_none() {
                break true;
            }
            after = next;
        };
        manager.is_loading.set(false);
        // A row that somebody is about to press is not drawn anew without need.
        if read && manager.passkeys.borrow_mut().replace(all) {
            search(&manager);
        }
        details::refresh(&manager);
    });
}

/// Finds anew, and shows what is found. The row that was chosen stays chosen, if it is found.
pub fn search(manager: &Rc<Manager>) {
    let query = dom::input("search").map(|input| input.value()).unwrap_or_default();
    let passkeys = manager.passkeys.borrow();
    let found = passkeys.find(&query);
    let shown = manager.shown.borrow();
    let chosen = shown.as_ref().and_then(|id| found.iter().position(|index| passkeys.id(*index) == Some(id)));
    manager.active.set(chosen);
    let (all, some) = (passkeys.count(), found.len());
    *manager.found.borrow_mut() = found;
    let searched = !query.trim().is_empty();
    let count = match (searched, some) {
        (_, 0) => String::new(),
        (true, some) => words::text_with("managerFound", &some.to_string()),
        (false, some) => words::text_with("managerCount", &some.to_string()),
    };
    set_text("count", &count);
    let is_empty = some == 0 && !manager.is_loading.get();
    dom::set_hidden(&dom::by_id("empty"), !is_empty);
    dom::set_hidden(&dom::by_id("list"), is_empty);
    if is_empty {
        let (what, help) = if all == 0 { ("emptyAll", "emptyAllHelp") } else { ("emptyFound", "emptyFoundHelp") };
        set_text("empty-what", &words::text(what));
        set_text("empty-help", &words::text(help));
    }
    drop((passkeys, shown));
    draw(manager);
}

/// Puts the rows in view into the document.
pub fn draw(manager: &Rc<Manager>) {
    let (list, place) = (dom::by_id("list"), dom::by_id("rows"));
    let (passkeys, found) = (manager.passkeys.borrow(), manager.found.borrow());
    let height = i32::try_from(found.len()).unwrap_or(i32::MAX / ROW).saturating_mul(ROW);
    let _set = place.style().set_property("height", &format!("{height}px"));
    place.set_text_content(None);
    for at in rows(found.len(), list.scroll_top(), list.client_height()) {
        let above = at.checked_sub(1).and_then(|above| found.get(above)).copied();
        let Some(row) = found.get(at).and_then(|index| passkeys.row(*index, above)) else { continue };
        let copy = dom::copy_of("one-row");
        let element = dom::find(&copy, ".passkey");
        fill(&element, &row);
        if manager.active.get() == Some(at) {
            element.set_class_name(&format!("{} active", element.class_name()));
        }
        let place_in_list = [("aria-setsize", found.len()), ("aria-posinset", at + 1), ("data-index", at)];
        place_in_list.into_iter().for_each(|(name, value)| dom::set_attribute(&element, name, &value.to_string()));
        dom::set_attribute(&element, "aria-selected", if manager.active.get() == Some(at) { "true" } else { "false" });
        element.set_id(&format!("row-{at}"));
        let top = i32::try_from(at).unwrap_or(0).saturating_mul(ROW);
        let _set = element.style().set_property("top", &format!("{top}px"));
        dom::append(&place, &copy);
    }
    // A row that was scrolled out of sight is not in the document.
    match place.query_selector(".active") {
        Ok(Some(active)) => dom::set_attribute(&list, "aria-activedescendant", &active.id()),
        _ => {
            let _removed = list.remove_attribute("aria-activedescendant");
        }
    }
}

fn fill(element: &HtmlElement, row: &Row) {
    let nameless = words::text("namelessAccount");
    let texts = [
        (".letter", row.letter.0.as_str()),
        (".name", &row.site),
        (".detail", row.name.as_deref().unwrap_or(&nameless)),
        (".label", &row.label),
    ];
    for (selector, text) in texts {
        if let Ok(Some(part)) = element.query_selector(selector) {
            part.set_text_content(Some(text));
            if selector == ".letter" {
                part.set_class_name(&format!("letter tint-{}", row.letter.1));
            }
        }
    }
    let said: Vec<String> = row.marks.iter().map(|mark| words::text(mark)).collect();
    if let Ok(Some(marks)) = element.query_selector(".marks") {
        for mark in &said {
            if let Some(mark) = words::append_element(&marks, "span", mark) {
                mark.set_class_name("mark-word");
            }
        }
    }
    if row.is_more {
        element.set_class_name("passkey more");
    }
    let full = [row.site.as_str(), row.name.as_deref().unwrap_or_default(), &row.label];
    let full = full.into_iter().chain(said.iter().map(String::as_str)).filter(|line| !line.is_empty());
    dom::set_attribute(element, "title", &full.collect::<Vec<_>>().join("\n"));
}

fn search_key(manager: &Rc<Manager>, event: KeyboardEvent) {
    let Some(field) = dom::input("search") else { return };
    match event.key().as_str() {
        "ArrowDown" if !manager.found.borrow().is_empty() => {
            event.prevent_default();
            dom::focus(&dom::by_id("list"));
            if manager.active.get().is_none() {
                move_to(manager, 0);
            }
        }
        "Enter" if !event.is_composing() && !manager.found.borrow().is_empty() => {
            event.prevent_default();
            go_to(manager, manager.active.get().unwrap_or(0));
            open(manager, true);
        }
        "Escape" if !field.value().is_empty() => {
            event.prevent_default();
            field.set_value("");
            search(manager);
        }
        _ => {}
    }
}

/// Keys move in the list; what is typed there goes to the search.
fn list_key(manager: &Rc<Manager>, event: KeyboardEvent) {
    let key = event.key();
    let page = usize::try_from(dom::by_id("list").client_height() / ROW).unwrap_or(1).max(1);
    let count = manager.found.borrow().len();
    if let Some(at) = moved(&key, manager.active.get(), count, page) {
        event.prevent_default();
        return move_to(manager, at);
    }
    let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
    if key == "Enter" {
        event.prevent_default();
        open(manager, true);
    } else if is_plain && key.chars().count() == 1 && key != " " {
        // The field gets the key itself, as it has the keyboard by the time that the character comes.
        dom::focus(&dom::by_id("search"));
    }
}

/// The keyboard goes to a row; where there is room its details are shown at once.
fn move_to(manager: &Rc<Manager>, at: usize) {
    go_to(manager, at);
    if !manager.is_narrow() {
        open(manager, false);
    }
}

fn go_to(manager: &Rc<Manager>, at: usize) {
    manager.active.set(Some(at));
    let list = dom::by_id("list");
    if let Some(top) = scrolled_to(at, list.scroll_top(), list.client_height()) {
        list.set_scroll_top(top);
    }
    draw(manager);
}

/// Shows the details of the row that the keyboard is at. `goes`: it was opened, and not only passed.
fn open(manager: &Rc<Manager>, goes: bool) {
    let id = {
        let (passkeys, found) = (manager.passkeys.borrow(), manager.found.borrow());
        manager.active.get().and_then(|at| found.get(at)).and_then(|index| passkeys.id(*index)).cloned()
    };
    let Some(id) = id else { return };
    details::show(manager, &id);
    if goes && manager.is_narrow() {
        manager.set("data-pane", "details");
        dom::by_id("details").unchecked_into::<Element>().set_scroll_top(0);
        dom::focus(&dom::by_id("site"));
    }
}

/// Back to the list, after one passkey's details.
pub fn back(manager: &Rc<Manager>) {
    manager.set("data-pane", "list");
    draw(manager);
    let list = dom::by_id("list");
    dom::focus(&if list.hidden() { dom::by_id("search") } else { list });
}
