//! The extension's screens. The structure is in `extension/*.html`, the words are in `_locales`; here is the behaviour.

mod dom;
mod port;
mod prompt;
mod words;

use wasm_bindgen::prelude::*;

/// `prompt.html`, the window that asks. screen.js calls the function that the document names in `data-screen`.
#[wasm_bindgen]
pub fn prompt() {
    prompt::start();
}
