//! The section about the tab that the manager was opened from: shows what the background knows of it, and tells it what the user does.

mod render;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlInputElement};

use crate::presentation::toolbar::{Command, State, Tab, tab_in_question, view};
use crate::screens::dom;
use crate::screens::port::{Line, close_window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    async fn query(query: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = getCurrent)]
    async fn get_current() -> Result<JsValue, JsValue>;
}

/// What the background sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FromBackground {
    state: State,
}

/// The section.
#[derive(Default)]
struct Toolbar {
    line: RefCell<Option<Rc<Line>>>,
    shown: RefCell<Option<State>>,
}

/// Starts the section.
pub fn start() {
    dom::set_hidden(&dom::by_id("tab"), false);
    let toolbar = Rc::new(Toolbar::default());
    listen(&toolbar, "on-here", Command::OnHere);
    listen(&toolbar, "upgrades-here", Command::UpgradesHere);
    listen(&toolbar, "upgrades", Command::Upgrades);
    wasm_bindgen_futures::spawn_local(async move {
        // Without a tab the page still has the switches for all sites.
        let greeting = json!({"ready": tab().await.unwrap_or(NO_TAB)});
        let receiver = Rc::clone(&toolbar);
        let line = Line::open("toolbar", &greeting, move |message| receiver.receive(message));
        *toolbar.line.borrow_mut() = Some(line);
    });
}

/// `tabs.TAB_ID_NONE`
const NO_TAB: i32 = -1;

/// The tab that the page is about.
async fn tab() -> Option<i32> {
    let own: Option<Tab> = read(get_current().await);
    if let (None, Some(root)) = (&own, dom::document().document_element()) {
        dom::set_attribute(&root, "data-popup", "window");
    }
    let of_this_window = Object::new();
    Reflect::set(&of_this_window, &"currentWindow".into(), &true.into()).ok()?;
    let tabs: Vec<Tab> = read(query(&of_this_window).await)?;
    tab_in_question(&tabs, own.map(|own| own.id))
}

fn read<T: for<'a> Deserialize<'a>>(answer: Result<JsValue, JsValue>) -> Option<T> {
    let value: serde_json::Value = serde_wasm_bindgen::from_value(answer.ok()?).ok()?;
    serde_json::from_value(value).ok()
}

fn listen(toolbar: &Rc<Toolbar>, id: &str, command: fn(bool) -> Command) {
    let toolbar = Rc::clone(toolbar);
    dom::listen(&dom::by_id(id), "change", move |event: Event| {
        let switch = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(switch) = switch.filter(|_| event.is_trusted()) {
            toolbar.send(&command(switch.checked()));
        }
    });
}

impl Toolbar {
    fn receive(self: &Rc<Self>, message: JsValue) {
        let message = serde_wasm_bindgen::from_value(message).ok();
        let Some(FromBackground { state }) = message.and_then(|message| serde_json::from_value(message).ok()) else {
            return;
        };
        // What stays as it was is not drawn again: the keyboard may be in it.
        if self.shown.borrow().as_ref() == Some(&state) {
            return;
        }
        let toolbar = Rc::clone(self);
        render::render(&view(&state), move |command| toolbar.act(&command));
        *self.shown.borrow_mut() = Some(state);
    }

    fn act(&self, command: &Command) {
        self.send(command);
        // The window that asks comes up now.
        if let Command::Use(_) = command {
            close_window();
        }
    }

    fn send(&self, command: &Command) {
        if let Some(line) = &*self.line.borrow() {
            line.send(command);
        }
    }
}
