//! What a screen asks the background, each question over a port of its own: the background may be stopped in between.

use std::cell::Cell;

use js_sys::{Function, Promise};
use protocol::manage::{Request, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::port::{connect, to_js};
use crate::client::Settlement;
use crate::presentation::line::{Ask, Change, Choices, Problem};

/// Asks the host.
///
/// # Errors
/// The host's own, or that it does not answer.
pub async fn ask(request: Request) -> Result<Response, Problem> {
    over_the_line(Ask::Request(request)).await
}

/// Settles what takes the PIN or the OS's yes.
///
/// # Errors
/// What is wrong with what was typed, or as [`ask`].
pub async fn settle(settlement: Settlement) -> Result<(), Problem> {
    over_the_line::<bool>(Ask::Pin(settlement)).await.map(|_| ())
}

/// The extension's own choices, after `change`.
///
/// # Errors
/// As [`ask`]; there is then no background.
pub async fn choices(change: Change) -> Result<Choices, Problem> {
    over_the_line(Ask::Choices(change)).await
}

#[derive(Serialize)]
struct Question<'a> {
    id: u64,
    #[serde(flatten)]
    ask: &'a Ask,
}

/// One of the two, beside the question's id.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    ok: Option<Value>,
    error: Option<Problem>,
}

thread_local! {
    static LAST_ID: Cell<u64> = const { Cell::new(0) };
}

async fn over_the_line<T: DeserializeOwned>(ask: Ask) -> Result<T, Problem> {
    let id = LAST_ID.get() + 1;
    LAST_ID.set(id);
    // Not by way of a JSON value: what was typed is not to be left about.
    let question = to_js(&Question { id, ask: &ask });
    drop(ask);
    let answer = JsFuture::from(sent(&question)).await.unwrap_or(JsValue::NULL);
    let answer: Option<Answer> =
        serde_wasm_bindgen::from_value(answer).ok().and_then(|answer| serde_json::from_value(answer).ok());
    match answer.unwrap_or_default() {
        Answer { error: Some(problem), .. } => Err(problem),
        Answer { ok: Some(answer), .. } => serde_json::from_value(answer).map_err(|_| Problem::host_missing()),
        Answer { .. } => Err(Problem::host_missing()),
    }
}

/// The answer; null where the port was closed without one.
fn sent(message: &JsValue) -> Promise {
    Promise::new(&mut |resolve: Function, _| {
        let Ok(port) = connect(&to_js(&json!({"name": "manager"}))) else {
            let _settled = resolve.call1(&JsValue::NULL, &JsValue::NULL);
            return;
        };
        let (answered, taken) = (port.clone(), resolve.clone());
        let receive = Closure::once_into_js(move |answer: JsValue| {
            let _settled = taken.call1(&JsValue::NULL, &answer);
            answered.disconnect();
        });
        port.on_message().add_listener(&receive);
        let lost = Closure::once_into_js(move || {
            let _settled = resolve.call1(&JsValue::NULL, &JsValue::NULL);
        });
        port.on_disconnect().add_listener(&lost);
        let _closed = port.post_message(message);
    })
}
