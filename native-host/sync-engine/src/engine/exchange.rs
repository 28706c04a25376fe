//! Where a pass, written as one course, meets whoever steps it.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::Poll;

use crate::storage::{Answer, Request, Trouble};

/// The requests that wait to be carried out, or the answers that came.
#[derive(Default)]
pub(super) struct Exchange {
    now: Cell<u64>,
    requests: RefCell<Vec<Request>>,
    answers: RefCell<Option<Vec<Answer>>>,
}

impl Exchange {
    /// From outside: the time, and the answers.
    pub(super) fn tell(&self, now: u64, answers: Vec<Answer>) {
        self.now.set(now);
        self.answers.replace(Some(answers));
    }

    /// From outside: what is asked.
    pub(super) fn asked(&self) -> Vec<Request> {
        self.requests.take()
    }

    /// From inside: the time of the last step, milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.now.get()
    }

    /// From inside: asks, and waits for as many answers. One that is not given counts as a failure.
    pub(super) async fn ask(&self, requests: Vec<Request>) -> Vec<Answer> {
        let expected = requests.len();
        if expected == 0 {
            return Vec::new();
        }
        self.answers.replace(None);
        self.requests.replace(requests);
        let mut answers = poll_fn(|_| self.answers.take().map_or(Poll::Pending, Poll::Ready)).await;
        answers.resize(expected, Answer::Failed(Trouble::Failed("no answer".to_owned())));
        answers
    }
}
