//! SYNC §9, the old device's side.

use std::thread;

use protocol::manage::sync::{Done, GoOn, Invitation, Secret, Step};
use sync_engine::engine::{Newcomer, Outcome, Report, Task};
use sync_engine::keys::JoinCode;

use super::course::{CODE_LIVES, Course};
use super::device::ThisDevice;
use super::ended::Ended;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Shows a code, and lets the device in that comes with it, once the user has said yes.
    pub(super) fn add_device(&mut self) -> Result<Done, Ended> {
        if self.status()?.removed {
            return Err(Ended::not_now(
                "This device was removed by another, so it can let nobody in. Join again first.",
            ));
        }
        // Before anybody types a code in vain.
        self.pass(None, Task::Sync)?;
        let code = JoinCode::generate(&mut self.rng);
        let admitted = self.admit(&code);
        if admitted.is_err() {
            self.close(&code);
        }
        let Some(newcomer) = admitted? else {
            // The no stays in the mailbox until the other side has read it, and deletes it.
            self.talk.leave();
            return Err(Ended::Left);
        };
        let passkeys = self.device.passkeys()?;
        self.see_off(&code, &newcomer, Done::Added { name: newcomer.name.clone(), passkeys })
    }

    /// Steps 1, 3 and 4. Nobody where the user said no; the other side is told so.
    fn admit(&mut self, code: &JoinCode) -> Result<Option<Newcomer>, Ended> {
        let until = self.device.now().saturating_add(CODE_LIVES);
        self.show_code(code, until)?;
        let newcomer = self.who_comes(code, until)?;
        self.talk.show(Step::Asked { name: newcomer.name.clone() })?;
        if self.talk.answer()? != (GoOn::Yes {}) {
            self.pass(None, Task::Decline { code: again(code) })?;
            return Ok(None);
        }
        loop {
            let Report { outcome, .. } =
                self.try_pass(None, Task::Admit { code: again(code), newcomer: newcomer.clone() })?;
            if outcome != Outcome::NotYet {
                return Ok(Some(newcomer));
            }
            self.wait(until)?;
        }
    }

    fn show_code(&mut self, code: &JoinCode, until: u64) -> Result<(), Ended> {
        let storage = self.device.storage()?;
        let storage = storage
            .ok_or_else(|| Ended::not_now("Which storage is used is not known any more. Choose it again first."))?;
        let code = Secret::new(std::mem::take(&mut *code.text()));
        let invitation = Invitation { code: code.clone(), storage }.to_text();
        Ok(self.talk.show(Step::Code { code, invitation, until })?)
    }

    /// The device that comes with the code. A storage that does not answer for a moment is asked again.
    fn who_comes(&mut self, code: &JoinCode, until: u64) -> Result<Newcomer, Ended> {
        loop {
            if let Outcome::Asked(newcomer) = self.try_pass(None, Task::AwaitAsk { code: again(code) })?.outcome {
                return Ok(newcomer);
            }
            self.wait(until)?;
        }
    }

    /// Step 6: the mailbox is deleted once the newcomer has written, or its time is over. Whoever waits in front of the screen is told before
    /// that where the other side takes its time.
    fn see_off(&mut self, code: &JoinCode, newcomer: &Newcomer, done: Done) -> Result<Done, Ended> {
        let mut shown = false;
        for look in 0..LOOKS {
            if self.has_written(newcomer) {
                break;
            }
            if look == LOOKS_BEFORE_DONE && self.talk.show(Step::Done(done.clone())).is_ok() {
                shown = true;
            }
            thread::sleep(self.pace);
        }
        self.close(code);
        // Whoever has closed the last screen is not shown it again.
        if shown { Err(Ended::Left) } else { Ok(done) }
    }

    /// Whether its first head is there.
    fn has_written(&mut self, newcomer: &Newcomer) -> bool {
        let _ = self.device.run(None, Task::Sync);
        let devices = self.device.status().ok().flatten().map(|status| status.devices).unwrap_or_default();
        devices.iter().any(|device| device.id == newcomer.device && device.seen.is_some())
    }

    /// Waits for the next look at the mailbox, until the code's end.
    pub(super) fn wait(&mut self, until: u64) -> Result<(), Ended> {
        self.talk.pause(self.pace)?;
        if self.device.now() >= until { Err(Ended::too_late()) } else { Ok(()) }
    }

    /// Deletes the mailbox, if that can be.
    pub(super) fn close(&mut self, code: &JoinCode) {
        let _ = self.device.run(None, Task::Close { code: again(code) });
    }
}

/// The same code for one more pass.
pub(super) fn again(code: &JoinCode) -> JoinCode {
    // EXPOSE: to copy.
    JoinCode::from_slice(code.expose_secret()).expect("as long as it is") // safe: its own bytes
}

/// Looks for the newcomer's first head: half an hour of them at the usual pace.
const LOOKS: u32 = 900;

/// So many of them before the user is told.
const LOOKS_BEFORE_DONE: u32 = 5;
