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

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tab_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Option<&'a str>>,
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

/// Shows `badge` on the icon beside a tab. The browser takes it away when the tab goes to another document, or is closed. Where the badge
/// has nothing to count, the icon shows there what it shows everywhere.
pub async fn show(tab_id: i32, badge: Badge) {
    let count = (badge.count > 0).then(|| badge.count.to_string());
    say(Some(tab_id), count.as_deref(), badge.title).await;
}

/// Shows beside all tabs that have nothing of their own to show how much of sync waits for a person.
pub async fn show_everywhere(waiting: usize) {
    let count = if waiting > 0 { waiting.to_string() } else { String::new() };
    say(None, Some(&count), title(waiting)).await;
}

/// The icon's words where a tab has none of its own.
pub fn title(waiting: usize) -> (&'static str, String) {
    if waiting > 0 { ("syncLineLook", waiting.to_string()) } else { ("product", String::new()) }
}

async fn say(tab_id: Option<i32>, text: Option<&str>, (key, argument): (&'static str, String)) {
    let details = Details { tab_id, text: None, color: None, title: None };
    let title = get_message(key, &Array::of1(&JsValue::from_str(&argument)));
    // A tab that is closed meanwhile has no icon.
    if let Ok(color) = to_js(&Details { color: Some("#12665f"), ..details }) {
        let _closed = set_badge_background_color(&color).await;
    }
    if let Ok(color) = to_js(&Details { color: Some("#ffffff"), ..details }) {
        let _closed = set_badge_text_color(&color).await;
    }
    if let Ok(text) = to_js(&Details { text: Some(text), ..details }) {
        let _closed = set_badge_text(&text).await;
    }
    if let Ok(title) = to_js(&Details { title: Some(&title), ..details }) {
        let _closed = set_title(&title).await;
    }
}
