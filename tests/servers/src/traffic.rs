//! What goes over connections, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What has gone by, of all connections.
#[derive(Default)]
pub struct Traffic {
    requests: AtomicU64,
    bytes: [AtomicU64; 2],
}

/// How much it was.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Carried {
    /// Requests of HTTP/1.1.
    pub requests: u64,
    /// Bytes to the server, headers and all.
    pub up: u64,
    /// Bytes from the server.
    pub down: u64,
}

/// One way of one connection.
pub struct Counter {
    traffic: Arc<Traffic>,
    way: usize,
    /// The last bytes, in which a request's line may have begun.
    tail: Vec<u8>,
}

/// The end of a request's first line (RFC 9112 §3).
const REQUEST_LINE_END: &[u8] = b" HTTP/1.1\r\n";

impl Traffic {
    /// So far.
    pub fn carried(&self) -> Carried {
        let [up, down] = [0, 1].map(|way: usize| self.bytes[way].load(Ordering::SeqCst));
        Carried { requests: self.requests.load(Ordering::SeqCst), up, down }
    }

    /// Counts the way to the server (0) or from it (1) of a new connection.
    pub fn of(self: &Arc<Self>, way: usize) -> Counter {
        Counter { traffic: Arc::clone(self), way, tail: Vec::new() }
    }
}

impl Counter {
    /// These have gone by.
    pub fn note(&mut self, bytes: &[u8]) {
        self.traffic.bytes[self.way].fetch_add(bytes.len() as u64, Ordering::SeqCst);
        if self.way == 1 {
            return;
        }
        self.tail.extend_from_slice(bytes);
        let lines = self.tail.windows(REQUEST_LINE_END.len()).filter(|window| *window == REQUEST_LINE_END).count();
        self.traffic.requests.fetch_add(lines as u64, Ordering::SeqCst);
        let kept = self.tail.len().min(REQUEST_LINE_END.len() - 1);
        self.tail.drain(..self.tail.len() - kept);
    }
}
