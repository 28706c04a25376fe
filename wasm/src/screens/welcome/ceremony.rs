//! One call of this page, over the port that content.js uses for a site's.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use protocol::base64url;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::screens::port::{connect, to_js};

/// So often a call is taken up again whose background the browser has stopped.
const TRIES: u32 = 5;

/// What came of a call.
pub(super) enum Outcome {
    /// A credential, in its JSON form.
    Credential(Value),
    /// The user did not go through with it, or wants the browser's own.
    Ended,
    /// Anything else.
    Failed,
}

/// `call` ("create" or "get") with `options`.
pub(super) async fn call(call: &str, options: &Value) -> Outcome {
    let ceremony: String = random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let message = to_js(&json!({"ceremony": ceremony, "call": call, "options": options}));
    for _ in 0..TRIES {
        let answer = JsFuture::from(sent(&message)).await.unwrap_or(JsValue::NULL);
        let answer: Option<Value> = serde_wasm_bindgen::from_value(answer).ok();
        if let Some(answer) = answer.filter(Value::is_object) {
            return outcome(answer);
        }
    }
    Outcome::Failed
}

fn outcome(mut answer: Value) -> Outcome {
    let credential = answer["credential"].take();
    if !credential.is_null() {
        return Outcome::Credential(credential);
    }
    let is_ended = answer["native"] == true || answer["error"]["name"] == "NotAllowedError";
    if is_ended { Outcome::Ended } else { Outcome::Failed }
}

/// The answer, after the sign that somebody takes care of it; null where the port was closed without one.
fn sent(message: &JsValue) -> Promise {
    Promise::new(&mut |resolve: Function, _| {
        let Ok(port) = connect(&to_js(&json!({"name": "ceremony"}))) else {
            let _settled = resolve.call1(&JsValue::NULL, &JsValue::NULL);
            return;
        };
        let is_taken = Rc::new(Cell::new(false));
        let (answered, settle) = (port.clone(), resolve.clone());
        let receive = Closure::<dyn Fn(JsValue)>::new(move |answer: JsValue| {
            if is_taken.replace(true) {
                let _settled = settle.call1(&JsValue::NULL, &answer);
                answered.disconnect();
            }
        });
        port.on_message().add_listener(&receive.into_js_value());
        let lost = Closure::once_into_js(move || {
            let _settled = resolve.call1(&JsValue::NULL, &JsValue::NULL);
        });
        port.on_disconnect().add_listener(&lost);
        let _closed = port.post_message(message);
    })
}

/// Fresh random bytes.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        wasm_bindgen::throw_str("crypto.getRandomValues failed");
    }
    bytes
}

/// A credential ID as the host takes it.
pub(super) fn credential_id(id: &str) -> Option<protocol::webauthn::CredentialId> {
    Some(base64url::decode(id).ok()?.into())
}
