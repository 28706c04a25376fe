//! What the window says once a site's first passkey is made: it stays open for that, and neither the page nor the next window waits for it.

use serde_json::json;

use super::prompt_window::PromptWindow;
use super::runtime::Port;
use super::{rules, storage, windows};

/// `storage.session`: the window, which may outlive the background.
const KEY: &str = "advice";

/// Lets `window` tell the user of a second way in, unless they want to hear no more of it; else closes it.
pub async fn tell(window: &PromptWindow) {
    if rules::rules().await.advice
        && let Some(id) = window.leave_open()
    {
        return storage::write(KEY, &id).await;
    }
    window.close().await;
}

/// Closes the window, if it is still open: something else is to be seen, or the page must have the keyboard.
pub async fn close() {
    if let Some(id) = storage::read(KEY).await {
        storage::remove(KEY).await;
        windows::remove(id).await;
    }
}

/// The user wants to hear no more of it: once that is written down, the window behind `port` closes.
pub async fn end(port: Port) {
    rules::change(|rules| rules.advice = false).await;
    port.post(&json!({"close": true}));
}
