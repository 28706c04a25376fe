//! All ceremonies under way, and which event concerns which of them.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::ceremony::{Call, Ceremony, End, acknowledge, leave_to_the_browser};
use super::runtime::{Port, json};
use super::sender::Asker;
use crate::admission::limit::Limit;
use crate::admission::line::Line;
use crate::client::{Claimed, PageRequest};

/// The name of content.js's ports.
pub const CEREMONY: &str = "ceremony";

thread_local! {
    static LIVE: RefCell<Vec<Rc<Ceremony>>> = RefCell::default();
    static LINE: Line = Line::default();
    static LIMIT: RefCell<Limit> = RefCell::default();
}

/// The line for the one window.
pub fn line() -> Line {
    LINE.with(Line::clone)
}

/// How often documents may have a window.
pub fn with_limit<T>(act: impl FnOnce(&mut Limit) -> T) -> T {
    LIMIT.with_borrow_mut(act)
}

/// The ceremony `id`, while it is under way.
pub fn by_id(id: &str) -> Option<Rc<Ceremony>> {
    find(|ceremony| ceremony.id == id)
}

/// The ceremony whose window talks over `prompt`.
pub fn by_prompt(prompt: &Port) -> Option<Rc<Ceremony>> {
    find(|ceremony| ceremony.window.talks_over(prompt))
}

/// A message of content.js: a call, or the abort of one.
pub fn page_message(page: &Port, message: JsValue) {
    match json(message) {
        Some(message) if message.get("abort").is_some() => end(|ceremony| ceremony.page.is(page), || End::Abandoned),
        Some(message) if message.get("call").is_some() => {
            acknowledge(page);
            if begin(page, message).is_none() {
                leave_to_the_browser(page);
            }
        }
        _ => leave_to_the_browser(page),
    }
}

/// content.js closed its port: answered, aborted, or the page is gone.
pub fn page_gone(page: &Port) {
    end(|ceremony| ceremony.page.is(page), || End::Abandoned);
}

/// A tab was closed.
pub fn tab_removed(tab: i32) {
    end(|ceremony| ceremony.asker.tab.id == tab, || End::Abandoned);
}

/// A window was closed: Cancel, if it was the one that asks.
pub fn window_removed(window: i32) {
    if let Some(ceremony) = find(|ceremony| ceremony.window.has_id(window)) {
        ceremony.window.closed_by_user();
    }
}

/// Begins the ceremony that `message` asks for; `None` where it is not one to be served.
fn begin(page: &Port, message: Value) -> Option<()> {
    let id = message.get("ceremony")?.as_str().filter(|id| is_ceremony_id(id) && by_id(id).is_none())?.to_owned();
    let call: Call = serde_json::from_value(message.get("call")?.clone()).ok()?;
    let request: PageRequest = serde_json::from_value(message).ok()?;
    let asker = Asker::of(page)?;
    if call.may_ask() {
        end(|older| older.call.may_ask() && older.asker.document_id == asker.document_id, || End::Replaced);
    }
    let ceremony = Rc::new(Ceremony::new(id, call, asker, page.clone()));
    LIVE.with_borrow_mut(|live| live.push(Rc::clone(&ceremony)));
    wasm_bindgen_futures::spawn_local(async move {
        Rc::clone(&ceremony).run(Claimed::new(request)).await;
        LIVE.with_borrow_mut(|live| live.retain(|other| !Rc::ptr_eq(other, &ceremony)));
    });
    Some(())
}

fn find(concerned: impl Fn(&Ceremony) -> bool) -> Option<Rc<Ceremony>> {
    LIVE.with_borrow(|live| live.iter().find(|ceremony| concerned(ceremony)).cloned())
}

/// Ends the ceremonies concerned: at most one of a port and, where the user may be asked, of a document; a tab may have several.
fn end(concerned: impl Fn(&Ceremony) -> bool, why: fn() -> End) {
    let all = LIVE.with_borrow(Vec::clone);
    all.iter().filter(|ceremony| concerned(ceremony)).for_each(|ceremony| ceremony.ended.put(why()));
}

/// 32 hexadecimal digits: it stands in an address and in a storage key.
fn is_ceremony_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
