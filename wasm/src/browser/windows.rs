//! `chrome.windows`: the window that asks.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::runtime::{from_js, to_js};
use crate::admission::placement::Over;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "windows"], js_name = create)]
    async fn create_window(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "windows"], js_name = get)]
    async fn get_window(id: i32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "windows"], js_name = remove)]
    async fn remove_window(id: i32) -> Result<JsValue, JsValue>;
}

/// `windows.Window`, of it what is needed here.
#[derive(Clone, Debug, Deserialize)]
pub struct Window {
    /// Its id, absent where the browser withholds it.
    pub id: Option<i32>,
    /// Distance from the left edge of the screen, in pixels.
    pub left: Option<i32>,
    /// Distance from the upper edge of the screen, in pixels.
    pub top: Option<i32>,
    /// Its width, in pixels.
    pub width: Option<i32>,
    /// Whether it has the keyboard.
    #[serde(default)]
    pub focused: bool,
    /// "normal", "minimized", "maximized" or "fullscreen".
    pub state: Option<String>,
}

impl Window {
    /// What a placement is found by.
    pub fn over(&self) -> Over {
        let &Self { left, top, width, focused, .. } = self;
        Over { left, top, width, focused, minimized: self.state.as_deref() == Some("minimized") }
    }
}

/// The options of `windows.create()`.
#[derive(Serialize)]
pub struct NewWindow<'a> {
    /// The document to show.
    pub url: &'a str,
    /// "popup": no tabs, no address to type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// In pixels, with the frame.
    pub width: i32,
    /// In pixels, with the frame.
    pub height: i32,
    /// Where its left edge is to be; absent: as the browser likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i32>,
    /// Where its upper edge is to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<i32>,
    /// Whether it is to have the keyboard.
    pub focused: bool,
    /// Whether it is to be private. In Chromium a private window shows no page of an extension that serves both kinds.
    pub incognito: bool,
}

/// `windows.create()`. `None` where the browser refuses, among others for bounds off the screen.
pub async fn create(options: &NewWindow<'_>) -> Option<Window> {
    read(create_window(&to_js(options).ok()?).await)
}

/// `windows.get()`. `None` where there is no such window.
pub async fn get(id: i32) -> Option<Window> {
    read(get_window(id).await)
}

/// `windows.remove()`. A window that is closed already stays closed.
pub async fn remove(id: i32) {
    let _closed = remove_window(id).await;
}

fn read(answer: Result<JsValue, JsValue>) -> Option<Window> {
    from_js(answer.ok()?)
}
