//! Taking back a question that the user has been asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Says, from another thread, that nobody waits for the answer any more. All copies are the same.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Nobody waits any more.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Somebody waits, for something new.
    pub fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether nobody waits any more.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
