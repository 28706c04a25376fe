//! One pass: what a device does with a storage from time to time, and for a person's task (SYNC §6, §9 to §13).
//!
//! A [`Pass`] asks ([`Step::Requests`]) and is told ([`Pass::step`]); it does no I/O itself. It may be dropped between any two steps, as by a
//! crash: all that matters is in the memory, and the next pass goes on.

mod act;
mod audit;
mod check;
mod clearing;
mod course;
mod device;
mod evidence;
mod exchange;
mod found;
mod heads;
mod join;
pub mod local;
mod own_name;
mod publish;
mod purge;
mod reading;
mod rebirth;
mod recovery;
mod report;
pub mod state;
mod status;
mod sync;
mod task;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::memory::Memory;
use crate::storage::{Answer, Request};

use course::Course;
use exchange::Exchange;

pub use crate::keys::{DeviceRoot, JoinCode, PaperKey};
pub use report::{FoundVault, Newcomer, Outcome, Refusal, Report};
pub use status::{Alarm, DeviceStatus, Status, status};
pub use task::{Backing, Task};

/// A source of randomness that keys can be made of.
pub type Rng<'a> = &'a mut dyn rand_core::CryptoRng;

/// One pass over a storage.
pub struct Pass<'a, M: Memory> {
    exchange: Rc<Exchange>,
    course: Pin<Box<dyn Future<Output = Result<Report, M::Error>> + 'a>>,
}

/// What a pass wants next.
#[derive(Debug)]
pub enum Step {
    /// Carry these out, in any order, and give all answers in the order of the requests.
    Requests(Vec<Request>),
    /// The pass has ended; it is not to be stepped again.
    Done(Report),
}

impl<'a, M: Memory + 'a> Pass<'a, M> {
    /// A pass for one task. `memory` may be a `&mut` of one.
    pub fn new(memory: M, root: &'a DeviceRoot, rng: Rng<'a>, backing: Backing, task: Task) -> Self {
        let exchange = Rc::new(Exchange::default());
        let course = Course { memory, exchange: Rc::clone(&exchange), root, rng, backing, report: Report::default() };
        let course = Box::pin(course.run(task));
        Self { exchange, course }
    }

    /// Goes on with the answers to what was asked last (none at first), at the time `now` (milliseconds since 1970), as far as it goes without others.
    ///
    /// # Errors
    /// The memory's own; the pass is over then.
    pub fn step(&mut self, now: u64, answers: Vec<Answer>) -> Result<Step, M::Error> {
        self.exchange.tell(now, answers);
        match self.course.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => report.map(Step::Done),
            Poll::Pending => Ok(Step::Requests(self.exchange.asked())),
        }
    }
}
