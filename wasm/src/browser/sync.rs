//! Sync as the background sees it: it never asks by itself but once, when the browser has started and sync is known to be on; and what the
//! host tells of it, whoever asked, is counted on the toolbar's icon.

use std::time::Duration;

use protocol::manage::sync::{SyncRequest, SyncState};
use protocol::manage::{Request, Response};
use serde_json::Value;

use super::{action, local, native_port, storage, timer};
use crate::presentation::sync::alarms::count;

/// Whether sync was on when the host last told of it: then the host is started with the browser.
const ON: &str = "sync";

/// How much waits for a person.
const WAITING: &str = "sync:waiting";

/// In the browser's memory: whether a background has started in it.
const STARTED: &str = "sync:started";

/// A pass that the browser's start brought about is looked at so often, and for so long at most.
const LOOK: Duration = Duration::from_secs(3);
const LOOKS: usize = 20;

/// The background has started. Where it is the first one since the browser has, and sync is on, the host synchronizes once. Where it is not
/// on, no host is started for it.
pub async fn background_started() {
    if storage::read(STARTED).await == Some(true) {
        return;
    }
    storage::write(STARTED, &true).await;
    if local::read(ON).await != Some(true) {
        return;
    }
    let _host = native_port::in_use();
    let mut request = SyncRequest::Now {};
    for _ in 0..LOOKS {
        let Ok(Response::Sync(state)) = native_port::manage(Request::Sync(Box::new(request))).await else { return };
        note(&state).await;
        if !state.on.as_ref().is_some_and(|on| on.busy) {
            return;
        }
        timer::sleep(LOOK).await;
        request = SyncRequest::State {};
    }
}

/// What the host has answered one of our pages.
pub async fn heard(answer: &Value) {
    if let Some(state) = answer.get("sync").and_then(|state| serde_json::from_value(state.clone()).ok()) {
        note(&state).await;
    }
}

/// How much waits for a person, as far as it is known.
pub async fn waiting() -> usize {
    storage::read(WAITING).await.unwrap_or_default()
}

async fn note(state: &SyncState) {
    let is_on = state.on.is_some();
    if local::read::<bool>(ON).await.unwrap_or_default() != is_on {
        local::write(ON, &is_on).await;
    }
    let count = count(state);
    if waiting().await != count {
        storage::write(WAITING, &count).await;
        action::show_everywhere(count).await;
    }
}
