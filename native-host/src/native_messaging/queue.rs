//! What has been read and not yet been begun: messages in their order, and what a cancel or the end of the pipe does to them.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError};

use protocol::ctap::StatusCode;
use protocol::manage;
use protocol::native_message::{Body, Error, ErrorCode, FromHost, ToHost};

use super::frames::Frame;

/// Most messages that wait at once; further ones stay in the pipe.
const MAX_WAITING: usize = 64;

/// The worker's end of the reader's channel.
pub(super) struct Queue {
    frames: Receiver<Frame>,
    waiting: VecDeque<Next>,
    ended: bool,
}

/// What the worker does next.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Serve this CTAP message.
    Ctap { id: u64, message: Vec<u8>, private: bool, origin: Option<String> },
    /// Serve this `manage` request.
    Manage { id: u64, request: manage::Request },
    /// Nothing is to be done but to send this.
    Reply(FromHost),
}

impl Queue {
    pub(super) fn new(frames: Receiver<Frame>) -> Self {
        Self { frames, waiting: VecDeque::new(), ended: false }
    }

    /// The next thing to do, waited for; `None` when the pipe has ended. All that has arrived is looked at before anything is
    /// begun, so that a cancel behind a message still reaches it, and the end of the pipe stops all that waits.
    pub(super) fn next(&mut self) -> Option<Next> {
        self.take_what_arrived();
        while self.waiting.is_empty() && !self.ended {
            match self.frames.recv() {
                Ok(frame) => self.take(frame),
                Err(_) => self.end(),
            }
            self.take_what_arrived();
        }
        self.waiting.pop_front()
    }

    fn take_what_arrived(&mut self) {
        while !self.ended && self.waiting.len() < MAX_WAITING {
            match self.frames.try_recv() {
                Ok(frame) => self.take(frame),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => self.end(),
            }
        }
    }

    fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Message(ToHost::Ctap { id, message, private, origin }) => {
                self.waiting.push_back(Next::Ctap { id, message, private, origin });
            }
            Frame::Message(ToHost::Manage { id, request }) => self.waiting.push_back(Next::Manage { id, request }),
            Frame::Message(ToHost::Cancel { id }) => self.cancel(id),
            Frame::Unreadable(reply) => self.waiting.push_back(Next::Reply(reply)),
            Frame::End => self.end(),
        }
    }

    /// CTAP §11.2.9.1.5: a message that has not been begun is answered as cancelled; one that is unknown, or done, is not.
    fn cancel(&mut self, cancelled: u64) {
        for next in &mut self.waiting {
            let body = match next {
                Next::Ctap { id, .. } if *id == cancelled => Body::Ctap(vec![StatusCode::KeepaliveCancel.byte()]),
                Next::Manage { id, .. } if *id == cancelled => Body::Error(Error::new(
                    ErrorCode::Cancelled,
                    "The request was cancelled before it was begun. Ask again if it is still wanted.",
                )),
                Next::Ctap { .. } | Next::Manage { .. } | Next::Reply(_) => continue,
            };
            *next = Next::Reply(FromHost { id: Some(cancelled), body });
        }
    }

    /// Nobody listens any more: what has not been begun is dropped.
    fn end(&mut self) {
        self.ended = true;
        self.waiting.retain(|next| matches!(next, Next::Reply(_)));
    }
}

#[cfg(test)]
mod tests;
