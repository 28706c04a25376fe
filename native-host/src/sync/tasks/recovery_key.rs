//! A recovery key: shown, and checked by asking for two of its words (SYNC §11).

use protocol::manage::sync::{Done, GoOn, RecoveryWords, Secret, Step};
use rand_core::Rng;
use sync_engine::engine::{self, Outcome, Refusal, Report};
use sync_engine::keys::PaperKey;

use super::course::Course;
use super::device::ThisDevice;
use super::ended::Ended;

impl<D: ThisDevice + ?Sized> Course<'_, D> {
    /// Makes another recovery key, in the place of `old` or beside all others.
    pub(super) fn new_recovery_key(&mut self, old: Option<&RecoveryWords>) -> Result<Done, Ended> {
        self.status()?;
        let old = old.map(read).transpose()?;
        // Before anybody writes 24 words down in vain.
        self.pass(None, engine::Task::Sync)?;
        let papers = self.status()?.papers;
        if old.as_ref().is_some_and(|old| !papers.contains(&old.identity().id())) {
            return Err(Ended::other_words());
        }
        let new = self.written_down()?;
        let report = self.by_words(old.is_some(), engine::Task::InvitePaper { new, old })?;
        report.trouble.map_or(Ok(Done::RecoveryKeyMade {}), |trouble| Err(trouble.into()))
    }

    /// A pass for which `words` were typed or not: where they were, and may not do it, it is they that are wrong.
    pub(super) fn by_words(&mut self, words: bool, task: engine::Task) -> Result<Report, Ended> {
        let report = self.device.run(None, task)?;
        match report.outcome {
            Outcome::Refused(Refusal::TooOld | Refusal::Unknown) if words => Err(Ended::other_words()),
            Outcome::Refused(refusal) => Err(refusal.into()),
            _ => Ok(report),
        }
    }

    /// A fresh recovery key that the user has written down.
    pub(super) fn written_down(&mut self) -> Result<PaperKey, Ended> {
        let paper = PaperKey::generate(&mut self.rng);
        let mut wrong = false;
        loop {
            let asked = self.two_of_24();
            let words = RecoveryWords::new(std::mem::take(&mut *paper.words()));
            self.talk.show(Step::RecoveryKey { words, asked, wrong })?;
            if let GoOn::Words(typed) = self.talk.answer()?
                && are(&paper, asked, &typed)
            {
                return Ok(paper);
            }
            wrong = true;
        }
    }

    /// Two different numbers from 1 to 24, the smaller first.
    fn two_of_24(&mut self) -> [u8; 2] {
        let mut below = |limit: u32| u8::try_from(self.rng.next_u32() % limit).unwrap_or_default();
        let (first, other) = (below(24), below(23));
        let second = if other >= first { other + 1 } else { other };
        [first.min(second) + 1, first.max(second) + 1]
    }
}

/// A recovery key as it was typed.
pub(super) fn read(words: &RecoveryWords) -> Result<PaperKey, Ended> {
    // EXPOSE: to make the key of.
    Ok(PaperKey::from_words(words.expose_secret())?)
}

/// Whether these are the words of `paper` that were asked for.
fn are(paper: &PaperKey, asked: [u8; 2], typed: &[Secret; 2]) -> bool {
    let words = paper.words();
    asked.iter().zip(typed).all(|(number, typed)| {
        let word = words.split(' ').nth(usize::from(*number) - 1);
        // EXPOSE: to compare.
        word.is_some_and(|word| typed.expose_secret().trim().eq_ignore_ascii_case(word))
    })
}
