//! The extension's screens. The structure is in `extension/*.html`, the words are in `_locales`; here is the behaviour.

mod ask;
mod dom;
mod pin;
mod port;
mod prompt;
mod toolbar;
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

/// `toolbar.html`, which opens from the toolbar.
#[wasm_bindgen]
pub fn toolbar() {
    toolbar::start();
}
