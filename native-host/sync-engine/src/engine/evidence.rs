//! SYNC §6 step 5 and §12: what the storage shows, against what was read of it and what others have seen.

use super::course::Device;
use super::heads::Listing;
use super::state::{Behind, HOUR, Peer, State};
use crate::ids::DeviceId;
use crate::memory::Memory;

impl<M: Memory> Device<'_, '_, M> {
    /// Notes of each device whether the storage shows less of it than there is, or it has not read all of this one's, and since when. Lists may
    /// be stale and files on their way: it tells something only once it lasts. Then its log is not counted on either, and what only that held
    /// is published again from here.
    pub(super) fn weigh_evidence(&mut self, listing: &Listing) -> Result<(), M::Error> {
        let now = self.course.now();
        let others: Vec<DeviceId> = self.state().others().collect();
        let weighed: Vec<(DeviceId, Peer)> = others
            .into_iter()
            .map(|device| {
                let peer = weigh(self.state(), &device, listing.newest(&device), now);
                (device, peer)
            })
            .filter(|(device, peer)| self.state().peers.get(device) != Some(peer))
            .collect();
        if weighed.is_empty() {
            return Ok(());
        }
        self.commit(|c| {
            for (device, peer) in weighed {
                let gone_before = c.state.peers.get(&device).is_some_and(|known| known.gone);
                c.state.duties.audit |= peer.gone && !gone_before;
                c.state.peers.insert(device, peer);
            }
            Ok(())
        })
    }
}

fn weigh(state: &State, device: &DeviceId, listed: u64, now: u64) -> Peer {
    let mut peer = state.peers.get(device).cloned().unwrap_or(Peer { heard: now, ..Peer::default() });

    let expected = peer.read.max(peer.floor);
    peer.behind = (listed < expected).then(|| match peer.behind {
        Some(behind) => Behind { passes: behind.passes.saturating_add(1), ..behind },
        None => Behind { since: now, passes: 1 },
    });
    peer.gone = peer.behind.is_some_and(|behind| behind.lasts(now));

    peer.owing = (!state.has_read(device, state.own.content)).then(|| peer.owing.unwrap_or(now));

    let others = state.others().filter(|other| other != device);
    let seen = others.filter_map(|other| state.peers.get(&other)?.seen_of(device));
    let newest = seen.max_by_key(|seen| seen.n);
    peer.doubled |= newest.is_some_and(|seen| seen.n == peer.read && Some(seen.hash) != peer.hash);
    let missing = newest.map(|seen| seen.n).filter(|n| *n > peer.read && !peer.newer);
    // One that came and another that is missing now is a slow storage.
    peer.missing = missing.map(|n| peer.missing.filter(|(before, _)| *before > peer.read).unwrap_or((n, now)));
    peer
}

impl Behind {
    /// Whether it has lasted: three passes, and an hour.
    pub fn lasts(&self, now: u64) -> bool {
        self.passes >= 3 && now.saturating_sub(self.since) >= HOUR
    }
}
