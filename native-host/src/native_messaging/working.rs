//! What the worker works at, for the thread that reads: a cancel of it, or the end of the pipe, ends a question that the user is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use protocol::native_message::ToHost;

use super::frames::Frame;
use super::queue::Next;
use crate::verification::os::Interrupt;

/// Shared by both threads.
#[derive(Clone)]
pub(super) struct Working {
    id: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
    interrupt: Interrupt,
}

impl Working {
    pub(super) fn new(interrupt: Interrupt) -> Self {
        Self { id: Arc::new(AtomicU64::new(NONE)), ended: Arc::default(), interrupt }
    }

    /// The worker's word: this one from now on.
    pub(super) fn begin(&self, next: &Next) {
        let id = match next {
            Next::Ctap { id, .. } | Next::Manage { id, .. } => *id,
            Next::Reply(_) => NONE,
        };
        self.interrupt.clear();
        self.id.store(id, Ordering::SeqCst);
        if self.ended.load(Ordering::SeqCst) {
            self.interrupt.raise();
        }
    }

    /// The reader's: this frame has come.
    pub(super) fn look_at(&self, frame: &Frame) {
        match frame {
            Frame::Message(ToHost::Cancel { id }) if *id == self.id.load(Ordering::SeqCst) => self.interrupt.raise(),
            Frame::End => {
                self.ended.store(true, Ordering::SeqCst);
                self.interrupt.raise();
            }
            Frame::Message(_) | Frame::Unreadable(_) => {}
        }
    }
}

/// No id of the extension's: it counts from 1.
const NONE: u64 = u64::MAX;

#[cfg(test)]
mod tests;
