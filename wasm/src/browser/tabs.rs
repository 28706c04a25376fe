//! `chrome.tabs`: the tab that asks, as it is now, and its content scripts.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::runtime::{Tab, from_js, to_js};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    async fn get_tab(id: i32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    async fn send_message(tab: i32, message: &JsValue, options: &JsValue) -> Result<JsValue, JsValue>;
}

/// `tabs.get()`. `None` where there is no such tab any more.
pub async fn get(id: i32) -> Option<Tab> {
    from_js(get_tab(id).await.ok()?)
}

/// To content.js.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Message {
    /// The toolbar was opened: what is there?
    Check(bool),
    /// The user takes what the frame offers.
    Use(bool),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    frame_id: Option<i64>,
}

/// Sends `message` to one frame of the tab, or to all. Where no content script is, nobody hears it.
pub async fn tell(tab: i32, frame_id: Option<i64>, message: Message) {
    if let (Ok(message), Ok(options)) = (to_js(&message), to_js(&Options { frame_id })) {
        let _unheard = send_message(tab, &message, &options).await;
    }
}
