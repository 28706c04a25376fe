//! The packs that a head names, as far as they are new here.

use crate::engine::course::Device;
use crate::format::{Head, MAX_PACK, PackObject, PackRef};
use crate::ids::ObjectHash;
use crate::memory::Memory;
use crate::mutations::{Mutation, is_broken};
use crate::storage::{Answer, ObjectName, Request};

/// Records that are merged in one transaction: whoever wants to write on this machine meanwhile waits for the end of one at most.
const MERGED_AT_ONCE: usize = 250;

/// Bytes that are asked for at once.
const AT_ONCE: u64 = MAX_PACK as u64;

impl<M: Memory> Device<'_, '_, M> {
    /// Fetches, verifies, opens and merges every pack that holds news, each in transactions of its own, and returns whether that was all of them.
    /// What is merged is not fetched again, even if the rest comes later.
    pub(super) async fn read_packs(&mut self, head: &Head) -> Result<bool, M::Error> {
        let peer = self.state().peers.get(&head.device);
        let (read, merged) = peer.map(|peer| (peer.read, peer.merged.clone())).unwrap_or_default();
        let mut wanted: Vec<PackRef> =
            head.packs.iter().filter(|pack| pack.to > read && !merged.contains(&pack.hash)).copied().collect();
        // The oldest first: what comes later replaces it.
        wanted.sort_by_key(|pack| pack.to);
        if wanted.iter().any(|pack| pack.length > MAX_PACK as u64) {
            return Ok(false);
        }
        for batch in batches(&wanted) {
            let get = |pack: &PackRef| Request::Get(ObjectName::Pack(head.device, pack.hash), pack.length);
            let answers = self.course.ask(batch.iter().map(get).collect()).await;
            for (pack, answer) in batch.iter().zip(answers) {
                let Answer::Got(bytes) = answer else { return Ok(is_broken(Mutation::ReadWithoutPack)) };
                if !self.merge_pack(head, &pack.hash, &bytes)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn merge_pack(&mut self, head: &Head, hash: &ObjectHash, bytes: &[u8]) -> Result<bool, M::Error> {
        let entries = match PackObject::parse(bytes) {
            Ok(object) if ObjectHash::of_object(bytes) == *hash => {
                let key = self.state().circle().keys().get(&object.key);
                key.and_then(|key| object.open(&self.vault(), &head.device, &key.key).ok())
            }
            _ => None,
        };
        let Some(entries) = entries else { return Ok(false) };
        if !entries.iter().all(|(_, record)| record.is_believable(self.course.now())) {
            return Ok(false);
        }
        let mut entries = entries.into_iter().peekable();
        loop {
            let merged = self.commit(|c| {
                let counted = head.device != c.state.device && c.state.is_counted(&head.device);
                for (id, record) in entries.by_ref().take(MERGED_AT_ONCE) {
                    c.merge((&head.device, head.n), counted, &id, record)?;
                }
                let all = entries.peek().is_none();
                let now = c.now;
                if all {
                    c.state.peer(head.device, now).merged.insert(*hash);
                }
                Ok(all)
            })?;
            if merged {
                return Ok(true);
            }
        }
    }
}

/// Batches of packs that are small enough together, or one that is not.
fn batches(packs: &[PackRef]) -> Vec<&[PackRef]> {
    let mut batches = Vec::new();
    let mut rest = packs;
    while !rest.is_empty() {
        let mut bytes = 0_u64;
        let fits = rest.iter().take_while(|pack| {
            bytes = bytes.saturating_add(pack.length);
            bytes <= AT_ONCE
        });
        let (batch, behind) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = behind;
    }
    batches
}
