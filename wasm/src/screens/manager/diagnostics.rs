//! Whether all is in order, and what to copy for whoever is to help.

use std::rc::Rc;

use js_sys::Reflect;
use protocol::manage::{Check, Request, Response};
use wasm_bindgen::prelude::*;
use web_sys::Event;

use super::{Manager, on, say, set_text};
use crate::presentation::finding::{name, words as words_of};
use crate::presentation::manager::settled::{report, state_words};
use crate::presentation::problem::Problem;
use crate::screens::ask::ask;
use crate::screens::{dom, words};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    fn get_manifest() -> JsValue;
}

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "check-again", "click", |manager, _: Event| show(manager));
    on(manager, "copy-checks", "click", |manager, _: Event| {
        let text = report(&version(), &browser(), manager.diagnosis.borrow().as_ref());
        let _copied = dom::window().navigator().clipboard().write_text(&text);
        set_text("checks-said", &words::text("copied"));
    });
}

/// Looks, and shows the page.
pub fn show(manager: &Rc<Manager>) {
    set_text("checks-said", &words::text("working"));
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        let answer = ask(Request::Diagnose {}).await;
        set_text("checks-said", "");
        let place = dom::by_id("checks");
        place.set_text_content(None);
        let extension = words::text_with("diagnosticsExtension", &version());
        put(("checkGood", "good"), &Text::Ours(extension), &Text::Host(browser()), None);
        match answer {
            Ok(Response::Diagnose(diagnosis)) => {
                say("diagnostics-notice", None);
                for one in &diagnosis.checks {
                    put_check(one);
                }
                *manager.diagnosis.borrow_mut() = Some(diagnosis);
            }
            Ok(_) => say("diagnostics-notice", Some(&Problem::host_missing())),
            Err(problem) => say("diagnostics-notice", Some(&problem)),
        }
    });
}

/// A text of ours, or one of the host's: English, a name, or a command.
enum Text {
    Ours(String),
    Host(String),
}

fn put_check(check: &Check) {
    let found = words_of(check.code);
    let name = name(check).map_or_else(|| Text::Host(check.name.clone()), |key| Text::Ours(words::text(key)));
    let finding = found.map_or_else(
        || Text::Host(check.finding.clone()),
        |found| {
            let what = words::text_with_all(found.what, &check.details);
            Text::Ours(if found.by_pin { words::text_with("foundByPinAlone", &what) } else { what })
        },
    );
    let fix = check.fix.as_ref().map(|fix| match found.and_then(|found| found.fix) {
        Some(key) => Text::Ours(words::text(key)),
        None => Text::Host(fix.clone()),
    });
    put(state_words(check.state), &name, &finding, fix.as_ref());
}

fn put((state, class): (&str, &str), name: &Text, finding: &Text, fix: Option<&Text>) {
    let copy = dom::copy_of("one-check");
    let card = dom::find(&copy, ".check");
    card.set_class_name(&format!("card check {class}"));
    dom::find(&copy, ".state").set_text_content(Some(&words::text(state)));
    for (class, text) in [("name", Some(name)), ("detail", Some(finding)), ("fix", fix)] {
        let place = dom::find(&copy, &format!(".{class}"));
        match text {
            Some(Text::Ours(text)) => {
                place.set_text_content(Some(text));
                dom::set_attribute(&place, "lang", &words::text("language"));
                place.set_class_name(&format!("{class} prose"));
            }
            Some(Text::Host(text)) => place.set_text_content(Some(text)),
            None => {}
        }
    }
    dom::append(&dom::by_id("checks"), &copy);
}

fn version() -> String {
    let version = Reflect::get(&get_manifest(), &"version".into()).ok();
    version.and_then(|version| version.as_string()).unwrap_or_default()
}

/// The browser and its version, as it tells every site.
fn browser() -> String {
    let agent = dom::window().navigator().user_agent().unwrap_or_default();
    let mut parts = agent.split_whitespace();
    let named = parts.find(|part| part.starts_with("Firefox/") || part.starts_with("Chrome/"));
    named.unwrap_or_default().replacen('/', " ", 1)
}
