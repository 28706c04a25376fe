//! What a screen asks the background, each question over a port of its own: the background may be stopped in between.

use std::cell::Cell;

use js_sys::{Function, Promise};
use protocol::manage::sync::{SyncState, Task};
use protocol::manage::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::port::{connect, to_js};
use crate::admission::asked::{Ask, Change, Choices};
use crate::client::prompt::Pin;
use crate::client::{Beginning, Settlement};
use crate::presentation::problem::Problem;

/// Asks the host.
///
/// # Errors
/// The host's own, or that it does not answer.
pub async fn ask(request: Request) -> Result<Response, Problem> {
    over_the_line(Ask::Request(json!(request))).await
}

/// Settles what takes the PIN or the OS's yes.
///
/// # Errors
/// What is wrong with what was typed, or as [`ask`].
pub async fn settle(settlement: Settlement) -> Result<(), Problem> {
    over_the_line::<bool>(Ask::Pin(settlement)).await.map(|_| ())
}

/// Begins a person's task of sync, with what was typed to be verified for it.
///
/// # Errors
/// As [`settle`].
pub async fn begin(task: Task, pin: Option<Pin>) -> Result<SyncState, Problem> {
    over_the_line(Ask::Begin(Beginning { task, pin })).await
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
    let mut answer: Value = serde_wasm_bindgen::from_value(answer).unwrap_or_default();
    match answer.get_mut("ok").map(Value::take) {
        Some(answer) => serde_json::from_value(answer).map_err(|_| Problem::host_missing()),
        None => Err(serde_json::from_value(answer["error"].take()).unwrap_or_else(|_| Problem::host_missing())),
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
