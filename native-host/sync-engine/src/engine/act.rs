//! What a person has this device say in the circle (SYNC §9 to §11).

use super::course::Device;
use super::device::Commit;
use super::heads::Listing;
use super::{PaperKey, Refusal};
use crate::format::Card;
use crate::ids::DeviceId;
use crate::keys::Identity;
use crate::memory::Memory;

/// What a person has this device say.
pub(super) enum Act<'t> {
    /// Nothing.
    Nothing,
    /// Lets a device in.
    Admit(Card),
    /// Removes devices.
    Remove { devices: &'t [DeviceId], paper: Option<&'t PaperKey> },
    /// Brings in another recovery key.
    InvitePaper { new: &'t PaperKey, old: Option<&'t PaperKey> },
}

impl<M: Memory> Device<'_, '_, M> {
    /// Says what was postponed.
    pub(super) fn act_late(&mut self) -> Result<(), M::Error> {
        if self.state().duties.removing.is_empty() {
            return Ok(());
        }
        self.commit(|c| {
            for device in std::mem::take(&mut c.state.duties.removing) {
                // What cannot be any more was done by another, or its author was removed.
                c.remove(&[device], None).ok();
            }
            Ok(())
        })
    }

    /// Whether a removal has to wait for the next pass: the storage failed where it should have given what the device wrote last, and nobody
    /// reads that any more once it is out (SYNC §14). It waits once, and not where it takes the recovery key: that is not kept.
    pub(super) fn must_wait(&self, act: &Act<'_>, listing: &Listing) -> bool {
        let Act::Remove { devices, paper: None } = act else { return false };
        let (state, membership) = (self.state(), self.state().membership());
        let unread = |name: &DeviceId| {
            let read = state.peers.get(name).map_or(0, |peer| peer.read);
            membership.is_member(name) && *name != state.device && listing.newest(name) > read
        };
        let mut names = devices.iter().flat_map(|device| membership.names_of_machine(device));
        self.course.report.trouble.is_some() && names.any(|name| unread(&name))
    }

    /// Says it; or why it cannot be said.
    pub(super) fn act(&mut self, act: Act<'_>) -> Result<Option<Refusal>, M::Error> {
        if matches!(act, Act::Nothing) {
            return Ok(None);
        }
        self.commit(|c| {
            let done = match act {
                Act::Nothing => Ok(()),
                Act::Admit(card) => c.admit(card),
                Act::Remove { devices, paper } => c.remove(devices, paper.map(PaperKey::identity).as_ref()),
                Act::InvitePaper { new, old } => c.invite_paper(&new.identity(), old.map(PaperKey::identity).as_ref()),
            };
            Ok(done.err())
        })
    }

    /// A removal that has to wait is remembered if it takes no recovery key; the rest has to be tried again.
    pub(super) fn postpone(&mut self, act: Act<'_>) -> Result<Option<Refusal>, M::Error> {
        let Act::Remove { devices, paper: None } = act else { return Ok(None) };
        self.commit(|c| {
            if let Err(refusal) = c.authors(devices, None) {
                return Ok(Some(refusal));
            }
            for device in devices {
                if !c.state.duties.removing.contains(device) {
                    c.state.duties.removing.push(*device);
                }
            }
            Ok(None)
        })
    }
}

impl<E> Commit<'_, E> {
    fn admit(&mut self, card: Card) -> Result<(), Refusal> {
        if self.state.membership().standing(&card.id()).is_some() {
            let is_in = self.state.membership().is_member(&card.id());
            return if is_in { Ok(()) } else { Err(Refusal::Unknown) };
        }
        let (me, at) = (self.me, self.state.stamp(self.now));
        self.state.learn(self.now, |circle, _| circle.invite(me, card, at));
        Ok(())
    }

    fn remove(&mut self, devices: &[DeviceId], paper: Option<&Identity>) -> Result<(), Refusal> {
        let authors = self.authors(devices, paper)?;
        for (device, by_paper) in authors {
            let by = paper.filter(|_| by_paper).unwrap_or(self.me);
            let at = self.state.clock.stamp(self.now, &by.id());
            self.state.learn(self.now, |circle, membership| circle.remove(by, device, at, membership));
            let number = self.state.own.next_number();
            self.state.duties.clearing.push((device, number));
        }
        Ok(())
    }

    /// All names of the machines that are still in, and whether it takes the recovery key to remove each (SYNC §8).
    fn authors(&self, devices: &[DeviceId], paper: Option<&Identity>) -> Result<Vec<(DeviceId, bool)>, Refusal> {
        let membership = self.state.membership();
        let mut authors = Vec::new();
        for device in devices {
            membership.standing(device).ok_or(Refusal::Unknown)?;
            for name in membership.names_of_machine(device) {
                // A copy of this machine has names in common with it; this one goes only if it is meant.
                let oneself = name == self.state.device && !devices.contains(&name);
                if oneself || !membership.is_live(&name) || authors.iter().any(|(known, _)| *known == name) {
                    continue;
                }
                if membership.may_remove(&self.state.device, &name) && name != self.state.device {
                    authors.push((name, false));
                } else if paper.is_some_and(|paper| membership.may_remove(&paper.id(), &name)) {
                    authors.push((name, true));
                } else {
                    return Err(Refusal::TooOld);
                }
            }
        }
        Ok(authors)
    }

    fn invite_paper(&mut self, new: &Identity, old: Option<&Identity>) -> Result<(), Refusal> {
        let is_live = |paper: &Identity| self.state.membership().is_live(&paper.id());
        match (is_live(new), old.map(is_live)) {
            // It was said before, and had to wait for the storage.
            (true, None | Some(false)) => return Ok(()),
            (false, Some(false)) => return Err(Refusal::Unknown),
            _ => {}
        }
        let (by, card) = (old.unwrap_or(self.me), new.card("", true, None));
        if !self.state.membership().is_live(&new.id()) {
            let at = self.state.clock.stamp(self.now, &by.id());
            self.state.learn(self.now, |circle, _| circle.invite_paper(by, (new, card), at));
        }
        if let Some(old) = old {
            let at = self.state.clock.stamp(self.now, &old.id());
            self.state.learn(self.now, |circle, membership| circle.remove(old, old.id(), at, membership));
        }
        Ok(())
    }
}
