//! `chrome.webNavigation`: which document is where.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::runtime::{from_js, to_js};
use crate::admission::ancestors::Frame;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "webNavigation"], js_name = getFrame)]
    async fn get_frame(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "webNavigation"], js_name = getAllFrames)]
    async fn get_all_frames(details: &JsValue) -> Result<JsValue, JsValue>;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    tab_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame_id: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Current {
    document_id: Option<String>,
    url: Option<String>,
}

/// The document that a frame holds now.
pub async fn current_document(tab_id: i32, frame_id: i64) -> Option<String> {
    current(tab_id, frame_id).await?.document_id
}

/// The address of the document that a frame holds now.
pub async fn address(tab_id: i32, frame_id: i64) -> Option<String> {
    current(tab_id, frame_id).await?.url
}

async fn current(tab_id: i32, frame_id: i64) -> Option<Current> {
    let details = to_js(&Details { tab_id, frame_id: Some(frame_id) }).ok()?;
    let answer = get_frame(&details).await.ok()?;
    from_js::<Option<Current>>(answer)?
}

/// All frames of a tab; none where the browser does not say.
pub async fn frames_of(tab_id: i32) -> Vec<Frame> {
    let Ok(details) = to_js(&Details { tab_id, frame_id: None }) else {
        return Vec::new();
    };
    let answer = get_all_frames(&details).await.unwrap_or(JsValue::NULL);
    from_js::<Option<Vec<Frame>>>(answer).flatten().unwrap_or_default()
}
