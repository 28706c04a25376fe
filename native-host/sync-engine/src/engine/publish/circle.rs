//! The circle object that this device stands by.

use sha2::{Digest, Sha256};

use crate::engine::device::Commit;
use crate::engine::state::{MONTH, StoodBy};
use crate::format::{self, Card};
use crate::ids::DeviceId;
use crate::storage::ObjectName;

/// A digest of what is in a circle object, and for whom it is sealed.
pub(in crate::engine) fn view_of(contents: &format::Circle, members: impl Iterator<Item = DeviceId>) -> [u8; 32] {
    let mut members: Vec<DeviceId> = members.collect();
    members.sort_unstable();
    let mut view = Sha256::new_with_prefix(contents.encode());
    members.iter().for_each(|member| view.update(member.as_bytes()));
    view.finalize().into()
}

impl<E> Commit<'_, E> {
    /// The digest of what a circle object has to hold today.
    pub(super) fn view(&self) -> [u8; 32] {
        let live = self.state.membership().live().map(|standing| standing.card.id());
        view_of(&self.state.circle().contents(), live)
    }

    /// Stands by another's object, if it holds just this, else by a new one. Whether there is one.
    pub(super) fn stand_by_circle(&mut self, view: [u8; 32]) -> Result<bool, E> {
        let of_others = self.state.peers.values().filter(|peer| peer.view == Some(view));
        let (hash, own) = match of_others.filter_map(|peer| peer.circle).min() {
            Some(hash) => (hash, false),
            None => {
                let Some(object) = self.seal_circle() else { return Ok(false) };
                self.tx.put_outgoing(&ObjectName::Circle(object.hash), &object.bytes)?;
                (object.hash, true)
            }
        };
        if let Some(former) = self.state.own.circle.replace(StoodBy { hash, view, own })
            && former.own
        {
            self.state.own.former_circles.push((former.hash, self.now));
        }
        self.drop_former_circles();
        Ok(true)
    }

    fn seal_circle(&mut self) -> Option<format::Object> {
        let (vault, contents) = (self.state.circle().vault(), self.state.circle().contents());
        let cards: Vec<Card> = self.state.membership().live().map(|standing| standing.card.clone()).collect();
        if let Ok(object) = contents.seal(&vault, &cards, self.rng) {
            return Some(object);
        }
        // A card whose key is none was let in by a member: nothing can be sealed for it.
        let usable = cards.iter().filter(|card| format::Circle::default().seal(&vault, [*card], self.rng).is_ok());
        let usable: Vec<&Card> = usable.collect();
        contents.seal(&vault, usable, self.rng).ok()
    }

    /// Circle objects of this device that nobody has stood by for 30 days.
    fn drop_former_circles(&mut self) {
        let now = self.now;
        let named: Vec<_> = self.state.peers.values().filter_map(|peer| peer.circle).collect();
        let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.state.own.former_circles)
            .into_iter()
            .partition(|(hash, since)| named.contains(hash) || now < since.saturating_add(MONTH));
        self.state.own.former_circles = kept;
        self.state.duties.garbage.extend(gone.into_iter().map(|(hash, _)| ObjectName::Circle(hash)));
    }
}
