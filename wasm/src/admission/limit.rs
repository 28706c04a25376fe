//! How often one document may put a window before the user.

use std::collections::HashMap;
use std::time::Duration;

/// No two windows of one document open closer together than this.
pub const INTERVAL: Duration = Duration::from_millis(500);

/// So many windows closed by the user within [`MEMORY`], and the document's next calls are left to the browser.
pub const REFUSALS: usize = 5;

/// How long a closed window counts.
pub const MEMORY: Duration = Duration::from_secs(60);

/// What each document did lately. Times are durations since any fixed moment.
#[derive(Default)]
pub struct Limit {
    documents: HashMap<String, Lately>,
}

#[derive(Default)]
struct Lately {
    opened: Option<Duration>,
    refused: Vec<Duration>,
}

impl Limit {
    /// How long the document must wait before its window opens at `now`; `None`: it may not open one at all. The window is counted
    /// as opened when that wait is over.
    pub fn open(&mut self, document_id: &str, now: Duration) -> Option<Duration> {
        self.forget(now);
        let lately = self.documents.entry(document_id.to_owned()).or_default();
        if lately.refused.len() >= REFUSALS {
            return None;
        }
        let opens = lately.opened.map_or(now, |opened| now.max(opened + INTERVAL));
        lately.opened = Some(opens);
        Some(opens - now)
    }

    /// The user closed the document's window without consenting to anything.
    pub fn refused(&mut self, document_id: &str, now: Duration) {
        self.documents.entry(document_id.to_owned()).or_default().refused.push(now);
    }

    /// The user went along with the document: earlier refusals no longer count.
    pub fn accepted(&mut self, document_id: &str) {
        if let Some(lately) = self.documents.get_mut(document_id) {
            lately.refused.clear();
        }
    }

    fn forget(&mut self, now: Duration) {
        self.documents.retain(|_, lately| {
            lately.refused.retain(|refused| *refused + MEMORY > now);
            !lately.refused.is_empty() || lately.opened.is_some_and(|opened| opened + INTERVAL > now)
        });
    }
}

#[cfg(test)]
mod tests;
