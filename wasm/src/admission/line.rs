//! One window at a time in the whole browser: who comes later stands in line.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::mailbox::Mailbox;

/// The line; its head has the turn.
#[derive(Clone, Default)]
pub struct Line(Rc<RefCell<VecDeque<Rc<Mailbox<()>>>>>);

/// A place in the line, given up by dropping it.
pub struct Place {
    line: Line,
    called: Rc<Mailbox<()>>,
}

impl Line {
    /// Stands at the end of the line.
    pub fn join(&self) -> Place {
        let called = Rc::new(Mailbox::default());
        let mut line = self.0.borrow_mut();
        line.push_back(Rc::clone(&called));
        if line.len() == 1 {
            called.put(());
        }
        Place { line: self.clone(), called }
    }
}

impl Place {
    /// Waits until this place is the head of the line. To be waited for once.
    pub async fn turn(&self) {
        self.called.take().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut line = self.line.0.borrow_mut();
        let was_head = line.front().is_some_and(|head| Rc::ptr_eq(head, &self.called));
        line.retain(|place| !Rc::ptr_eq(place, &self.called));
        if was_head && let Some(next) = line.front() {
            next.put(());
        }
    }
}

#[cfg(test)]
mod tests;
