//! The manager: all passkeys and what can be done with them, what was deleted, the settings, and whether all is in order. One document for
//! the toolbar and for a tab of its own.

mod details;
mod diagnostics;
mod list;
mod pin;
mod settings;
mod sync;
mod tab;
mod toast;
mod trash;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::manage;
use protocol::webauthn::CredentialId;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement};

use super::{dom, notice, words};
use crate::admission::asked::Choices;
use crate::presentation::manager::{NARROW, Passkeys};
use crate::presentation::problem::Problem;

/// The screen.
#[derive(Default)]
struct Manager {
    is_popup: bool,
    passkeys: RefCell<Passkeys>,
    /// What the search finds, as indices into `passkeys`.
    found: RefCell<Vec<usize>>,
    /// The row that the keyboard is at, as an index into `found`.
    active: Cell<Option<usize>>,
    /// Whose details are on the screen.
    shown: RefCell<Option<CredentialId>>,
    is_loading: Cell<bool>,
    trash: RefCell<trash::Trash>,
    settings: RefCell<Option<manage::Settings>>,
    choices: RefCell<Option<Choices>>,
    /// What the dialog for the PIN is about.
    asked: RefCell<Option<pin::Asked>>,
    sync: sync::Place,
    earlier: RefCell<manage::Earlier>,
    diagnosis: RefCell<Option<manage::Diagnosis>>,
    toasts: Cell<u32>,
}

/// Starts the screen.
pub fn start() {
    words::speak();
    let is_popup = dom::window().location().search().is_ok_and(|search| search == "?popup");
    let manager = Rc::new(Manager { is_popup, ..Manager::default() });
    if is_popup {
        if let Some(root) = dom::document().document_element() {
            dom::set_attribute(&root, "data-popup", "");
        }
        tab::start();
    }
    list::start(&manager);
    details::start(&manager);
    trash::start(&manager);
    settings::start(&manager);
    pin::start(&manager);
    diagnostics::start(&manager);
    sync::start(&manager);
    let routed = Rc::clone(&manager);
    dom::listen(&dom::window(), "hashchange", move |_: Event| routed.route(true));
    manager.route(false);
    if let Ok(Some(main)) = dom::document().query_selector("main") {
        let _removed = main.remove_attribute("aria-busy");
    }
}

impl Manager {
    /// Shows what the address names. `moves`: whether the keyboard goes there.
    fn route(self: &Rc<Self>, moves: bool) {
        let hash = dom::window().location().hash().unwrap_or_default();
        let places = ["passkeys", "deleted", "sync", "settings", "diagnostics"];
        let place = places.into_iter().find(|place| hash.trim_start_matches('#') == *place).unwrap_or("passkeys");
        self.set("data-view", place);
        self.set("data-pane", "list");
        for other in places {
            if other != "passkeys" {
                dom::set_hidden(&dom::by_id(other), other != place);
            }
            if let Ok(Some(link)) = dom::by_id("places").query_selector(&format!("[href='#{other}']")) {
                if other == place {
                    dom::set_attribute(&link, "aria-current", "page");
                } else {
                    let _removed = link.remove_attribute("aria-current");
                }
            }
        }
        match place {
            "deleted" => trash::show(self),
            "sync" => sync::show(self),
            "settings" => settings::show(self),
            "diagnostics" => diagnostics::show(self),
            _ => {
                list::draw(self);
                sync::learn(self);
            }
        }
        if moves && place != "passkeys" {
            dom::focus(&dom::by_id(&format!("{place}-title")));
        }
    }

    fn set(&self, name: &str, value: &str) {
        if let Some(body) = dom::document().body() {
            dom::set_attribute(&body, name, value);
        }
    }

    /// Whether the list and the details come one after the other.
    fn is_narrow(&self) -> bool {
        let width = dom::window().inner_width().ok().and_then(|width| width.as_f64());
        self.is_popup || width.is_some_and(|width| width <= NARROW)
    }
}

/// Says what went wrong in the place `id`, or no longer anything.
fn say(id: &str, problem: Option<&Problem>) {
    notice::put(&dom::by_id(id), problem.map(Problem::view).as_ref());
}

fn set_text(id: &str, text: &str) {
    dom::by_id(id).set_text_content(Some(text));
}

/// Calls `act` for each event `name` of the element `id`.
fn on<E: JsCast + 'static>(manager: &Rc<Manager>, id: &str, name: &str, act: impl Fn(&Rc<Manager>, E) + 'static) {
    let manager = Rc::clone(manager);
    dom::listen(&dom::by_id(id), name, move |event: E| act(&manager, event));
}

/// The element `selector` that an event is in, and the number it has in `data-index`.
fn hit(target: Option<EventTarget>, selector: &str) -> Option<(HtmlElement, usize)> {
    let element: Element = target?.dyn_into().ok()?;
    let element: HtmlElement = element.closest(selector).ok()??.dyn_into().ok()?;
    let index = element.get_attribute("data-index")?.parse().ok()?;
    Some((element, index))
}
