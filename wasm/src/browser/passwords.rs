//! That a password was entered in a tab, and at which site: L3 lets a page save a passkey without a window only just after that. What the
//! password is nobody here learns.

use std::time::Duration;

use js_sys::Date;
use serde::{Deserialize, Serialize};

use super::sender::Asker;
use super::{rules, storage};
use crate::admission::rules::site_of;
use crate::client::Origin;

/// For so long it counts.
const MEMORY: Duration = Duration::from_secs(300);

#[derive(Deserialize, Serialize)]
struct Entered {
    site: String,
    /// Milliseconds since 1970.
    at: f64,
}

/// The user has entered a password in a page. Of private windows nothing is remembered, nor where it would be of no use.
pub async fn entered(asker: &Asker) {
    if !asker.tab.incognito && rules::may_upgrade(&asker.origin).await {
        let entered = Entered { site: site_of(&asker.origin).to_owned(), at: Date::now() };
        storage::write(&key(asker.tab.id), &entered).await;
    }
}

/// Whether a password was entered at the site of `origin`, in the tab, a short while ago.
pub async fn was_entered(tab: i32, origin: &Origin) -> bool {
    let entered: Option<Entered> = storage::read(&key(tab)).await;
    entered.is_some_and(|Entered { site, at }| {
        let age = (Date::now() - at) / 1000.0;
        site == site_of(origin) && (0.0..=MEMORY.as_secs_f64()).contains(&age)
    })
}

/// The tab was closed, or the password has counted for a passkey.
pub async fn forget(tab: i32) {
    storage::remove(&key(tab)).await;
}

fn key(tab: i32) -> String {
    format!("password:{tab}")
}
