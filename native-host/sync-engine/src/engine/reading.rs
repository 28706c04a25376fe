//! SYNC §6 step 4: what is new from the others.

mod author;
mod packs;
mod records;

use std::collections::{BTreeMap, BTreeSet};

use super::course::Device;
use super::heads::Listing;
use super::state::HOUR;
use crate::format::{FormatError, Head, HeadObject, MAX_HEAD, Seen};
use crate::ids::{DeviceId, ObjectHash};
use crate::memory::Memory;
use crate::storage::{Answer, ObjectName, Request};

/// Devices in no circle that are looked at in one pass: they may just have been let in, or be junk.
const STRANGERS: usize = 8;

/// Strangers that are remembered, so that they are not looked at in every pass.
const STRANGERS_KEPT: usize = 1024;

/// How far the reading has come in this pass.
#[derive(Default)]
struct Reading {
    /// Heads that were asked for.
    tried: BTreeSet<(DeviceId, u64)>,
    /// Heads of devices in no circle: another's head may let them in.
    strangers: BTreeMap<DeviceId, (u64, Vec<u8>)>,
    /// Devices in no circle that were looked at, and which head of theirs.
    looked_at: BTreeMap<DeviceId, u64>,
    /// Heads that nobody signed in whose name they are, or that are not as they must be.
    strange: u64,
}

/// What became of one head.
#[derive(PartialEq)]
pub(super) enum HeadRead {
    /// All that is new in it is merged.
    Whole,
    /// Something is missing or wrong; the device stays as it was.
    Left,
    /// Its author is in no circle that is known.
    Stranger,
    /// Nobody signed it in whose name it is, or it is not as it must be.
    Strange,
}

impl<M: Memory> Device<'_, '_, M> {
    /// Reads each device's newest head that can be read, of two. Again, until nothing moves: a head may introduce the device that signs the next.
    pub(super) async fn read_others(&mut self, listing: &Listing) -> Result<(), M::Error> {
        let mut reading = Reading::default();
        loop {
            let wanted = self.wanted(listing, &reading);
            let get = |(device, n): &(DeviceId, u64)| Request::Get(ObjectName::Head(*device, *n), MAX_HEAD as u64);
            let answers = self.course.ask(wanted.iter().map(get).collect()).await;
            reading.tried.extend(&wanted);
            let membership = self.state().membership();
            reading.looked_at.extend(wanted.iter().filter(|(device, _)| !membership.is_member(device)).copied());
            let mut moved = false;
            for ((device, n), answer) in wanted.into_iter().zip(answers) {
                let Answer::Got(bytes) = answer else { continue };
                moved |= self.read(&mut reading, device, n, bytes).await?;
            }
            for (device, (n, bytes)) in std::mem::take(&mut reading.strangers) {
                moved |= self.read(&mut reading, device, n, bytes).await?;
            }
            if !moved && self.wanted(listing, &reading).is_empty() {
                break;
            }
        }
        self.remember_strangers(&reading)?;
        self.count_strange(&reading)
    }

    /// The newest heads that were not tried yet: of each device one, of two.
    fn wanted(&self, listing: &Listing, reading: &Reading) -> Vec<(DeviceId, u64)> {
        let state = self.state();
        let mut room = STRANGERS.saturating_sub(reading.looked_at.len());
        let mut wanted = Vec::new();
        for device in listing.devices() {
            let read = state.peers.get(device).map_or(0, |peer| peer.read);
            let newest = listing.of_device(device).iter().take(2).filter(|n| **n > read);
            let Some(n) = newest.copied().find(|n| !reading.tried.contains(&(*device, *n))) else { continue };
            if *device == state.device {
                wanted.extend(state.duties.forked.then_some((*device, n)));
            } else if state.membership().is_member(device) {
                wanted.push((*device, n));
            } else if room > 0 && self.may_be_new(device, n) && !reading.looked_at.contains_key(device) {
                room -= 1;
                wanted.push((*device, n));
            }
        }
        wanted
    }

    fn may_be_new(&self, device: &DeviceId, n: u64) -> bool {
        let (state, now) = (self.state(), self.course.now());
        let looked_at = state.strangers.get(device);
        let lately = looked_at.is_some_and(|(seen, at)| *seen == n && now.abs_diff(*at) < HOUR);
        !lately && state.membership().standing(device).is_none()
    }

    async fn read(
        &mut self,
        reading: &mut Reading,
        device: DeviceId,
        n: u64,
        bytes: Vec<u8>,
    ) -> Result<bool, M::Error> {
        match self.read_head(device, n, &bytes).await? {
            HeadRead::Whole => return Ok(true),
            HeadRead::Left => {}
            HeadRead::Strange => reading.strange += 1,
            HeadRead::Stranger => {
                reading.strangers.insert(device, (n, bytes));
            }
        }
        Ok(false)
    }

    /// One head, from the outside in: author, circle, seal, packs.
    async fn read_head(&mut self, device: DeviceId, n: u64, bytes: &[u8]) -> Result<HeadRead, M::Error> {
        let Ok(object) = HeadObject::parse(bytes) else { return Ok(HeadRead::Strange) };
        let author = match self.author(device, n, &object).await? {
            Ok(author) => author,
            Err(left) => return Ok(left),
        };
        let keys = self.state().circle().keys();
        let Some(key) = keys.get(&object.key) else { return Ok(HeadRead::Left) };
        let head = match object.open(&self.vault(), &author, n, &key.key) {
            Ok(head) => head,
            Err(FormatError::Newer(_)) => return self.note_newer(device),
            Err(_) => return Ok(HeadRead::Strange),
        };
        if !self.read_packs(&head).await? {
            return Ok(HeadRead::Left);
        }
        self.note_read(&head, ObjectHash::of_object(bytes), object.circle)
    }

    /// The commit: from here on the head is read.
    fn note_read(&mut self, head: &Head, hash: ObjectHash, circle: ObjectHash) -> Result<HeadRead, M::Error> {
        self.commit(|c| {
            let (now, own, view) = (c.now, c.state.device, c.state.view_of(&circle));
            let peer = c.state.peer(head.device, now);
            (peer.read, peer.hash, peer.content, peer.time) = (head.n, Some(hash), head.content, head.time);
            (peer.heard, peer.newer) = (now, false);
            peer.seen.clone_from(&head.seen);
            (peer.circle, peer.view) = (Some(circle), view);
            peer.merged.clear();
            let of_oneself: Vec<Seen> = head.seen.iter().filter(|seen| seen.device == own).copied().collect();
            if head.device != own {
                of_oneself.iter().for_each(|seen| c.hear_of_oneself(seen));
            }
            Ok(HeadRead::Whole)
        })
    }

    fn note_newer(&mut self, device: DeviceId) -> Result<HeadRead, M::Error> {
        self.commit(|c| {
            let now = c.now;
            c.state.peer(device, now).newer = true;
            Ok(HeadRead::Left)
        })
    }

    /// As many as lie there now: what was half uploaded is whole the next time.
    fn count_strange(&mut self, reading: &Reading) -> Result<(), M::Error> {
        if self.state().strange == reading.strange {
            return Ok(());
        }
        self.commit(|c| {
            c.state.strange = reading.strange;
            Ok(())
        })
    }

    fn remember_strangers(&mut self, reading: &Reading) -> Result<(), M::Error> {
        let member = |device: &DeviceId| self.state().membership().is_member(device) || *device == self.state().device;
        let looked_at: Vec<_> = reading.looked_at.iter().filter(|(device, _)| !member(device)).collect();
        if looked_at.is_empty() {
            return Ok(());
        }
        self.commit(|c| {
            for (device, n) in looked_at {
                if c.state.strangers.len() < STRANGERS_KEPT || c.state.strangers.contains_key(device) {
                    c.state.strangers.insert(*device, (*n, c.now));
                }
            }
            Ok(())
        })
    }
}
