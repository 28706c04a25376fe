//! The line of our own pages: what they ask of the host goes there and back, what they ask of the extension is answered here. One port, one
//! question: `{id, request}`, `{id, pin}`, `{id, begin}` or `{id, choices}`; the answer is `{id, ok}` or `{id, error}`.

use protocol::native_message;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::offers::Silent;
use super::runtime::{Port, json as json_of};
use super::{native_port, preferences, rules, sync, toolbar};
use crate::admission::asked::{Ask, Change, Choices};
use crate::client::{HostError, Unsettled, begin, settle};
use crate::presentation::problem::{NOTICE, Problem};

/// The name of the port.
pub const MANAGER: &str = "manager";

/// Who may ask.
const PAGES: [&str; 2] = ["manager.html", "welcome.html"];

/// A question of one of our pages.
pub fn message(port: &Port, message: JsValue) {
    if !port.message_sender().is_some_and(|sender| PAGES.iter().any(|page| sender.is_page(page))) {
        return port.disconnect();
    }
    let Some((id, ask)) = json_of(message).and_then(question) else { return port.disconnect() };
    let port = port.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let _host = native_port::in_use();
        match answer(ask).await {
            Ok(answer) => port.post(&json!({"id": id, "ok": answer})),
            Err(problem) => port.post(&json!({"id": id, "error": problem})),
        }
    });
}

fn question(mut message: Value) -> Option<(u64, Ask)> {
    let id = message.as_object_mut()?.remove("id")?.as_u64()?;
    Some((id, serde_json::from_value(message).ok()?))
}

async fn answer(ask: Ask) -> Result<Value, Problem> {
    match ask {
        Ask::Request(request) if is_allowed(&request) => {
            let answer = native_port::relay(request).await.map_err(problem)?;
            sync::heard(&answer).await;
            Ok(answer)
        }
        Ask::Request(_) => Err(Problem::host_missing()),
        Ask::Pin(settlement) => {
            settle(&settlement, &Silent { private: false }).await.map_err(unsettled).map(|()| Value::Bool(true))
        }
        Ask::Begin(beginning) => {
            begin(beginning, &Silent { private: false }).await.map_err(unsettled).map(|state| json!(state))
        }
        Ask::Choices(change) => Ok(json!(choices(change).await)),
    }
}

/// What a person may ask for. What belongs to a ceremony comes by ceremonies alone.
#[rustfmt::skip]
const ALLOWED: [&str; 12] = [
    "status", "list", "trash", "delete", "restore", "edit", "history", "settings", "setOsVerification", "diagnose", "sync", "earlier",
];

fn is_allowed(request: &Value) -> bool {
    let name = request.as_object().and_then(|request| request.keys().next());
    name.is_some_and(|name| ALLOWED.contains(&name.as_str()))
}

async fn choices(change: Change) -> Choices {
    if let Some(preferences) = change.preferences {
        preferences::set(preferences).await;
    }
    if change.upgrades.is_some() || change.site.is_some() {
        rules::change(|rules| {
            rules.upgrades = change.upgrades.unwrap_or(rules.upgrades);
            if let Some((site, rule)) = change.site {
                rules.set(&site, rule);
            }
        })
        .await;
        toolbar::rules_changed().await;
    }
    Choices { preferences: preferences::preferences().await, rules: rules::rules().await }
}

fn problem(error: HostError) -> Problem {
    match error {
        HostError::Refused(error) => refused(error),
        HostError::Gone | HostError::Unintelligible => Problem::host_missing(),
    }
}

fn unsettled(why: Unsettled) -> Problem {
    match why {
        Unsettled::Notice(notice) => Problem { code: NOTICE.to_owned(), message: String::new(), notice: Some(notice) },
        Unsettled::Refused(error) => refused(error),
        Unsettled::Gone => Problem::host_missing(),
    }
}

fn refused(error: native_message::Error) -> Problem {
    let code = json!(error.code).as_str().unwrap_or_default().to_owned();
    Problem { code, message: error.message, notice: None }
}
