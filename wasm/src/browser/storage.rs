//! `chrome.storage.session`: what must outlive the background's being stopped, in memory, out of content scripts' reach.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::runtime::{from_js, to_js};
use crate::admission::fetched::{Kept as Document, MAX_DOCUMENTS};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    async fn session_get(key: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    async fn session_set(items: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = remove)]
    async fn session_remove(key: &str) -> Result<JsValue, JsValue>;
}

/// A ceremony as it is kept: enough for the next background to take it up again. No PIN, no account.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// The tab that asked.
    pub tab: i32,
    /// The document that asked: no other may take the ceremony up.
    pub document_id: String,
    /// The document's origin.
    pub origin: String,
    /// The window that asks the user, once it is open.
    pub window: Option<i32>,
    /// The user's decision, unless it holds a PIN.
    pub decision: Option<Value>,
}

const PREFIX: &str = "ceremony:";
const DOCUMENT: &str = "fetched:";

/// What is kept of the ceremony `id`.
pub async fn kept(id: &str) -> Option<Kept> {
    read(&key(id)).await
}

/// Everything that is kept, by ceremony.
pub async fn all_kept() -> Vec<(String, Kept)> {
    read_all(PREFIX).await
}

/// Keeps `state` for the ceremony `id`. Without storage the ceremony runs all the same; only a stopped background would end it.
pub async fn keep(id: &str, state: &Kept) {
    write(&key(id), state).await;
}

/// Forgets the ceremony `id`.
pub async fn forget(id: &str) {
    remove(&key(id)).await;
}

/// The value of `key`; `None` where there is none, or another than a `T`.
pub async fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let items = session_get(&JsValue::from_str(key)).await.ok()?;
    let value = from_js::<BTreeMap<String, Value>>(items)?.remove(key)?;
    serde_json::from_value(value).ok()
}

/// The values of all keys that begin with `prefix`, by the rest of the key.
pub async fn read_all<T: DeserializeOwned>(prefix: &str) -> Vec<(String, T)> {
    let items = session_get(&JsValue::NULL).await.unwrap_or(JsValue::NULL);
    let items: BTreeMap<String, Value> = from_js(items).unwrap_or_default();
    let of_prefix = |(key, value): (String, Value)| {
        Some((key.strip_prefix(prefix)?.to_owned(), serde_json::from_value(value).ok()?))
    };
    items.into_iter().filter_map(of_prefix).collect()
}

/// Sets the value of `key`, in memory, until the browser is closed.
pub async fn write(key: &str, value: &impl Serialize) {
    if let Ok(items) = to_js(&BTreeMap::from([(key, value)])) {
        let _refused = session_set(&items).await;
    }
}

/// Removes `key`.
pub async fn remove(key: &str) {
    let _refused = session_remove(key).await;
}

/// What was fetched from `url`.
pub async fn kept_document(url: &str) -> Option<Document> {
    read(&document_key(url)).await
}

/// Keeps what was fetched from `url`; where there are too many documents already, instead of them.
pub async fn keep_document(url: &str, document: &Document) {
    let documents: Vec<(String, Value)> = read_all(DOCUMENT).await;
    if documents.len() >= MAX_DOCUMENTS {
        for (url, _) in documents {
            remove(&document_key(&url)).await;
        }
    }
    write(&document_key(url), document).await;
}

fn document_key(url: &str) -> String {
    format!("{DOCUMENT}{url}")
}

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}
