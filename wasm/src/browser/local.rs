//! `chrome.storage.local`: what stays when the browser is closed. Nothing of it is secret.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::runtime::{from_js, to_js};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    async fn local_get(key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    async fn local_set(items: &JsValue) -> Result<JsValue, JsValue>;
}

/// The value of `key`; `None` where there is none, or another than a `T`.
pub async fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let items = local_get(key).await.ok()?;
    let value = from_js::<BTreeMap<String, Value>>(items)?.remove(key)?;
    serde_json::from_value(value).ok()
}

/// Sets the value of `key`.
pub async fn write(key: &str, value: &impl Serialize) {
    if let Ok(items) = to_js(&BTreeMap::from([(key, value)])) {
        let _refused = local_set(&items).await;
    }
}
