//! `chrome.runtime`: ports. (Firefox has the namespace under this name too, with promises.)

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `runtime.Port`
    #[derive(Clone)]
    pub type Port;

    /// `Port.name`
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Port) -> String;

    /// `Port.disconnect()`
    #[wasm_bindgen(method)]
    pub fn disconnect(this: &Port);

    #[wasm_bindgen(method, getter)]
    fn sender(this: &Port) -> JsValue;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &Port, message: &JsValue) -> Result<(), JsValue>;

    /// `runtime.getURL()`
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub fn get_url(path: &str) -> String;
}

/// `runtime.MessageSender`: what the browser says of the document at the other end.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageSender {
    /// The document's origin; "null" where it is opaque.
    pub origin: Option<String>,
    /// The document's address. It shows no origin that could be relied on; used only to tell our own pages apart.
    pub url: Option<String>,
    /// The tab it is in.
    pub tab: Option<Tab>,
    /// The frame it is in; 0 is a tab's outermost. In Firefox others have numbers of 34 bits and more.
    pub frame_id: Option<i64>,
    /// The document itself, as opposed to the frame.
    pub document_id: Option<String>,
    /// Chromium: "active", "prerender", "cached", "pending_deletion".
    pub document_lifecycle: Option<String>,
}

impl MessageSender {
    /// Whether it is our own page `name`. No other document has its address: nothing of ours is web-accessible.
    pub fn is_page(&self, name: &str) -> bool {
        let address = self.url.as_deref().and_then(|url| url.split(['?', '#']).next());
        address == Some(get_url(name).as_str())
    }
}

/// `tabs.Tab`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tab {
    /// The tab's id.
    pub id: i32,
    /// The window it is in.
    pub window_id: i32,
    /// Whether it is the one shown in its window.
    #[serde(default)]
    pub active: bool,
    /// Whether it is private.
    pub incognito: bool,
    /// Firefox: where its cookies are kept; containers have names of their own here.
    pub cookie_store_id: Option<String>,
}

impl Port {
    /// Who is at the other end.
    pub fn message_sender(&self) -> Option<MessageSender> {
        from_js(self.sender())
    }

    /// `Port.postMessage()`. A port that is closed meanwhile takes nothing more, and its `onDisconnect` has said so.
    pub fn post(&self, message: &impl Serialize) {
        if let Ok(message) = to_js(message) {
            let _closed = self.post_message(&message);
        }
    }

    /// Whether both are the same object.
    pub fn is(&self, other: &Port) -> bool {
        AsRef::<JsValue>::as_ref(self) == AsRef::<JsValue>::as_ref(other)
    }
}

/// What `value`, of a port or of an API, says as a `T`. By way of a JSON value, so that every type needs one deserializer and not two.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_json::from_value(json(value)?).ok()
}

/// `value` as a JSON value.
pub fn json(value: JsValue) -> Option<Value> {
    serde_wasm_bindgen::from_value(value).ok()
}

/// As the values of JSON: no `Map`, no `undefined`.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}
