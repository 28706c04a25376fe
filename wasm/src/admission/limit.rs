//! How often one site may put a window before the user.

use std::collections::HashMap;
use std::time::Duration;

/// No two windows of one site open closer together than this.
pub const INTERVAL: Duration = Duration::from_millis(500);

/// So many windows closed by the user within [`MEMORY`], and the site's next calls are left to the browser.
pub const REFUSALS: usize = 5;

/// How long a closed window counts.
pub const MEMORY: Duration = Duration::from_secs(60);

/// What each site did lately, in one tab. Times are durations since any fixed moment.
#[derive(Default)]
pub struct Limit {
    sites: HashMap<String, Lately>,
}

#[derive(Default)]
struct Lately {
    opened: Option<Duration>,
    refused: Vec<Duration>,
}

impl Limit {
    /// How long the site must wait before its window opens at `now`; `None`: it may not open one at all. The window is counted
    /// as opened when that wait is over.
    pub fn open(&mut self, site: &str, now: Duration) -> Option<Duration> {
        self.forget(now);
        let lately = self.sites.entry(site.to_owned()).or_default();
        if lately.refused.len() >= REFUSALS {
            return None;
        }
        let opens = lately.opened.map_or(now, |opened| now.max(opened + INTERVAL));
        lately.opened = Some(opens);
        Some(opens - now)
    }

    /// The user closed the site's window without consenting to anything.
    pub fn refused(&mut self, site: &str, now: Duration) {
        self.sites.entry(site.to_owned()).or_default().refused.push(now);
    }

    /// The user went along with the site: earlier refusals no longer count.
    pub fn accepted(&mut self, site: &str) {
        if let Some(lately) = self.sites.get_mut(site) {
            lately.refused.clear();
        }
    }

    fn forget(&mut self, now: Duration) {
        self.sites.retain(|_, lately| {
            lately.refused.retain(|refused| *refused + MEMORY > now);
            !lately.refused.is_empty() || lately.opened.is_some_and(|opened| opened + INTERVAL > now)
        });
    }
}

#[cfg(test)]
mod tests;
