//! `chrome.action`, the icon in the toolbar, and the words it says.

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::runtime::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    async fn set_badge_text(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    async fn set_badge_background_color(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeTextColor)]
    async fn set_badge_text_color(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setTitle)]
    async fn set_title(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    fn get_message(key: &str, substitutions: &Array) -> String;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    tab_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

/// What the icon says beside a tab.
pub struct Badge {
    /// How much there is to see; 0 for nothing.
    pub count: usize,
    /// The key of the words for it, and their argument.
    pub title: (&'static str, String),
}

/// Shows `badge` on the icon beside the tab. The browser takes it away when the tab goes to another document, or is closed.
pub async fn show(tab_id: i32, badge: Badge) {
    let details = Details { tab_id, text: None, color: None, title: None };
    let count = if badge.count == 0 { String::new() } else { badge.count.to_string() };
    let (key, argument) = badge.title;
    let title = get_message(key, &Array::of1(&JsValue::from_str(&argument)));
    // A tab that is closed meanwhile has no icon.
    if let Ok(color) = to_js(&Details { color: Some("#12665f"), ..details }) {
        let _closed = set_badge_background_color(&color).await;
    }
    if let Ok(color) = to_js(&Details { color: Some("#ffffff"), ..details }) {
        let _closed = set_badge_text_color(&color).await;
    }
    if let Ok(text) = to_js(&Details { text: Some(&count), ..details }) {
        let _closed = set_badge_text(&text).await;
    }
    if let Ok(title) = to_js(&Details { title: Some(&title), ..details }) {
        let _closed = set_title(&title).await;
    }
}
