//! The extension's background: ports, windows and storage around the client. background.js calls the exported functions below, one for
//! each kind of event, and everything else follows from them.

mod action;
mod advice;
mod ceremonies;
mod ceremony;
mod environment;
mod fetch;
mod local;
mod manager;
mod native_port;
mod notices;
mod offers;
mod passwords;
mod preferences;
mod prompt_window;
mod rules;
mod runtime;
mod saved;
mod sender;
mod storage;
mod sync;
mod tabs;
mod timer;
mod toolbar;
mod upgrades;
mod web_navigation;
mod windows;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use runtime::Port;

/// Once, as soon as the module is there. `take_host` opens the native port (or hands over the one that was opened meanwhile).
#[wasm_bindgen]
pub fn start(take_host: Function) {
    native_port::start(take_host);
    wasm_bindgen_futures::spawn_local(prompt_window::close_unclaimed());
    wasm_bindgen_futures::spawn_local(sync::background_started());
}

/// `runtime.onConnect`.
#[wasm_bindgen]
pub fn connect(port: Port) {
    if port.name() == ceremonies::CEREMONY {
        native_port::open();
    }
}

/// `Port.onMessage` of a port of content.js, or of one of our own pages.
#[wasm_bindgen]
pub fn message(port: Port, value: JsValue) {
    match port.name().as_str() {
        ceremonies::CEREMONY => ceremonies::page_message(&port, value),
        notices::NOTICE => notices::message(&port, value),
        manager::MANAGER => manager::message(&port, value),
        prompt_window::PROMPT => prompt_window::message(&port, value),
        toolbar::TOOLBAR => toolbar::message(&port, value),
        _ => port.disconnect(),
    }
}

/// `Port.onDisconnect` of such a port.
#[wasm_bindgen]
pub fn disconnect(port: Port) {
    match port.name().as_str() {
        ceremonies::CEREMONY => ceremonies::page_gone(&port),
        toolbar::TOOLBAR => toolbar::gone(&port),
        _ => prompt_window::gone(&port),
    }
}

/// `Port.onMessage` of the native port.
#[wasm_bindgen]
pub fn host_message(port: Port, value: JsValue) {
    native_port::message(&port, value);
}

/// `Port.onDisconnect` of the native port.
#[wasm_bindgen]
pub fn host_gone(port: Port) {
    native_port::gone(&port);
}

/// `windows.onRemoved`.
#[wasm_bindgen]
pub fn window_removed(window: i32) {
    ceremonies::window_removed(window);
}

/// `tabs.onRemoved`.
#[wasm_bindgen]
pub fn tab_removed(tab: i32) {
    ceremonies::tab_removed(tab);
    wasm_bindgen_futures::spawn_local(toolbar::tab_removed(tab));
}
