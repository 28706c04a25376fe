//! SYNC §9, the new device's side.

use protocol::manage::sync::{Done, NewDevice, Step};
use sync_engine::engine::{Outcome, Task};
use sync_engine::keys::JoinCode;

use super::add_device::again;
use super::course::{CODE_LIVES, Course};
use super::device::ThisDevice;
use super::ended::Ended;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Joins the devices that showed this code.
    pub(super) fn join(&mut self, new: &NewDevice, code: &str) -> Result<Done, Ended> {
        self.must_be_off()?;
        let code = JoinCode::from_text(code)?;
        let (storage, _) = self.try_storage(&new.storage)?;
        self.forget_removal()?;
        let name = self.name_of(new);
        self.keeping(&storage, |course| {
            let let_in = course.be_let_in(&code, name);
            if let_in.is_err() {
                course.close(&code);
            }
            let_in
        })?;
        self.joined()
    }

    /// Steps 2 and 5.
    fn be_let_in(&mut self, code: &JoinCode, name: String) -> Result<(), Ended> {
        let until = self.device.now().saturating_add(CODE_LIVES);
        self.pass(None, Task::Ask { code: again(code), name })?;
        self.talk.show(Step::Waiting {})?;
        loop {
            if let Outcome::Joined { .. } = self.try_pass(None, Task::AwaitYes { code: again(code) })?.outcome {
                return Ok(());
            }
            self.wait(until)?;
        }
    }

    /// Fetches what is there. Where the storage fails just now, a later pass does.
    pub(super) fn joined(&mut self) -> Result<Done, Ended> {
        // Whoever looks away now is in all the same.
        let _ = self.talk.show(Step::Working {});
        self.try_pass(None, Task::Sync)?;
        Ok(Done::Joined { passkeys: self.device.passkeys()? })
    }
}
