//! The screen's line to the background, joined anew when the browser has stopped the background meanwhile.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::dom;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    pub(super) type Port;
    pub(super) type Event;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = connect)]
    pub(super) fn connect(options: &JsValue) -> Result<Port, JsValue>;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub(super) fn post_message(this: &Port, message: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter, js_name = onMessage)]
    pub(super) fn on_message(this: &Port) -> Event;

    #[wasm_bindgen(method, getter, js_name = onDisconnect)]
    pub(super) fn on_disconnect(this: &Port) -> Event;

    #[wasm_bindgen(method, js_name = addListener)]
    pub(super) fn add_listener(this: &Event, listener: &JsValue);

    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &Port);
}

/// A line to the background.
pub struct Line {
    name: &'static str,
    greeting: JsValue,
    receive: Box<dyn Fn(JsValue)>,
    port: RefCell<Option<Port>>,
    is_left: Cell<bool>,
    tries_left: Cell<u32>,
}

/// So often the line is joined anew without a message having come over it.
const TRIES: u32 = 5;

/// In milliseconds.
const PAUSE: i32 = 100;

impl Line {
    /// Opens a port `name` and sends `greeting` over it, as often as is needed; `receive` gets what comes back.
    pub fn open(name: &'static str, greeting: &impl Serialize, receive: impl Fn(JsValue) + 'static) -> Rc<Self> {
        let line = Rc::new(Self {
            name,
            greeting: to_js(greeting),
            receive: Box::new(receive),
            port: RefCell::default(),
            is_left: Cell::default(),
            tries_left: Cell::new(TRIES),
        });
        line.join();
        line
    }

    /// Sends `message`. Where the line is just being joined anew, the question comes again.
    pub fn send(&self, message: &impl Serialize) {
        if let Some(port) = &*self.port.borrow() {
            let _closed = port.post_message(&to_js(message));
        }
    }

    /// Joins it no more when it is lost: the screen has no more questions.
    pub fn leave(&self) {
        self.is_left.set(true);
    }

    fn join(self: &Rc<Self>) {
        // Without the extension (it was reloaded) there is no namespace to call, and nobody to ask for: the window is of no more use.
        let Ok(port) = connect(&to_js(&serde_json::json!({"name": self.name}))) else {
            return close_window();
        };
        let line = Rc::clone(self);
        let receive = Closure::<dyn Fn(JsValue)>::new(move |message| {
            line.tries_left.set(TRIES);
            (line.receive)(message);
        });
        port.on_message().add_listener(&receive.into_js_value());
        let line = Rc::clone(self);
        let lost = Closure::once_into_js(move || line.lost());
        port.on_disconnect().add_listener(&lost);
        let _closed = port.post_message(&self.greeting);
        *self.port.borrow_mut() = Some(port);
    }

    fn lost(self: Rc<Self>) {
        *self.port.borrow_mut() = None;
        if self.is_left.get() {
            return;
        }
        let tries_left = self.tries_left.get();
        if tries_left == 0 {
            return close_window();
        }
        self.tries_left.set(tries_left - 1);
        dom::after(PAUSE, move || self.join());
    }
}

/// Closes the screen's window.
pub fn close_window() {
    let _closed = dom::window().close();
}

/// As the values of JSON.
pub(super) fn to_js(message: &impl Serialize) -> JsValue {
    message.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}
