//! What was saved without a window (L3 conditional create), for as long as the browser runs, and taking it back.

use std::time::Duration;

use js_sys::Date;
use protocol::manage::{DeleteRequest, Request};
use protocol::native_message::ErrorCode;
use protocol::webauthn::{CredentialId, RpId};
use serde::{Deserialize, Serialize};

use super::{native_port, storage, timer, toolbar, web_navigation};
use crate::client::{self, HostError};
use crate::presentation::toolbar::Undo;

/// A passkey that was saved, as it is kept under its ceremony.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Its RP ID.
    pub rp_id: RpId,
    /// The account.
    pub user_name: String,
    /// The passkey.
    pub credential_id: CredentialId,
    /// The tab whose page asked for it.
    pub tab: i32,
    /// When it was made, milliseconds since 1970.
    pub at: f64,
    /// Whether the toolbar has shown it.
    #[serde(default)]
    pub seen: bool,
    /// Whether it was taken back.
    #[serde(default)]
    pub undo: Undo,
}

const PREFIX: &str = "saved:";

/// For so long the icon says that something was saved, whichever documents the tab goes to meanwhile: pages often go on at once after a
/// sign-in. The host, which is kept longer, keeps the background.
const SECONDS: u32 = 120;

/// Keeps what the ceremony of a page in `tab` has saved.
pub async fn keep(ceremony: &str, tab: i32, saved: &client::Saved) {
    let client::Saved { rp_id, user_name, credential_id } = saved.clone();
    let saved = Saved { rp_id, user_name, credential_id, tab, at: Date::now(), seen: false, undo: Undo::default() };
    storage::write(&key(ceremony), &saved).await;
}

/// What the ceremony has saved.
pub async fn by(ceremony: &str) -> Option<client::Saved> {
    let Saved { rp_id, user_name, credential_id, .. } = storage::read(&key(ceremony)).await?;
    Some(client::Saved { rp_id, user_name, credential_id })
}

/// The ceremony has saved nothing that anybody is to be told of.
pub async fn forget(ceremony: &str) {
    storage::remove(&key(ceremony)).await;
}

/// For so long the toolbar lists what it has shown already, in milliseconds.
const LISTED: f64 = 600_000.0;

/// What was saved for the tab, the newest first, by ceremony.
pub async fn of(tab: i32) -> Vec<(String, Saved)> {
    let mut all: Vec<(String, Saved)> = storage::read_all(PREFIX).await;
    all.retain(|(_, saved)| saved.tab == tab && (!saved.seen || Date::now() - saved.at < LISTED));
    all.sort_by(|(_, one), (_, other)| other.at.total_cmp(&one.at));
    all
}

/// The page of `tab` was just told that a passkey was saved: the icon says it too.
pub async fn told(tab: i32) {
    let mut document = web_navigation::current_document(tab, 0).await;
    toolbar::changed(tab).await;
    for _ in 0..SECONDS {
        timer::sleep(Duration::from_secs(1)).await;
        if of(tab).await.iter().all(|(_, saved)| saved.seen) {
            return;
        }
        let now = web_navigation::current_document(tab, 0).await;
        if now != document {
            document = now;
            toolbar::changed(tab).await;
        }
    }
}

/// The toolbar shows what was saved for the tab.
pub async fn seen(tab: i32) {
    for (ceremony, saved) in of(tab).await.into_iter().filter(|(_, saved)| !saved.seen) {
        storage::write(&key(&ceremony), &Saved { seen: true, ..saved }).await;
    }
}

/// Takes back what the ceremony saved for `tab`: it goes to "recently deleted". Whether it is gone.
pub async fn undo(ceremony: &str, tab: i32) -> bool {
    let kept: Option<Saved> = storage::read(&key(ceremony)).await;
    let Some(saved) = kept.filter(|saved| saved.tab == tab) else {
        return false;
    };
    let _host = native_port::in_use();
    let request = Request::Delete(DeleteRequest { credential_id: saved.credential_id.clone() });
    let is_gone = match native_port::manage(request).await {
        Ok(_) => true,
        Err(HostError::Refused(error)) => error.code == ErrorCode::NotFound,
        Err(HostError::Gone | HostError::Unintelligible) => false,
    };
    let undo = if is_gone { Undo::Done } else { Undo::Failed };
    storage::write(&key(ceremony), &Saved { seen: true, undo, ..saved }).await;
    toolbar::changed(tab).await;
    is_gone
}

fn key(ceremony: &str) -> String {
    format!("{PREFIX}{ceremony}")
}
