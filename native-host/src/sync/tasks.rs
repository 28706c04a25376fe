//! What a person does with sync, one thing after the other (SYNC §9 to §11). Each runs on a thread of its own, so that its course reads as
//! SYNC tells it; what it shows is looked at from outside, at once, whatever its storage is doing.

mod add_device;
mod change_storage;
mod course;
mod device;
mod ended;
mod found;
mod join;
mod recover;
mod recovery_key;
mod remove;
mod state;
mod talk;

use std::thread;
use std::time::Duration;

use protocol::manage::sync::{GoOn, Step, Task};

use super::worker::unless_it_panics;
use crate::secret::leaving_no_trace;
use course::Course;
use talk::Talk;

pub use course::CODE_LIVES;
pub use device::{Broken, ThisDevice};
pub(super) use ended::kind;
pub use state::synced;

/// What was begun, if anything. Nothing of it outlives the process.
pub struct Tasks {
    talk: Option<Talk>,
    pace: Duration,
}

impl Tasks {
    /// Nothing is begun.
    pub fn new() -> Self {
        Self::with_pace(PACE)
    }

    /// The same, looking at a mailbox so often.
    pub fn with_pace(pace: Duration) -> Self {
        Self { talk: None, pace }
    }

    /// Begins a task on the device that `open` opens, and leaves the one before.
    pub fn begin(&mut self, task: Task, open: impl FnOnce() -> Result<Box<dyn ThisDevice>, Broken> + Send + 'static) {
        self.leave();
        let talk = Talk::default();
        self.talk = Some(talk.clone());
        // It is new: nobody has left it.
        let _ = talk.show(Step::Working {});
        let pace = self.pace;
        thread::spawn(move || {
            let run = || open().map(|mut device| Course::new(&mut *device, &talk, pace).run(task));
            if let Err(broken) = leaving_no_trace(|| unless_it_panics(run)) {
                course::show_end(&talk, Err(broken.into()));
            }
        });
    }

    /// Goes on with it, where its step asks for that.
    pub fn go_on(&self, answer: GoOn) {
        if let Some(talk) = &self.talk {
            talk.go_on(answer);
        }
    }

    /// Leaves it. What is done stays done.
    pub fn leave(&mut self) {
        if let Some(talk) = self.talk.take() {
            talk.leave();
        }
    }

    /// Where it stands.
    pub fn step(&self) -> Option<Step> {
        self.talk.as_ref()?.step()
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.leave();
    }
}

/// How often a mailbox is looked at while somebody waits in front of the screen.
const PACE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests;
