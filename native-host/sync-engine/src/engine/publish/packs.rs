//! What was changed here, as packs.

use std::collections::BTreeMap;

use crate::engine::device::Commit;
use crate::engine::state::{OwnPack, Stage};
use crate::format::{MAX_PACK, PackBuilder};
use crate::ids::{ObjectHash, RecordId};
use crate::keys::SyncVaultKey;
use crate::memory::{Kept, Which};
use crate::record::Record;
use crate::storage::ObjectName;

/// A pack of so many bytes is full: with padding, some 4 MB at most.
pub(super) const FULL: usize = 7 << 19;

impl<E> Commit<'_, E> {
    /// Packs what is not published, up to one pack, and returns whether there may be more. `waiting` is empty at first, and from pack to pack
    /// those that are left: among many they are not looked for again.
    pub(in crate::engine) fn pack_unpublished(
        &mut self,
        key: &SyncVaultKey,
        waiting: &mut Vec<RecordId>,
    ) -> Result<bool, E> {
        let all_were_known = waiting.is_empty();
        if all_were_known {
            *waiting = self.tx.ids(Which::Unpublished)?;
            waiting.reverse();
        }
        let (mut builder, mut packed) = (PackBuilder::default(), Vec::new());
        while builder.size() < FULL {
            let Some(id) = waiting.pop() else { break };
            let Some(kept) = self.tx.record(&id)?.filter(|kept| kept.unpublished) else { continue };
            // One that fits in no pack stays here; nothing that a passkey holds comes near.
            if size(&kept.record) < MAX_PACK / 4 {
                builder.push(id, &kept.record);
                packed.push((id, kept));
            }
        }
        // What has changed since they were looked for is not among them.
        let more = !(waiting.is_empty() && all_were_known);
        let Some(hash) = self.put_pack(&builder, key, (0, Stage::Made))? else { return Ok(false) };
        for (id, mut kept) in packed {
            self.move_to_pack(hash, &mut kept);
            kept.unpublished = false;
            self.tx.put_record(&id, &kept)?;
        }
        Ok(more)
    }

    /// Seals a pack and puts it into the outbox; nothing if there is nothing in it.
    pub(super) fn put_pack(
        &mut self,
        builder: &PackBuilder,
        key: &SyncVaultKey,
        (to, stage): (u64, Stage),
    ) -> Result<Option<ObjectHash>, E> {
        if builder.count() == 0 {
            return Ok(None);
        }
        let vault = self.state.circle().vault();
        let Ok(pack) = builder.seal(&vault, &self.state.device, key, self.rng) else { return Ok(None) };
        self.tx.put_outgoing(&ObjectName::Pack(self.state.device, pack.hash), &pack.bytes)?;
        let (length, count) = (pack.bytes.len() as u64, builder.count() as u64);
        let superseded = BTreeMap::new();
        let made = OwnPack { hash: pack.hash, length, to, count, alive: 0, stale: false, stage, superseded };
        self.state.own.packs.push(made);
        Ok(Some(pack.hash))
    }

    /// The record's newest own copy is in that pack now.
    pub(super) fn move_to_pack(&mut self, pack: ObjectHash, kept: &mut Kept) {
        self.leave_pack(kept);
        kept.own_pack = Some(pack);
        if let Some(pack) = self.state.own.pack(&pack) {
            pack.alive += 1;
        }
    }

    /// Adds a record as it is now.
    pub(super) fn add_to(&mut self, builder: &mut PackBuilder, id: RecordId) -> Result<Option<Kept>, E> {
        let kept = self.tx.record(&id)?;
        if let Some(kept) = &kept {
            builder.push(id, &kept.record);
        }
        Ok(kept)
    }
}

/// Roughly, in bytes.
fn size(record: &Record) -> usize {
    record.fields().flat_map(|(_, values)| values).map(|(_, value)| value.len() + 32).sum()
}
