//! `chrome.storage.session`: what must outlive the background's being stopped, in memory, out of content scripts' reach.

use std::collections::BTreeMap;

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
    let key = key(id);
    let items = session_get(&JsValue::from_str(&key)).await.ok()?;
    from_js::<BTreeMap<String, Kept>>(items)?.remove(&key)
}

/// Everything that is kept, by ceremony.
pub async fn all_kept() -> Vec<(String, Kept)> {
    let items = session_get(&JsValue::NULL).await.unwrap_or(JsValue::NULL);
    let items: BTreeMap<String, Value> = from_js(items).unwrap_or_default();
    let ceremony =
        |(key, kept): (String, Value)| Some((key.strip_prefix(PREFIX)?.to_owned(), serde_json::from_value(kept).ok()?));
    items.into_iter().filter_map(ceremony).collect()
}

/// Keeps `state` for the ceremony `id`. Without storage the ceremony runs all the same; only a stopped background would end it.
pub async fn keep(id: &str, state: &Kept) {
    if let Ok(items) = to_js(&BTreeMap::from([(key(id), state)])) {
        let _refused = session_set(&items).await;
    }
}

/// Forgets the ceremony `id`.
pub async fn forget(id: &str) {
    let _refused = session_remove(&key(id)).await;
}

/// What was fetched from `url`.
pub async fn kept_document(url: &str) -> Option<Document> {
    let key = document_key(url);
    let items = session_get(&JsValue::from_str(&key)).await.ok()?;
    from_js::<BTreeMap<String, Document>>(items)?.remove(&key)
}

/// Keeps what was fetched from `url`; where there are too many documents already, instead of them.
pub async fn keep_document(url: &str, document: &Document) {
    let items = session_get(&JsValue::NULL).await.unwrap_or(JsValue::NULL);
    let items: BTreeMap<String, Value> = from_js(items).unwrap_or_default();
    let documents: Vec<_> = items.into_keys().filter(|key| key.starts_with(DOCUMENT)).collect();
    if documents.len() >= MAX_DOCUMENTS {
        for key in documents {
            let _refused = session_remove(&key).await;
        }
    }
    if let Ok(items) = to_js(&BTreeMap::from([(document_key(url), document)])) {
        let _refused = session_set(&items).await;
    }
}

fn document_key(url: &str) -> String {
    format!("{DOCUMENT}{url}")
}

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}
