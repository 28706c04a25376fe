//! The preferences in `chrome.storage.local`. Nobody but the background writes them, so they are read once in its life.

use std::cell::RefCell;

use super::local;
use super::sender::Asker;
use crate::admission::preferences::Preferences;

/// screen.js reads it under this name.
const KEY: &str = "preferences";

thread_local! {
    static PREFERENCES: RefCell<Option<Preferences>> = RefCell::default();
}

/// The preferences as they are now.
pub async fn preferences() -> Preferences {
    if let Some(preferences) = PREFERENCES.with_borrow(Clone::clone) {
        return preferences;
    }
    let read: Preferences = local::read(KEY).await.unwrap_or_default();
    // What was settled while they were being read is newer.
    PREFERENCES.with_borrow_mut(|preferences| preferences.get_or_insert(read).clone())
}

/// Settles them.
pub async fn set(preferences: Preferences) {
    PREFERENCES.set(Some(preferences.clone()));
    local::write(KEY, &preferences).await;
}

/// Whether Keystow serves the tab of `asker`.
pub async fn serve(asker: &Asker) -> bool {
    preferences().await.serve(asker.tab.incognito)
}

/// Whether a conditional request of the tab of `asker` gets an offer.
pub async fn offer(asker: &Asker) -> bool {
    preferences().await.offer(asker.tab.incognito)
}
