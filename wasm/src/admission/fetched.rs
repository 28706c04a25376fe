//! What was fetched for related origins, kept for a while: a sign-in is not to wait for the same document each time.

use serde::{Deserialize, Serialize};

use crate::client::Fetched;

/// For so long a document is good, in milliseconds.
const GOOD: u64 = 10 * 60 * 1000;

/// For so long nothing is fetched again from where nothing came, in milliseconds.
const FAILED: u64 = 30 * 1000;

/// The longest body that is kept, in bytes. A longer one is fetched each time.
const MAX_KEPT: usize = 16 * 1024;

/// So many documents are kept; with one more all are forgotten.
pub const MAX_DOCUMENTS: usize = 32;

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// What came of fetching, and when.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Kept {
    /// What was answered; `None` where nothing was.
    pub answer: Option<Fetched>,
    /// When, in milliseconds since 1970.
    pub at: u64,
}

impl Kept {
    /// Whether it still answers at `now`. After a clock was set back it does not.
    pub fn is_good(&self, now: u64) -> bool {
        let lasts = if self.answer.as_ref().is_some_and(|answer| answer.status == 200) { GOOD } else { FAILED };
        now.checked_sub(self.at).is_some_and(|age| age < lasts)
    }

    /// Whether it is worth its room.
    pub fn is_small(&self) -> bool {
        self.answer.as_ref().is_none_or(|answer| answer.body.len() <= MAX_KEPT)
    }
}

#[cfg(test)]
mod tests;
