//! SYNC §13: what may be called backed up.

use crate::engine::Backing;
use crate::engine::course::Device;
use crate::engine::device::Commit;
use crate::engine::state::{OwnPack, Stage};
use crate::ids::ObjectHash;
use crate::memory::{Memory, Which};

impl<M: Memory> Device<'_, '_, M> {
    /// Brings every pack to the stage that it has reached, and its records with it, a pack in each transaction.
    pub(in crate::engine) fn settle_backing(&mut self) -> Result<(), M::Error> {
        let packs: Vec<ObjectHash> = self.state().own.packs.iter().map(|pack| pack.hash).collect();
        for hash in packs {
            let backing = self.course.backing;
            let pack = self.state().own.packs.iter().find(|pack| pack.hash == hash);
            let Some((pack, stage)) = pack.map(|pack| (pack, self.state().stage_of(pack, backing))) else { continue };
            if stage > pack.stage {
                self.commit(|c| c.advance(&hash, stage))?;
            }
        }
        Ok(())
    }
}

impl<E> Commit<'_, E> {
    fn advance(&mut self, hash: &ObjectHash, stage: Stage) -> Result<(), E> {
        let device = self.state.device;
        for id in self.tx.ids(Which::InOwnPack(*hash))? {
            let Some(before) = self.tx.record(&id)? else { continue };
            let mut kept = before.clone();
            // What has changed since is not in the pack.
            if !kept.unpublished {
                kept.holders.insert(device);
                kept.backed_up |= stage == Stage::BackedUp;
            }
            if kept != before {
                self.tx.put_record(&id, &kept)?;
            }
        }
        if let Some(pack) = self.state.own.pack(hash) {
            if pack.stage == Stage::Made {
                self.report.published += pack.alive;
            }
            pack.stage = stage;
        }
        Ok(())
    }
}

impl crate::engine::state::State {
    /// How far a pack has come.
    pub(in crate::engine) fn stage_of(&self, pack: &OwnPack, backing: Backing) -> Stage {
        if pack.is_unnamed() && (pack.to == 0 || pack.to > self.own.confirmed) {
            return Stage::Made;
        }
        let read = self.others().any(|device| self.has_read(&device, pack.to));
        let lasting = backing == Backing::Server && (self.own.looked || self.own.previous > 0);
        if self.has_company() && (read || lasting) { Stage::BackedUp } else { Stage::Named }
    }
}

impl OwnPack {
    /// Whether no head that is on the storage names it.
    pub(in crate::engine) fn is_unnamed(&self) -> bool {
        self.stage == Stage::Made
    }
}
