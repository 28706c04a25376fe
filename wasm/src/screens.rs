//! The extension's screens. The structure is in `extension/*.html`, the words are in `_locales`; here is the behaviour.

mod ask;
mod dom;
mod manager;
mod notice;
mod pin;
mod port;
mod prompt;
mod welcome;
mod words;

use wasm_bindgen::prelude::*;

/// `prompt.html`, the window that asks. screen.js calls the function that the document names in `data-screen`.
#[wasm_bindgen]
pub fn prompt() {
    prompt::start();
}

/// `welcome.html`, which opens after the installation.
#[wasm_bindgen]
pub fn welcome() {
    welcome::start();
}

/// `manager.html`, in a tab of its own or from the toolbar.
#[wasm_bindgen]
pub fn manager() {
    manager::start();
}

/// Before the screen: the words of the language that the user has chosen, as `_locales` has them; null where it is the browser's.
#[wasm_bindgen]
pub fn speak(messages: JsValue) {
    words::choose(messages);
}
