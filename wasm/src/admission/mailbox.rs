//! A place for one value between the browser's callbacks and the futures that wait for them, and waiting for the first of two.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

/// Holds the newest value until it is taken. One future waits at a time.
pub struct Mailbox<T> {
    value: Cell<Option<T>>,
    waker: RefCell<Option<Waker>>,
}

impl<T> Mailbox<T> {
    /// Puts `value` in, in place of one not yet taken, and wakes who waits.
    pub fn put(&self, value: T) {
        self.value.set(Some(value));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Throws away a value not yet taken.
    pub fn clear(&self) {
        self.value.set(None);
    }

    /// Takes a value out, if there is one.
    pub fn take_now(&self) -> Option<T> {
        self.value.take()
    }

    /// Waits for a value and takes it out.
    pub async fn take(&self) -> T {
        poll_fn(|context| match self.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                *self.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self { value: Cell::new(None), waker: RefCell::new(None) }
    }
}

/// Which of two futures was ready first.
#[derive(Debug, Eq, PartialEq)]
pub enum First<A, B> {
    /// The first one, or both at once.
    Left(A),
    /// The second one.
    Right(B),
}

/// Waits for the first of two futures; the other is dropped, which aborts it.
pub async fn race<A, B>(left: impl Future<Output = A>, right: impl Future<Output = B>) -> First<A, B> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|context| {
        if let Poll::Ready(value) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(value));
        }
        right.as_mut().poll(context).map(First::Right)
    })
    .await
}

#[cfg(test)]
pub(super) mod tests;
