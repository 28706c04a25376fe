//! SYNC §6: one pass, and the tasks that say something in the circle during one.

use super::act::Act;
use super::course::{Course, Device};
use super::heads::Listing;
use super::{Outcome, PaperKey, Refusal};
use crate::ids::DeviceId;
use crate::memory::{Memory, Which};
use crate::mutations::{Mutation, is_broken};

/// What a pass came to.
pub(super) struct Passed {
    /// What the act was refused for.
    pub(super) refused: Option<Refusal>,
    /// Whether all that there was to say is on the storage, under a head that is.
    pub(super) published: bool,
}

impl<M: Memory> Device<'_, '_, M> {
    /// One pass (SYNC §6), and one act in the middle of it: everything that others said is known by then as far as the storage shows it.
    pub(super) async fn pass(&mut self, act: Act<'_>) -> Result<Passed, M::Error> {
        if is_broken(Mutation::BytesNotKept) {
            self.forget_what_was_made()?;
        }
        // Step 1: what was made and not uploaded yet.
        self.look_for_lost_answers().await?;
        self.flush().await?;
        // Step 2
        let Some(listing) = Listing::ask(self.course).await else { return self.without_storage(act) };
        // Step 3
        self.look_at_own_name(&listing).await?;
        // Step 4
        self.read_others(&listing).await?;
        // Step 5
        self.weigh_evidence(&listing)?;
        // Step 6: what follows from what was read, what the person wants, and what is to be published of it.
        self.be_born_again()?;
        self.act_late()?;
        let waits = self.must_wait(&act, &listing);
        let refused = if waits { self.postpone(act)? } else { self.act(act)? };
        self.purge()?;
        self.audit()?;
        // Steps 6 and 7
        let published = self.publish(&listing).await?;
        self.clear_removed(&listing).await?;
        self.conclude()?;
        Ok(Passed { refused, published: published && !waits })
    }

    /// Nobody answers: what the person wants is remembered where it can be.
    fn without_storage(&mut self, act: Act<'_>) -> Result<Passed, M::Error> {
        let refused = self.postpone(act)?;
        self.conclude()?;
        Ok(Passed { refused, published: false })
    }

    fn conclude(&mut self) -> Result<(), M::Error> {
        self.settle_backing()?;
        self.commit(|c| {
            let unnamed = c.state.own.packs.iter().filter(|pack| pack.is_unnamed()).map(|pack| pack.alive);
            let unnamed: u64 = unnamed.sum();
            c.report.pending = c.tx.ids(Which::Unpublished)?.len() as u64 + unnamed;
            c.state.pending = c.report.pending;
            if c.report.trouble.is_none() {
                c.state.last = Some(c.now);
            }
            Ok(())
        })
    }
}

/// A pass without an act. Where sync is off there is nothing to do.
pub(super) async fn sync<M: Memory>(course: &mut Course<'_, M>) -> Result<Outcome, M::Error> {
    let mut device = match Device::open(course)? {
        Ok(device) => device,
        Err(Outcome::Refused(Refusal::Off)) => return Ok(Outcome::Done),
        Err(refused) => return Ok(refused),
    };
    let passed = device.pass(Act::Nothing).await?;
    Ok(Course::<M>::done_if_published(passed.published))
}

/// SYNC §10.
pub(super) async fn remove<M: Memory>(
    course: &mut Course<'_, M>,
    devices: Vec<DeviceId>,
    paper: Option<PaperKey>,
) -> Result<Outcome, M::Error> {
    act(course, Act::Remove { devices: &devices, paper: paper.as_ref() }).await
}

/// SYNC §11: one more recovery key, or another in the place of one.
pub(super) async fn invite_paper<M: Memory>(
    course: &mut Course<'_, M>,
    new: PaperKey,
    old: Option<PaperKey>,
) -> Result<Outcome, M::Error> {
    act(course, Act::InvitePaper { new: &new, old: old.as_ref() }).await
}

async fn act<M: Memory>(course: &mut Course<'_, M>, act: Act<'_>) -> Result<Outcome, M::Error> {
    let mut device = match Device::open(course)? {
        Ok(device) => device,
        Err(refused) => return Ok(refused),
    };
    let passed = device.pass(act).await?;
    Ok(match passed.refused {
        Some(refusal) => Outcome::Refused(refusal),
        None => Course::<M>::done_if_published(passed.published),
    })
}
