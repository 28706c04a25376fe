//! What parked conditional requests could be answered with: asked of the host without a word to the user, told to the frame, and kept for
//! the toolbar until the frame withdraws it or goes on to another document.

use std::future::pending;
use std::time::Duration;

use protocol::manage;
use protocol::webauthn::RpId;
use serde::{Deserialize, Serialize};
use wasm_bindgen::throw_str;

use super::sender::Asker;
use super::{fetch, native_port, preferences, rules, storage, timer, web_navigation};
use crate::client::prompt::{Decision, Question};
use crate::client::{self, Claimed, Environment, Fetched, HostError, PageRequest, Saved};

/// An offer as it is kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The document that holds the request.
    pub document_id: String,
    /// The RP ID of what Keystow holds.
    pub rp_id: RpId,
    /// Whether the toolbar is the only place where the user meets it.
    pub badge: bool,
}

/// What Keystow could answer the request of `asker` with, if anything.
pub async fn ask(asker: &Asker, request: Claimed<PageRequest>, badge: bool) -> Option<RpId> {
    if !rules::is_on(&asker.origin).await || !preferences::offer(asker).await {
        return None;
    }
    let _host = native_port::in_use();
    let caller = asker.caller(request.ancestor_origins()).await;
    let rp_id = client::offer(&caller, request, &Silent { private: asker.tab.incognito }).await?;
    let offer = Offer { document_id: asker.document_id.clone(), rp_id: rp_id.clone(), badge };
    storage::write(&key(asker.tab.id, asker.frame_id), &offer).await;
    Some(rp_id)
}

/// The document's request is over.
pub async fn withdraw(asker: &Asker) {
    let key = key(asker.tab.id, asker.frame_id);
    let kept: Option<Offer> = storage::read(&key).await;
    if kept.is_some_and(|offer| offer.document_id == asker.document_id) {
        storage::remove(&key).await;
    }
}

/// What stands in the tab, by frame.
pub async fn of(tab: i32) -> Vec<(i64, Offer)> {
    let mut current = Vec::new();
    for (frame, offer) in storage::read_all::<Offer>(&prefix(tab)).await {
        let Ok(frame) = frame.parse() else { continue };
        if web_navigation::current_document(tab, frame).await.as_ref() == Some(&offer.document_id) {
            current.push((frame, offer));
        } else {
            storage::remove(&key(tab, frame)).await;
        }
    }
    current
}

/// The tab was closed.
pub async fn forget(tab: i32) {
    for (frame, _) in storage::read_all::<Offer>(&prefix(tab)).await {
        storage::remove(&format!("{}{frame}", prefix(tab))).await;
    }
}

fn prefix(tab: i32) -> String {
    format!("offer:{tab}:")
}

fn key(tab: i32, frame: i64) -> String {
    format!("{}{frame}", prefix(tab))
}

/// The world of a question that the user does not hear of.
pub struct Silent {
    /// Whether it is asked from a private window.
    pub private: bool,
}

impl Environment for Silent {
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError> {
        native_port::ctap(message, self.private).await
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        native_port::manage(request).await
    }

    async fn ask(&self, _: Question) -> Decision {
        Decision::Cancel
    }

    async fn withdrawn(&self) -> Decision {
        pending().await
    }

    async fn fetch(&self, url: &str) -> Option<Fetched> {
        fetch::fetch(url, self.private).await
    }

    fn origin_of(&self, url: &str) -> Option<String> {
        fetch::origin_of(url)
    }

    fn tell(&self, request: manage::Request) -> Result<(), HostError> {
        native_port::tell(request)
    }

    /// It is asked about signing in alone.
    async fn may_upgrade(&self) -> bool {
        false
    }

    async fn saved(&self, _: &Saved) {}

    async fn saved_before(&self) -> Option<Saved> {
        None
    }

    async fn sleep(&self, duration: Duration) {
        timer::sleep(duration).await;
    }

    fn random(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            throw_str("crypto.getRandomValues failed");
        }
    }
}
