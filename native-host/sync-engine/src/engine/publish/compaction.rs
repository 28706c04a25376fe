//! SYNC §6, compaction: by the author alone, and so that no reader downloads anything again.

use super::packs::FULL;
use crate::engine::device::Commit;
use crate::engine::state::{OwnPack, Stage};
use crate::format::PackBuilder;
use crate::ids::ObjectHash;
use crate::keys::SyncVaultKey;
use crate::memory::Which;
use crate::storage::ObjectName;

/// Packs written anew with one head, where that is not urgent.
const REWRITTEN: usize = 2;

/// More packs than this are joined, acknowledged or not, as far as they are small.
const PACKS: usize = 32;

impl<E> Commit<'_, E> {
    /// Whether a pack holds what was purged: that is to leave the storage soon.
    pub(super) fn must_write_anew(&self) -> bool {
        self.state.own.packs.iter().any(|pack| pack.stale)
    }

    /// Writes packs anew: those with purged records, some that are less than half alive, and joins small ones.
    pub(super) fn compact(&mut self, key: &SyncVaultKey) -> Result<(), E> {
        for group in self.plan() {
            self.rewrite(&group, key)?;
        }
        Ok(())
    }

    fn plan(&self) -> Vec<Vec<OwnPack>> {
        let (urgent, rest): (Vec<_>, Vec<_>) =
            self.state.own.packs.iter().filter(|pack| pack.to > 0).cloned().partition(|pack| pack.stale);
        let wasted = |pack: &OwnPack| pack.alive * 2 < pack.count && self.nobody_counts_on_old_states(pack);
        let (wasted, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(wasted);
        let mut plan: Vec<Vec<OwnPack>> = urgent.into_iter().map(|pack| vec![pack]).collect();
        plan.extend(wasted.into_iter().take(REWRITTEN).map(|pack| vec![pack]));
        let joined = self.newest_to_join(rest);
        if joined.len() > 1 {
            plan.push(joined);
        }
        plan
    }

    /// From the newest back, while the next is at most twice as large as all after it together: so a record is written anew seldom, the more
    /// seldom the more there are.
    fn newest_to_join(&self, mut packs: Vec<OwnPack>) -> Vec<OwnPack> {
        let crowded = packs.len() > PACKS;
        let overcrowded = packs.len() > 8 * PACKS;
        packs.retain(|pack| crowded || self.state.all_have_read(pack.to, self.now));
        packs.retain(|pack| overcrowded || self.nobody_counts_on_old_states(pack));
        packs.sort_by_key(|pack| std::cmp::Reverse(pack.to));
        let (mut joined, mut bytes) = (Vec::new(), 0);
        for pack in packs {
            let fits = bytes + pack.length <= FULL as u64;
            let similar = crowded || pack.length <= 2 * bytes;
            let belongs = fits && similar;
            if !(joined.is_empty() || belongs) {
                break;
            }
            bytes += pack.length;
            joined.push(pack);
        }
        joined
    }

    /// Whether everybody knows that others hold newer states of what this pack held. Who does not yet would, if those others were removed
    /// today, believe it to be here.
    fn nobody_counts_on_old_states(&self, pack: &OwnPack) -> bool {
        let counted = pack.superseded.iter().filter(|(author, _)| self.state.is_counted(author));
        counted.into_iter().all(|(author, n)| self.state.others_have_read(author, *n, self.now))
    }

    /// Puts one pack in the place of several, or of one. The others are deleted once the head that does not name them is on the storage.
    fn rewrite(&mut self, group: &[OwnPack], key: &SyncVaultKey) -> Result<(), E> {
        let (mut builder, mut moved) = (PackBuilder::default(), Vec::new());
        for pack in group {
            for id in self.tx.ids(Which::InOwnPack(pack.hash))? {
                moved.extend(self.add_to(&mut builder, id)?.map(|kept| (id, kept)));
            }
        }
        let to = group.iter().map(|pack| pack.to).max().unwrap_or(0);
        let stage = group.iter().map(|pack| pack.stage).min().unwrap_or(Stage::Made);
        let new = self.put_pack(&builder, key, (to, stage))?;
        if new.is_none() && builder.count() > 0 {
            return Ok(());
        }
        for (id, mut kept) in moved {
            if let Some(new) = new {
                self.move_to_pack(new, &mut kept);
            }
            self.tx.put_record(&id, &kept)?;
        }
        let gone: Vec<ObjectHash> = group.iter().map(|pack| pack.hash).collect();
        self.state.own.packs.retain(|pack| !gone.contains(&pack.hash));
        let device = self.state.device;
        self.state.duties.garbage.extend(gone.into_iter().map(|hash| ObjectName::Pack(device, hash)));
        Ok(())
    }
}
