//! SYNC §6 step 3: what the storage shows in this device's own name.

use std::collections::BTreeSet;

use super::course::Device;
use super::device::Commit;
use super::heads::Listing;
use super::state::{HOUR, Peer};
use crate::format::{HeadObject, MAX_HEAD, Seen};
use crate::ids::ObjectHash;
use crate::memory::{Memory, Which};
use crate::mutations::{Mutation, is_broken};
use crate::storage::{Answer, Folder, ObjectName, Request};

/// More heads above one's own than this are not looked at in one pass: they are junk.
const LOOKED_AT: usize = 4;

/// What became of the newest head that is on the storage.
#[derive(PartialEq)]
enum Newest {
    /// It is as it was made; or nobody knows at the moment.
    Well,
    /// It is gone.
    Gone,
    /// Something else is under its name.
    Replaced,
}

impl<M: Memory> Device<'_, '_, M> {
    /// Looks whether somebody else writes under this device's name, and whether its newest head is there as it was made.
    ///
    /// A head that this device signed and did not make means that the disk was restored from a backup, or the machine copied. Junk means nothing.
    pub(super) async fn look_at_own_name(&mut self, listing: &Listing) -> Result<(), M::Error> {
        let (device, own) = (self.state().device, &self.state().own);
        let listed = listing.of_device(&device);
        let foreign = listed.iter().copied().filter(|n| *n > own.number && !own.is_far(*n));
        let mut numbers: Vec<u64> = foreign.take(LOOKED_AT).collect();
        let newest = own.confirmed;
        // Daily too: a copy of this machine may have written over it after it was looked at, or the storage have lost what it names.
        let day = |time: u64| time / (24 * HOUR);
        let new_day = self.state().last.is_none_or(|last| day(last) != day(self.course.now()));
        let look = newest > 0 && (!own.looked || new_day || !listed.contains(&newest));
        numbers.extend(look.then_some(newest));
        if numbers.is_empty() {
            return Ok(());
        }
        let get = |n: &u64| Request::Get(ObjectName::Head(device, *n), MAX_HEAD as u64);
        let answers = self.course.ask(numbers.iter().map(get).collect()).await;

        let (mut forked, mut hidden, mut fate) = (false, false, Newest::Well);
        for (n, answer) in numbers.iter().zip(&answers) {
            let made = self.made(*n, answer);
            forked |= made == Some(Made::Elsewhere);
            if *n == newest {
                fate = newest_of(answer, made);
            } else {
                // Whoever looks for the newest head finds this: a newer one has to be put above it.
                hidden |= made == Some(Made::Junk) || *answer == Answer::TooLarge;
            }
        }
        self.commit(|c| {
            listed.iter().for_each(|n| c.state.own.stay_above(*n));
            if forked {
                c.fork();
            }
            let seen = answers.last().is_some_and(|answer| matches!(answer, Answer::Got(_)));
            c.state.own.looked |= look && seen && fate == Newest::Well;
            c.state.duties.head |= fate == Newest::Replaced || hidden;
            Ok(())
        })?;
        let gone = fate == Newest::Gone;
        if gone || (look && new_day) { self.heal(gone).await } else { Ok(()) }
    }

    /// As if the outbox was never kept: what it held is made again, under the same number.
    pub(super) fn forget_what_was_made(&mut self) -> Result<(), M::Error> {
        self.commit(|c| {
            for name in c.tx.outbox()? {
                c.tx.remove_outgoing(&name)?;
            }
            let confirmed = c.state.own.confirmed;
            c.state.own.number = confirmed;
            c.state.own.hashes.retain(|n, _| *n <= confirmed);
            c.state.duties.head = true;
            let made = c.state.own.packs.iter().filter(|pack| pack.is_unnamed()).map(|pack| pack.hash);
            made.collect::<Vec<_>>().iter().try_for_each(|pack| c.lose_pack(pack))
        })
    }

    /// Who made what lies under one of this device's names.
    fn made(&self, n: u64, answer: &Answer) -> Option<Made> {
        let Answer::Got(bytes) = answer else { return None };
        if self.state().own.hashes.get(&n) == Some(&ObjectHash::of_object(bytes)) {
            return Some(Made::Here);
        }
        let signed = HeadObject::parse(bytes).is_ok_and(|head| head.is_signed_by(&self.me.card("", false, None), n));
        Some(if signed { Made::Elsewhere } else { Made::Junk })
    }

    /// Publishes again whatever the storage lost: packs, the circle, and the newest head, if that is gone.
    async fn heal(&mut self, gone: bool) -> Result<(), M::Error> {
        let device = self.state().device;
        let lists = vec![Request::List(Folder::Packs(device)), Request::List(Folder::Circles)];
        let lists = self.course.ask(lists).await;
        let [Answer::Listed(packs), Answer::Listed(circles)] = lists.as_slice() else { return Ok(()) };
        let there: BTreeSet<&ObjectName> = packs.iter().chain(circles).collect();
        let outgoing = self.commit(|c| c.tx.outbox())?;
        let is_lost = |name: &ObjectName| !there.contains(name) && !outgoing.contains(name);
        let packs: Vec<ObjectHash> = self.state().own.packs.iter().map(|pack| pack.hash).collect();
        for pack in packs.into_iter().filter(|hash| is_lost(&ObjectName::Pack(device, *hash))) {
            self.commit(|c| c.lose_pack(&pack))?;
        }
        self.commit(|c| {
            c.state.own.circle.take_if(|circle| is_lost(&ObjectName::Circle(circle.hash)));
            // Nor can one stand by another's that is not there.
            for peer in c.state.peers.values_mut() {
                peer.view.take_if(|_| peer.circle.is_none_or(|hash| is_lost(&ObjectName::Circle(hash))));
            }
            c.state.duties.head |= gone;
            Ok(())
        })?;
        // Before anything is read: others count on this log, whoever else holds it.
        let mut waiting = Vec::new();
        while self.commit(|c| c.sealing_key().map_or(Ok(false), |key| c.pack_unpublished(&key, &mut waiting)))? {}
        Ok(())
    }
}

impl<E> Commit<'_, E> {
    /// Somebody else uses this identity. What is under the name that is going to be old is read like another's.
    pub(super) fn fork(&mut self) {
        if self.state.duties.forked || is_broken(Mutation::OldNameGoesOn) {
            return;
        }
        self.state.duties.forked = true;
        let merged = self.state.own.packs.iter().map(|pack| pack.hash).collect();
        let peer = Peer { heard: self.now, merged, ..Peer::default() };
        self.state.peers.insert(self.state.device, peer);
    }

    /// What another member says it has seen of this device. None of these numbers is used again.
    pub(super) fn hear_of_oneself(&mut self, seen: &Seen) {
        let own = &mut self.state.own;
        own.stay_above(seen.n);
        let known = own.hashes.get(&seen.n);
        let first = own.hashes.first_key_value().map_or(0, |(n, _)| *n);
        if seen.n > own.number || (seen.n >= first && known != Some(&seen.hash)) {
            self.fork();
        }
    }

    /// A pack is not on the storage any more: what is in it is published again.
    fn lose_pack(&mut self, pack: &ObjectHash) -> Result<(), E> {
        for id in self.tx.ids(Which::InOwnPack(*pack))? {
            let Some(mut kept) = self.tx.record(&id)? else { continue };
            kept.own_pack = None;
            kept.unpublished = true;
            kept.holders.remove(&self.state.device);
            kept.backed_up = kept.holders.iter().any(|holder| self.state.is_counted(holder));
            self.tx.put_record(&id, &kept)?;
        }
        self.state.own.packs.retain(|own| own.hash != *pack);
        // It may be there all the same: lists are stale at times.
        self.state.duties.garbage.push(ObjectName::Pack(self.state.device, *pack));
        Ok(())
    }
}

/// Who made a head.
#[derive(Clone, Copy, PartialEq)]
enum Made {
    Here,
    Elsewhere,
    Junk,
}

fn newest_of(answer: &Answer, made: Option<Made>) -> Newest {
    match (answer, made) {
        (Answer::Absent, _) => Newest::Gone,
        (Answer::TooLarge, _) | (_, Some(Made::Junk)) => Newest::Replaced,
        // By another with this identity: what follows from that is decided there.
        (_, Some(Made::Elsewhere | Made::Here) | None) => Newest::Well,
    }
}
