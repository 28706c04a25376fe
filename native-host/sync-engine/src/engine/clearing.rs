//! SYNC §10: the files of a removed device. The only ones that another than their author deletes.

use super::course::Device;
use super::heads::Listing;
use super::publish::DELETED_AT_ONCE;
use crate::ids::DeviceId;
use crate::memory::Memory;
use crate::storage::{Answer, Folder, ObjectName, Request};

impl<M: Memory> Device<'_, '_, M> {
    /// Deletes the files of devices that this one removed, once all others have read that.
    pub(super) async fn clear_removed(&mut self, listing: &Listing) -> Result<(), M::Error> {
        let (state, now) = (self.state(), self.course.now());
        let due =
            state.duties.clearing.iter().filter(|(_, n)| state.own.confirmed >= *n && state.all_have_read(*n, now));
        let due: Vec<DeviceId> = due.map(|(device, _)| *device).collect();
        for device in due {
            let Some(Answer::Listed(packs)) = self.course.ask_one(Request::List(Folder::Packs(device))).await else {
                return Ok(());
            };
            let heads = listing.of_device(&device).iter().map(|n| ObjectName::Head(device, *n));
            let files = heads.chain(
                packs.into_iter().filter(|name| matches!(name, ObjectName::Pack(author, _) if *author == device)),
            );
            let mut files: Vec<ObjectName> = files.collect();
            let more = files.split_off(files.len().min(DELETED_AT_ONCE));
            let answers = self.course.ask(files.into_iter().map(Request::Delete).collect()).await;
            if more.is_empty() && answers.iter().all(|answer| *answer == Answer::Done) {
                self.commit(|c| {
                    c.state.duties.clearing.retain(|(cleared, _)| *cleared != device);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}
