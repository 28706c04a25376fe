//! What the client needs of the world, for one ceremony in the browser.

use std::rc::Rc;
use std::time::Duration;

use protocol::manage;
use serde_json::Value;
use wasm_bindgen::throw_str;

use super::ceremony::Ceremony;
use super::prompt_window::Opened;
use super::storage::Kept;
use super::{ceremonies, fetch, native_port, passwords, rules, saved, storage, timer, upgrades};
use crate::client::prompt::{Approval, Decision, Question};
use crate::client::{Caller, Environment, Fetched, HostError, Origin, Saved};

/// The browser, for one ceremony.
pub struct Browser {
    ceremony: Rc<Ceremony>,
    /// Whose windows are counted together: all that a site makes come up in its tab, in whichever frame.
    site: String,
    /// Of the calling document.
    origin: Origin,
}

impl Browser {
    /// The browser, for the `ceremony` of `caller`.
    pub fn new(ceremony: Rc<Ceremony>, caller: &Caller) -> Self {
        let site = format!("{} {}", ceremony.asker.tab.id, caller.top_origin().map_or("", Origin::as_str));
        Self { ceremony, site, origin: caller.origin.clone() }
    }

    /// The ceremony.
    pub fn ceremony(&self) -> &Ceremony {
        &self.ceremony
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
        let Some(wait) = ceremonies::with_limit(|limit| limit.open(&self.site, timer::now())) else {
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

    fn is_private(&self) -> bool {
        self.ceremony.asker.tab.incognito
    }

    /// Remembers the decision for the time after a stop of the background, and what it says about the site.
    async fn note(&self, decision: &Decision) {
        if matches!(decision, Decision::AlwaysUseAnother) && !self.is_private() {
            rules::leave(&self.ceremony.asker.origin).await;
        }
        match decision {
            Decision::Cancel => ceremonies::with_limit(|limit| limit.refused(&self.site, timer::now())),
            Decision::Approve(_) | Decision::UsePin | Decision::UseAnother | Decision::AlwaysUseAnother => {
                ceremonies::with_limit(|limit| limit.accepted(&self.site))
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
        native_port::ctap(message, self.is_private(), Some(self.origin.as_str())).await
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        native_port::manage(request).await
    }

    async fn ask(&self, question: Question) -> Decision {
        match self.window(&question).await {
            Opened::Window => {
                let decision = self.ceremony.window.ask(&question).await;
                self.note(&decision).await;
                decision
            }
            Opened::Decided(decision) => decision,
            // No window, no consent: the browser has one of its own.
            Opened::Refused => Decision::UseAnother,
        }
    }

    async fn withdrawn(&self) -> Decision {
        let decision = self.ceremony.window.withdrawn().await;
        self.note(&decision).await;
        decision
    }

    async fn fetch(&self, url: &str) -> Option<Fetched> {
        fetch::fetch(url, self.is_private()).await
    }

    fn origin_of(&self, url: &str) -> Option<String> {
        fetch::origin_of(url)
    }

    fn tell(&self, request: manage::Request) -> Result<(), HostError> {
        native_port::tell(request)
    }

    async fn may_upgrade(&self) -> bool {
        upgrades::may(&self.ceremony.asker).await
    }

    async fn saved(&self, saved: &Saved) {
        let Ceremony { id, asker, .. } = &*self.ceremony;
        saved::keep(id, asker.tab.id, saved).await;
        passwords::forget(asker.tab.id).await;
    }

    async fn saved_before(&self) -> Option<Saved> {
        saved::by(&self.ceremony.id).await
    }

    fn made_the_first(&self) {
        self.ceremony.made_the_first.set(!self.ceremony.asker.origin.is_own());
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
