//! When the consenting button may be believed: an Enter or a click meant for the page must not hit a window that has just come up.

/// Milliseconds for which the window must have been seen, without a break.
pub const DELAY: f64 = 600.0;

/// Times are the browser's, in milliseconds since any fixed moment.
#[derive(Debug, Default)]
pub struct Arming {
    seen_since: Option<f64>,
    is_over: bool,
}

impl Arming {
    /// Begins anew at `now`: something changed (focus, size, visibility, the question, a key pressed too early), and the window is
    /// `seen` (visible and focused) or not.
    pub fn restart(&mut self, seen: bool, now: f64) {
        self.seen_since = seen.then_some(now);
    }

    /// The question has been decided: nothing arms the button any more, until [`ask`](Self::ask).
    pub fn end(&mut self) {
        self.is_over = true;
    }

    /// There is a question to be decided, in the place of any before.
    pub fn ask(&mut self) {
        *self = Self::default();
    }

    /// Whether consent counts at `now`.
    pub fn is_armed(&self, now: f64) -> bool {
        !self.is_over && self.seen_since.is_some_and(|since| now - since >= DELAY)
    }
}

#[cfg(test)]
mod tests;
