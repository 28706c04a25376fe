//! The course of a task: what all of them do alike.

use std::time::Duration;

use getrandom::SysRng;
use protocol::manage::sync::{Done, NewDevice, Step, StorageConfig, Task};
use rand_core::UnwrapErr;
use sync_engine::engine::{self, Outcome, Report, Status};

use super::device::ThisDevice;
use super::ended::Ended;
use super::talk::Talk;
use crate::sync::storage;

/// How long a code is good for, in milliseconds (SYNC §9).
pub const CODE_LIVES: u64 = 30 * 60 * 1000;

/// A task under way.
pub(super) struct Course<'a, D: ?Sized> {
    pub(super) device: &'a mut D,
    pub(super) talk: &'a Talk,
    /// How often a mailbox is looked at.
    pub(super) pace: Duration,
    pub(super) rng: UnwrapErr<SysRng>,
}

impl<'a, D: ThisDevice + ?Sized> Course<'a, D> {
    pub(super) fn new(device: &'a mut D, talk: &'a Talk, pace: Duration) -> Self {
        Self { device, talk, pace, rng: UnwrapErr(SysRng) }
    }

    /// Runs the task to its end, and shows that.
    pub(super) fn run(mut self, task: Task) {
        let end = self.carry_out(task);
        show_end(self.talk, end);
    }

    fn carry_out(&mut self, task: Task) -> Result<Done, Ended> {
        match task {
            Task::TurnOn(device) => self.turn_on(&device),
            Task::AddDevice {} => self.add_device(),
            Task::Join { device, code } => self.join(&device, &code),
            Task::Recover { device, words } => self.recover(&device, &words),
            Task::Remove(remove) => self.remove(&remove),
            Task::NewRecoveryKey { old } => self.new_recovery_key(old.as_ref()),
            Task::ChangeStorage { storage, tell_the_others } => self.change_storage(&storage, tell_the_others),
            Task::StartOver(device) => self.start_over(&device),
            Task::TurnOff {} => self.turn_off(),
        }
    }

    /// Ends sync on this device.
    fn turn_off(&mut self) -> Result<Done, Ended> {
        self.status()?;
        self.pass(None, engine::Task::Forget)?;
        self.device.keep_storage(None)?;
        Ok(Done::TurnedOff {})
    }

    /// How things stand; sync must be on.
    pub(super) fn status(&mut self) -> Result<Status, Ended> {
        self.device.status()?.ok_or_else(|| Ended::not_now("Sync is off. Turn it on first."))
    }

    /// Sync must be off; or else this device was removed by another, which it may forget.
    pub(super) fn must_be_off(&mut self) -> Result<(), Ended> {
        match self.device.status()? {
            Some(status) if !status.removed => Err(Ended::not_now("Sync is on already. Turn it off first.")),
            _ => Ok(()),
        }
    }

    /// Forgets the circle that this device was removed from, if it was.
    pub(super) fn forget_removal(&mut self) -> Result<(), Ended> {
        if self.device.status()?.is_some() {
            self.pass(None, engine::Task::Forget)?;
        }
        Ok(())
    }

    /// Tries a storage, live. Gives it as it is to be kept, and how many devices write there already.
    pub(super) fn try_storage(&mut self, storage: &StorageConfig) -> Result<(StorageConfig, u64), Ended> {
        storage::checked(storage)?;
        let storage = storage::settled(storage)?;
        match self.pass(Some(&storage), engine::Task::Check)? {
            Outcome::Checked { heads } => Ok((storage, heads)),
            _ => Ok((storage, 0)),
        }
    }

    /// A pass whose task must be done by it: a refusal ends the task, and so does a storage's trouble.
    pub(super) fn pass(&mut self, storage: Option<&StorageConfig>, task: engine::Task) -> Result<Outcome, Ended> {
        let Report { outcome, trouble, .. } = self.try_pass(storage, task)?;
        match trouble {
            Some(trouble) => Err(trouble.into()),
            None => Ok(outcome),
        }
    }

    /// A pass that may be tried again: only a refusal ends the task.
    pub(super) fn try_pass(&mut self, storage: Option<&StorageConfig>, task: engine::Task) -> Result<Report, Ended> {
        let report = self.device.run(storage, task)?;
        match report.outcome {
            Outcome::Refused(refusal) => Err(refusal.into()),
            _ => Ok(report),
        }
    }

    /// Runs `work` with this storage kept, and puts the one before back where it fails: a vault is never on without its storage.
    pub(super) fn keeping<T>(
        &mut self,
        storage: &StorageConfig,
        work: impl FnOnce(&mut Self) -> Result<T, Ended>,
    ) -> Result<T, Ended> {
        let before = self.device.storage()?;
        self.device.keep_storage(Some(storage))?;
        let done = work(self);
        if done.is_err() {
            self.device.keep_storage(before.as_ref())?;
        }
        done
    }

    /// What the others will see this device called.
    pub(super) fn name_of(&self, device: &NewDevice) -> String {
        match device.name.trim() {
            "" => self.device.name(),
            name => name.to_owned(),
        }
    }
}

/// Shows how a task has ended, unless it was left.
pub(super) fn show_end(talk: &Talk, end: Result<Done, Ended>) {
    let last = match end {
        Ok(done) => Step::Done(done),
        Err(Ended::Failed(why, sentence)) => Step::Failed { why, sentence },
        Err(Ended::Left) => return,
    };
    // Whoever has left meanwhile does not want to know.
    let _ = talk.show(last);
}
