use std::future::{pending, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake};

use super::*;

/// Counts how often a future asked to be polled again.
#[derive(Default)]
pub(crate) struct Wakes(AtomicUsize);

impl Wakes {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_value_put_before_is_taken_at_once_and_only_once() {
    let mailbox = Mailbox::default();
    mailbox.put(1);
    mailbox.put(2);
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(pin!(mailbox.take()).poll(&mut context), Poll::Ready(2));
    assert_eq!(pin!(mailbox.take()).poll(&mut context), Poll::Pending);
}

#[test]
fn putting_wakes_the_one_that_waits() {
    let (mailbox, wakes) = (Mailbox::default(), Arc::new(Wakes::default()));
    let waker = Waker::from(Arc::clone(&wakes));
    let mut context = Context::from_waker(&waker);
    let mut take = pin!(mailbox.take());
    assert_eq!(take.as_mut().poll(&mut context), Poll::Pending);
    assert_eq!(wakes.count(), 0);
    mailbox.put("late");
    assert_eq!(wakes.count(), 1);
    assert_eq!(take.poll(&mut context), Poll::Ready("late"));
}

#[test]
fn a_cleared_value_is_gone() {
    let mailbox = Mailbox::default();
    mailbox.put(1);
    mailbox.clear();
    assert_eq!(pin!(mailbox.take()).poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
}

#[test]
fn the_first_ready_future_wins_and_the_other_is_dropped() {
    let alive = Rc::new(());
    let held = Rc::clone(&alive);
    let loser = async move {
        let _held = held;
        pending::<()>().await;
    };
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(pin!(race(loser, ready(3))).poll(&mut context), Poll::Ready(First::Right(3)));
    assert_eq!(Rc::strong_count(&alive), 1);
    assert_eq!(pin!(race(ready(1), ready(2))).poll(&mut context), Poll::Ready(First::<_, i32>::Left(1)));
}
