//! A look at every record, after devices that held some have ceased to count (SYNC §6, §7, §10).

use super::course::Device;
use super::device::Commit;
use super::state::Stage;
use crate::ids::RecordId;
use crate::memory::{Kept, Memory, Which};
use crate::mutations::{Mutation, is_broken};

/// Records looked at in one transaction.
const AT_ONCE: usize = 2048;

impl<M: Memory> Device<'_, '_, M> {
    /// Whatever no log that counts holds any more is published again, by every device that has it. It may be broken off, and begins again.
    pub(super) fn audit(&mut self) -> Result<(), M::Error> {
        if !self.state().duties.audit {
            return Ok(());
        }
        let ids = self.commit(|c| {
            c.lower_stages();
            c.tx.ids(Which::All)
        })?;
        for ids in ids.chunks(AT_ONCE) {
            self.commit(|c| ids.iter().try_for_each(|id| c.audit(id)))?;
        }
        self.commit(|c| {
            c.state.duties.audit = false;
            Ok(())
        })
    }
}

impl<E> Commit<'_, E> {
    /// What was backed up by somebody who is out now is not any more.
    fn lower_stages(&mut self) {
        let mut packs = std::mem::take(&mut self.state.own.packs);
        for pack in &mut packs {
            pack.stage = pack.stage.min(self.state.stage_of(pack, self.backing));
        }
        self.state.own.packs = packs;
    }

    fn audit(&mut self, id: &RecordId) -> Result<(), E> {
        let Some(before) = self.tx.record(id)? else { return Ok(()) };
        let mut kept = before.clone();
        let mine = self.own_stage(&kept);
        if mine.is_none() {
            kept.own_pack = None;
            kept.holders.remove(&self.state.device);
        }
        kept.holders.retain(|holder| self.state.is_counted(holder));
        kept.unpublished |= kept.holders.is_empty() && mine.is_none() && !is_broken(Mutation::NoAdoption);
        let elsewhere = kept.holders.iter().any(|holder| *holder != self.state.device);
        let published = !kept.unpublished && mine == Some(Stage::BackedUp);
        kept.backed_up &= self.state.has_company() && (elsewhere || published);
        if kept == before { Ok(()) } else { self.tx.put_record(id, &kept) }
    }

    /// How far the own pack has come that holds the record; nothing where none does.
    fn own_stage(&self, kept: &Kept) -> Option<Stage> {
        let mut packs = self.state.own.packs.iter();
        packs.find(|pack| Some(pack.hash) == kept.own_pack).map(|pack| pack.stage)
    }
}
