//! `chrome.tabs`: the tab that asks, as it is now.

use wasm_bindgen::prelude::*;

use super::runtime::{Tab, from_js};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    async fn get_tab(id: i32) -> Result<JsValue, JsValue>;
}

/// `tabs.get()`. `None` where there is no such tab any more.
pub async fn get(id: i32) -> Option<Tab> {
    from_js(get_tab(id).await.ok()?)
}
