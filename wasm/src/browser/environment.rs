//! What the client needs of the world, for one ceremony in the browser.

use std::rc::Rc;
use std::time::Duration;

use protocol::manage;
use serde_json::Value;
use wasm_bindgen::throw_str;

use super::ceremony::Ceremony;
use super::prompt_window::Opened;
use super::storage::Kept;
use super::{ceremonies, native_port, storage, timer};
use crate::client::prompt::{Approval, Decision, Question};
use crate::client::{Environment, HostError};

/// The browser, for one ceremony.
pub struct Browser {
    ceremony: Rc<Ceremony>,
}

impl Browser {
    /// The browser, for `ceremony`.
    pub fn new(ceremony: Rc<Ceremony>) -> Self {
        Self { ceremony }
    }

    /// The window, after its turn has come: opened, found again, or not to be had.
    async fn window(&self, question: &Question) -> Opened {
        let Ceremony { asker, place, window, .. } = &*self.ceremony;
        if place.borrow().is_some() {
            return Opened::Window;
        }
        let joined = ceremonies::line().join();
        joined.turn().await;
        *place.borrow_mut() = Some(joined);
        let Some(wait) = ceremonies::with_limit(|limit| limit.open(&asker.document_id, timer::now())) else {
            return Opened::Refused;
        };
        if !wait.is_zero() {
            timer::sleep(wait).await;
        }
        if !asker.is_current().await {
            return Opened::Refused;
        }
        window.open(&self.ceremony, question).await
    }

    /// Remembers the decision for the time after a stop of the background, and what it says about the document.
    fn note(&self, decision: &Decision) {
        let document = &self.ceremony.asker.document_id;
        match decision {
            Decision::Cancel => ceremonies::with_limit(|limit| limit.refused(document, timer::now())),
            Decision::Approve(_) | Decision::UsePin | Decision::UseAnother => {
                ceremonies::with_limit(|limit| limit.accepted(document))
            }
        }
        let holds_no_pin =
            !matches!(decision, Decision::Approve(Approval { pin, new_pin, .. }) if pin.is_some() || new_pin.is_some());
        if holds_no_pin && let Ok(decision) = serde_json::to_value(decision) {
            wasm_bindgen_futures::spawn_local(keep_decision(Rc::clone(&self.ceremony), decision));
        }
    }
}

impl Environment for Browser {
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError> {
        native_port::ctap(message).await
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        native_port::manage(request).await
    }

    async fn ask(&self, question: Question) -> Decision {
        match self.window(&question).await {
            Opened::Window => {
                let decision = self.ceremony.window.ask(&question).await;
                self.note(&decision);
                decision
            }
            Opened::Decided(decision) => decision,
            // No window, no consent: the browser has one of its own.
            Opened::Refused => Decision::UseAnother,
        }
    }

    async fn withdrawn(&self) -> Decision {
        let decision = self.ceremony.window.withdrawn().await;
        self.note(&decision);
        decision
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

async fn keep_decision(ceremony: Rc<Ceremony>, decision: Value) {
    let asker = &ceremony.asker;
    let state = Kept {
        tab: asker.tab.id,
        document_id: asker.document_id.clone(),
        origin: asker.origin.to_string(),
        window: ceremony.window.id(),
        decision: Some(decision),
    };
    storage::keep(&ceremony.id, &state).await;
}
