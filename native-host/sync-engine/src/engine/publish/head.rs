//! The head: what this device says it has written and seen. It is the commit (SYNC §0, rule 2).

use super::Made;
use crate::engine::device::Commit;
use crate::engine::state::HOUR;
use crate::format::{Head, PackRef, Seen};
use crate::ids::ObjectHash;
use crate::keys::SyncVaultKey;
use crate::wire::Unknown;

impl<E> Commit<'_, E> {
    /// Whether another's news is to be acknowledged: the first at once, then at most hourly. Acknowledgements themselves are no news.
    pub(super) fn is_acknowledgement_due(&self) -> bool {
        let (state, own) = (&*self.state, &self.state.own);
        let news = state.peers.iter().any(|(device, peer)| {
            let acknowledged = own.acknowledged.get(device).copied().unwrap_or(0);
            state.membership().is_member(device) && peer.content > acknowledged
        });
        news && self.now.abs_diff(own.acknowledged_at) >= HOUR
    }

    /// Makes the next head, and puts it into the outbox behind all that it names.
    pub(super) fn make_head(&mut self, key: &SyncVaultKey, news: bool) -> Result<Made, E> {
        let Some(circle) = self.state.own.circle.as_ref().map(|circle| circle.hash) else { return Ok(Made::Nothing) };
        let n = self.state.own.next_number();
        for pack in self.state.own.packs.iter_mut().filter(|pack| pack.to == 0) {
            pack.to = n;
        }
        let head = self.head(n, if news { n } else { self.state.own.content });
        let Ok(bytes) = head.seal(&circle, key, self.me, self.rng) else {
            self.state.own.packs.iter_mut().filter(|pack| pack.to == n).for_each(|pack| pack.to = 0);
            return Ok(Made::TooMuch);
        };
        self.tx.put_outgoing(&head.name(), &bytes)?;

        let only_acknowledges = !news && !self.state.duties.head;
        let own = &mut self.state.own;
        (own.number, own.content) = (n, head.content);
        own.note_hash(n, ObjectHash::of_object(&bytes));
        own.acknowledged = head.seen.iter().map(|seen| (seen.device, seen.n)).collect();
        if only_acknowledges {
            own.acknowledged_at = self.now;
        }
        self.state.duties.head = false;
        Ok(Made::Head)
    }

    fn head(&self, n: u64, content: u64) -> Head {
        let state = &*self.state;
        let packs = state.own.packs.iter();
        let packs = packs.map(|pack| PackRef { hash: pack.hash, length: pack.length, to: pack.to, count: pack.count });
        let seen = state.peers.iter().filter(|(device, _)| state.membership().is_member(device));
        let seen = seen.filter_map(|(device, peer)| Some(Seen { device: *device, n: peer.read, hash: peer.hash? }));
        Head {
            vault: state.circle().vault(),
            device: state.device,
            n,
            content,
            packs: packs.collect(),
            seen: seen.collect(),
            time: self.now,
            unknown: Unknown::default(),
        }
    }
}
