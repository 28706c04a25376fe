//! SYNC §11: everything back from the recovery key.

use protocol::manage::sync::{Done, GoOn, NewDevice, RecoveryWords, Step};
use sync_engine::engine::{FoundVault, Outcome, Task};
use sync_engine::keys::PaperKey;

use super::course::Course;
use super::device::ThisDevice;
use super::ended::Ended;
use super::recovery_key::read;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Finds the vault that the words open, and joins it once the user has said that it is the one.
    pub(super) fn recover(&mut self, new: &NewDevice, words: &RecoveryWords) -> Result<Done, Ended> {
        self.must_be_off()?;
        let paper = read(words)?;
        let (storage, _) = self.try_storage(&new.storage)?;
        let Outcome::Looked(found) = self.pass(Some(&storage), Task::Look { paper: again(&paper) })? else {
            return Err(sync_engine::engine::Refusal::NothingFound.into());
        };
        // One, as a rule; else the one that somebody has used last.
        let found = found.into_iter().max_by_key(|found| found.changed.as_ref().map(|(at, _)| *at));
        let found = found.ok_or(sync_engine::engine::Refusal::NothingFound)?;
        let vault = found.vault;
        self.talk.show(shown(found))?;
        if self.talk.answer()? != (GoOn::Yes {}) {
            self.talk.leave();
            return Err(Ended::Left);
        }
        self.forget_removal()?;
        let name = self.name_of(new);
        self.keeping(&storage, |course| course.pass(None, Task::Recover { paper, vault, name }))?;
        self.joined()
    }
}

fn shown(found: FoundVault) -> Step {
    let (changed, by) = found.changed.unzip();
    Step::Found { passkeys: found.records, devices: found.devices, changed, by: by.unwrap_or_default() }
}

/// The same key for one more pass.
pub(super) fn again(paper: &PaperKey) -> PaperKey {
    // EXPOSE: to copy.
    PaperKey::from_slice(paper.expose_secret()).expect("as long as it is") // safe: its own bytes
}
