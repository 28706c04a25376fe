//! SYNC §6 steps 6 and 7: packs, then circle, then head; the bytes are made once, kept, and then uploaded.

mod backing;
mod circle;
mod compaction;
mod flush;
mod head;
mod packs;

pub(super) use circle::view_of;
pub(super) use flush::DELETED_AT_ONCE;

use super::course::Device;
use super::device::Commit;
use super::heads::Listing;
use crate::ids::RecordId;
use crate::memory::Memory;
use crate::mutations::{Mutation, is_broken};
use crate::storage::{Request, Trouble};

/// What is said of [`Made::TooMuch`].
const TOO_MUCH: &str = "what the devices have said is more than one object may hold";

/// What was made.
#[derive(PartialEq)]
enum Made {
    /// There is nothing to say.
    Nothing,
    /// Packs, and there is more to pack.
    Packs,
    /// All that a head names, and the head.
    Head,
    /// What there is to say is more than an object may hold.
    TooMuch,
}

impl<M: Memory> Device<'_, '_, M> {
    /// Publishes what is not, and returns whether all there was to say is on the storage.
    pub(super) async fn publish(&mut self, listing: &Listing) -> Result<bool, M::Error> {
        if self.state().seems_removed() || !self.flush().await? {
            return Ok(false);
        }
        let mut waiting = Vec::new();
        loop {
            let made = self.commit(|c| c.make_next(&mut waiting))?;
            if is_broken(Mutation::DeletedBeforeHead) {
                let early = self.state().duties.garbage.iter().cloned().map(Request::Delete).collect();
                self.course.ask(early).await;
            }
            if !self.flush().await? {
                return Ok(false);
            }
            match made {
                Made::Packs => {}
                Made::Nothing | Made::Head => break,
                Made::TooMuch => {
                    self.course.report.trouble.get_or_insert_with(|| Trouble::Failed(TOO_MUCH.to_owned()));
                    return Ok(false);
                }
            }
        }
        self.delete_old(listing).await?;
        Ok(true)
    }
}

impl<E> Commit<'_, E> {
    /// The next things to upload. Many records are packed in several transactions, each uploaded before the next; the head comes with the last.
    fn make_next(&mut self, waiting: &mut Vec<RecordId>) -> Result<Made, E> {
        let Some(key) = self.sealing_key() else { return Ok(Made::Nothing) };
        if self.pack_unpublished(&key, waiting)? {
            return Ok(Made::Packs);
        }
        let news = self.state.own.packs.iter().any(|pack| pack.to == 0);
        let view = self.view();
        let circle = self.state.own.circle.as_ref().is_none_or(|circle| circle.view != view);
        let acknowledge = self.is_acknowledgement_due();
        if !(news || circle || acknowledge || self.must_write_anew() || self.state.duties.head) {
            return Ok(Made::Nothing);
        }
        self.compact(&key)?;
        if circle && !self.stand_by_circle(view)? {
            return Ok(Made::TooMuch);
        }
        self.make_head(&key, news || circle)
    }
}
