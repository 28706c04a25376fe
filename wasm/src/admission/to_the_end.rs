//! Work that is not dropped with who waits for it, where half of it would leave something behind.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::mailbox::Mailbox;

/// Has `spawn` run `work` to its end, and gives what came of it. Where nobody waits for that any more (this future was dropped), `left` gets
/// it: exactly one of the two has it.
pub async fn to_the_end<T: 'static>(
    spawn: impl FnOnce(Pin<Box<dyn Future<Output = ()>>>),
    work: impl Future<Output = T> + 'static,
    left: impl FnOnce(T) + 'static,
) -> T {
    let shared =
        Rc::new(Shared { outcome: Mailbox::default(), is_awaited: Cell::new(true), left: RefCell::new(Some(left)) });
    let waiting = Waiting(Rc::clone(&shared));
    spawn(Box::pin(async move {
        let outcome = work.await;
        if shared.is_awaited.get() { shared.outcome.put(outcome) } else { shared.leave(outcome) }
    }));
    waiting.0.outcome.take().await
}

struct Shared<T, L> {
    outcome: Mailbox<T>,
    is_awaited: Cell<bool>,
    left: RefCell<Option<L>>,
}

impl<T, L: FnOnce(T)> Shared<T, L> {
    fn leave(&self, outcome: T) {
        let left = self.left.borrow_mut().take();
        if let Some(left) = left {
            left(outcome);
        }
    }
}

struct Waiting<T, L: FnOnce(T)>(Rc<Shared<T, L>>);

impl<T, L: FnOnce(T)> Drop for Waiting<T, L> {
    fn drop(&mut self) {
        self.0.is_awaited.set(false);
        if let Some(outcome) = self.0.outcome.take_now() {
            self.0.leave(outcome);
        }
    }
}

#[cfg(test)]
mod tests;
