//! The settings: how the user is verified, what Keystow does by itself, sites with rules of their own, and how screens look and speak.

use std::rc::Rc;

use protocol::manage::{OsVerification, Request, Response};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};

use super::{Manager, hit, on, pin, say, set_text};
use crate::admission::asked::{Change, Choices};
use crate::admission::preferences::{Language, Preferences, Theme};
use crate::admission::rules::SiteRule;
use crate::client::What;
use crate::presentation::manager::settled::{Said, rule_words, verification};
use crate::presentation::problem::Problem;
use crate::presentation::view::{NoticeView, Tone, Words};
use crate::screens::ask::{ask, choices};
use crate::screens::{dom, notice, words};

/// Listens.
pub fn start(manager: &Rc<Manager>) {
    on(manager, "pin-open", "click", |manager, _: Event| {
        let view = manager.settings.borrow().as_ref().map(verification);
        if let Some((_, what)) = view.and_then(|view| view.pin) {
            pin::open(manager, what);
        }
    });
    on(manager, "os", "change", |manager, event: Event| pin::open(manager, What::OsVerification(is_on(&event))));
    on(manager, "always", "change", |manager, event: Event| pin::open(manager, What::AlwaysUv(is_on(&event))));
    on(manager, "autofill", "change", |manager, event: Event| {
        let on = is_on(&event);
        prefer(manager, false, move |preferences| preferences.autofill = on);
    });
    on(manager, "private-windows", "change", |manager, event: Event| {
        let on = is_on(&event);
        prefer(manager, false, move |preferences| preferences.private_windows = on);
    });
    on(manager, "all-upgrades", "change", |manager, event: Event| {
        change(manager, Change { upgrades: Some(is_on(&event)), ..Change::default() }, false);
    });
    on(manager, "rules", "click", |manager, event: Event| {
        let Some((_, index)) = hit(event.target(), ".undo-rule") else { return };
        let site = manager.choices.borrow().as_ref().and_then(|all| all.rules.sites.keys().nth(index).cloned());
        if let Some(site) = site {
            change(manager, Change { site: Some((site, SiteRule::default())), ..Change::default() }, false);
            dom::focus(&dom::by_id("settings-title"));
        }
    });
    on(manager, "theme", "change", |manager, _: Event| {
        let theme = match select("theme").value().as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
        if let Some(root) = dom::document().document_element() {
            dom::set_attribute(&root, "data-theme", &select("theme").value());
        }
        prefer(manager, false, move |preferences| preferences.theme = theme);
    });
    on(manager, "language", "change", |manager, _: Event| {
        let language = match select("language").value().as_str() {
            "en" => Some(Language::En),
            "de" => Some(Language::De),
            _ => None,
        };
        prefer(manager, true, move |preferences| preferences.language = language);
    });
}

/// Shows the page.
pub fn show(manager: &Rc<Manager>) {
    change(manager, Change::default(), false);
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move { refresh(&manager).await });
}

/// Shows verification as it is settled now.
pub async fn refresh(manager: &Rc<Manager>) {
    match ask(Request::Settings {}).await {
        Ok(Response::Settings(settings)) => {
            say("settings-notice", None);
            *manager.settings.borrow_mut() = Some(settings);
            draw_verification(manager);
        }
        Ok(_) => say("settings-notice", Some(&Problem::host_missing())),
        Err(problem) => say("settings-notice", Some(&problem)),
    }
}

/// Puts verification into the document; switches that were only tried go back.
pub fn draw_verification(manager: &Rc<Manager>) {
    let settings = manager.settings.borrow();
    let Some(settings) = settings.as_ref() else { return };
    let view = verification(settings);
    set_text("verification-said", &words::text_of(&view.said));
    let problem = view.problem.map(|(what, remedy)| {
        let remedy = Some(Words { key: remedy, argument: None });
        NoticeView { tone: Tone::Information, what, remedy, verbatim: None }
    });
    notice::put(&dom::by_id("verification-notice"), problem.as_ref());
    let button = dom::by_id("pin-open");
    dom::set_hidden(&button, view.pin.is_none());
    button.set_text_content(view.pin.map(|(key, _)| words::text(key)).as_deref());
    dom::set_hidden(&dom::by_id("os-row"), settings.os == OsVerification::Unsupported && !view.os.0);
    set("os", view.os.0);
    if let Some(input) = dom::input("os") {
        input.set_disabled(!view.os.1);
    }
    let said = dom::by_id("os-said");
    said.set_text_content(None);
    match view.os_said {
        Ok(key) => said.set_text_content(Some(&words::text(key))),
        Err([finding, fix]) => {
            for (text, class) in [(finding, ""), (fix, "fix")] {
                let (text, language, kind) = match text {
                    Said::Ours(key) => (words::text(key), words::text("language"), " prose"),
                    Said::Host(text) => (text, "en".to_owned(), ""),
                };
                if let Some(line) = words::append_element(&said, "bdi", &text) {
                    dom::set_attribute(&line, "lang", &language);
                    line.set_class_name(&format!("{class}{kind}"));
                }
            }
        }
    }
    dom::set_hidden(&dom::by_id("always-row"), view.always.is_none());
    set("always", view.always.unwrap_or_default());
}

/// Settles a preference. What is chosen next, before the background has answered, builds on it. `reloads`: as in [`change`].
fn prefer(manager: &Rc<Manager>, reloads: bool, act: impl FnOnce(&mut Preferences) + 'static) {
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        // Who is quicker than the background is heard too.
        let is_known = manager.choices.borrow().is_some();
        if !is_known && let Ok(choices) = choices(Change::default()).await {
            manager.choices.borrow_mut().get_or_insert(choices);
        }
        let preferences = manager.choices.borrow_mut().as_mut().map(|choices| {
            act(&mut choices.preferences);
            choices.preferences.clone()
        });
        if preferences.is_some() {
            change(&manager, Change { preferences, ..Change::default() }, reloads);
        }
    });
}

/// Has `change` made, and shows how it is then. `reloads`: every word of the screen is another one.
fn change(manager: &Rc<Manager>, change: Change, reloads: bool) {
    let manager = Rc::clone(manager);
    wasm_bindgen_futures::spawn_local(async move {
        match choices(change).await {
            Ok(_) if reloads => {
                let _reloading = dom::window().location().reload();
            }
            Ok(choices) => {
                draw(&choices);
                *manager.choices.borrow_mut() = Some(choices);
            }
            Err(problem) => say("settings-notice", Some(&problem)),
        }
    });
}

fn draw(choices: &Choices) {
    let Choices { preferences, rules } = choices;
    set("autofill", preferences.autofill);
    set("private-windows", preferences.private_windows);
    set("all-upgrades", rules.upgrades);
    let theme = match preferences.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    select("theme").set_value(theme);
    let language = match preferences.language {
        None => "",
        Some(Language::En) => "en",
        Some(Language::De) => "de",
    };
    select("language").set_value(language);
    dom::set_hidden(&dom::by_id("rules-none"), !rules.sites.is_empty());
    let place = dom::by_id("rules");
    place.set_text_content(None);
    for (index, (site, rule)) in rules.sites.iter().enumerate() {
        let copy = dom::copy_of("one-rule");
        dom::find(&copy, ".name").set_text_content(Some(site));
        dom::find(&copy, ".said-of-it").set_text_content(Some(&words::text(rule_words(rule.off))));
        let button = dom::find(&copy, ".undo-rule");
        dom::set_attribute(&button, "aria-label", &format!("{}: {site}", words::text("settingsRuleUndo")));
        dom::set_attribute(&button, "data-index", &index.to_string());
        dom::append(&place, &copy);
    }
}

fn is_on(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
}

fn set(id: &str, on: bool) {
    if let Some(input) = dom::input(id) {
        input.set_checked(on);
    }
}

fn select(id: &str) -> HtmlSelectElement {
    dom::by_id(id).unchecked_into()
}
