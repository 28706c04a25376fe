//! What a task shows and what it is answered: the thread that does it on one side, whoever asks for the state on the other.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::manage::sync::{GoOn, Step};

/// A task's side and its watcher's, which are alike.
#[derive(Clone, Default)]
pub(super) struct Talk(Arc<(Mutex<Said>, Condvar)>);

#[derive(Default)]
struct Said {
    step: Option<Step>,
    answer: Option<GoOn>,
    left: bool,
}

/// The user has left the task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Left;

impl Talk {
    /// Shows a step. Answers to the one before are forgotten.
    pub(super) fn show(&self, step: Step) -> Result<(), Left> {
        let mut said = self.lock();
        if said.left {
            return Err(Left);
        }
        said.step = Some(step);
        said.answer = None;
        Ok(())
    }

    /// The answer to the step that is shown, waited for.
    pub(super) fn answer(&self) -> Result<GoOn, Left> {
        let waiting = |said: &mut Said| said.answer.is_none() && !said.left;
        let mut said = self.0.1.wait_while(self.lock(), waiting).unwrap_or_else(PoisonError::into_inner);
        said.answer.take().filter(|_| !said.left).ok_or(Left)
    }

    /// Waits so long.
    pub(super) fn pause(&self, duration: Duration) -> Result<(), Left> {
        let (said, _) = (self.0.1)
            .wait_timeout_while(self.lock(), duration, |said| !said.left)
            .unwrap_or_else(PoisonError::into_inner);
        if said.left { Err(Left) } else { Ok(()) }
    }

    /// The step that is shown.
    pub(super) fn step(&self) -> Option<Step> {
        self.lock().step.clone()
    }

    /// Hands an answer on where the step asks for one like it.
    pub(super) fn go_on(&self, answer: GoOn) {
        let mut said = self.lock();
        let fits = matches!(
            (&said.step, &answer),
            (Some(Step::RecoveryKey { .. }), GoOn::Words(_))
                | (Some(Step::Asked { .. } | Step::Found { .. }), GoOn::Yes {} | GoOn::No {})
        );
        if fits {
            said.answer = Some(answer);
            // Whoever looks before the task has shown its next step sees that it is at it; and a key that was shown is gone.
            said.step = Some(Step::Working {});
            self.0.1.notify_all();
        }
    }

    /// Leaves: nothing is shown any more, and the task ends where it next shows, asks or waits.
    pub(super) fn leave(&self) {
        let mut said = self.lock();
        *said = Said { left: true, ..Said::default() };
        self.0.1.notify_all();
    }

    /// A thread that panicked leaves what it had said, which is sound.
    fn lock(&self) -> MutexGuard<'_, Said> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
