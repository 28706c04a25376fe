//! The rules in `chrome.storage.local`. Nobody but the background writes them, so they are read once in its life.

use std::cell::RefCell;

use super::local;
use crate::admission::rules::{Rules, SiteRule, site_of};
use crate::client::Origin;

const KEY: &str = "rules";

thread_local! {
    static RULES: RefCell<Option<Rules>> = RefCell::default();
}

/// The rules as they are now.
pub async fn rules() -> Rules {
    if let Some(rules) = RULES.with_borrow(Clone::clone) {
        return rules;
    }
    let read: Rules = local::read(KEY).await.unwrap_or_default();
    // What was switched while they were being read is newer.
    RULES.with_borrow_mut(|rules| rules.get_or_insert(read).clone())
}

/// Whether Keystow serves the pages of `origin`.
pub async fn is_on(origin: &Origin) -> bool {
    rules().await.is_on(site_of(origin))
}

/// Whether a page of `origin` may save a passkey without a window.
pub async fn may_upgrade(origin: &Origin) -> bool {
    rules().await.may_upgrade(site_of(origin))
}

/// Leaves the pages of `origin`'s site to the browser from now on.
pub async fn leave(origin: &Origin) {
    let site = site_of(origin);
    change(|rules| rules.set(site, SiteRule { off: true, ..rules.of(site) })).await;
}

/// Switches.
pub async fn change(act: impl FnOnce(&mut Rules)) {
    let mut rules = rules().await;
    act(&mut rules);
    RULES.set(Some(rules.clone()));
    local::write(KEY, &rules).await;
}
