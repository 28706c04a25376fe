//! Who signed a head, and the circle that it stands by.

use super::HeadRead;
use crate::circle::Circle;
use crate::engine::course::Device;
use crate::engine::publish::view_of;
use crate::format::{self, Card, CircleObject, HeadObject, MAX_CIRCLE};
use crate::ids::{DeviceId, ObjectHash};
use crate::memory::Memory;
use crate::storage::{Answer, ObjectName, Request};

/// A circle object, as far as it can be had.
enum View {
    /// All of it is known already.
    Known,
    /// What is in it, a digest of that, and whether it is sealed for this device: a recovery key at hand opens others too.
    Opened(format::Circle, [u8; 32], bool),
    /// It is sealed for others.
    ForOthers,
    /// The storage does not show it.
    Missing,
}

impl<M: Memory> Device<'_, '_, M> {
    /// The author's card, once its signature is verified and its circle taken in; or why not.
    ///
    /// Only a circle that a member's signed head names is believed: one that lies about, its head never uploaded, may hold a removal that was
    /// never completed. One that does not open is skipped: its author may not know of this device yet.
    pub(super) async fn author(
        &mut self,
        device: DeviceId,
        n: u64,
        object: &HeadObject<'_>,
    ) -> Result<Result<Card, HeadRead>, M::Error> {
        let known = self.member(&device);
        if let Some(card) = &known
            && !object.is_signed_by(card, n)
        {
            return Ok(Err(HeadRead::Strange));
        }
        match self.view(&object.circle).await {
            View::Known => self.note_let_in(device, n)?,
            View::Missing => return Ok(Err(if known.is_some() { HeadRead::Left } else { HeadRead::Stranger })),
            View::ForOthers => self.note_shut_out(device, n)?,
            View::Opened(contents, view, for_this) => {
                if !self.introduces(&contents, device, n, object) {
                    return Ok(Err(if known.is_some() { HeadRead::Left } else { HeadRead::Stranger }));
                }
                self.take_in(device, contents, (object.circle, view, for_this))?;
            }
        }
        let card = self.member(&device).filter(|card| known.is_some() || object.is_signed_by(card, n));
        Ok(card.ok_or(HeadRead::Stranger))
    }

    /// The card of a device that is in.
    fn member(&self, device: &DeviceId) -> Option<Card> {
        let membership = self.state().membership();
        membership.is_member(device).then(|| membership.standing(device).map(|standing| standing.card.clone()))?
    }

    async fn view(&mut self, hash: &ObjectHash) -> View {
        if self.state().knows_circle(hash) {
            return View::Known;
        }
        let request = Request::Get(ObjectName::Circle(*hash), MAX_CIRCLE as u64);
        let Some(Answer::Got(bytes)) = self.course.ask_one(request).await else { return View::Missing };
        if ObjectHash::of_object(&bytes) != *hash {
            return View::Missing;
        }
        match CircleObject::parse(&bytes) {
            Ok(object) => self.opened(&object),
            Err(_) => View::ForOthers,
        }
    }

    fn opened(&self, object: &CircleObject) -> View {
        let Some(contents) = self.open_circle(object) else { return View::ForOthers };
        let view = view_of(&contents, object.members().copied());
        let for_this = object.members().any(|member| *member == self.state().device);
        View::Opened(contents, view, for_this)
    }

    /// Whether the author is in, by this circle and one's own together, and signed the head.
    fn introduces(&self, contents: &format::Circle, device: DeviceId, n: u64, object: &HeadObject<'_>) -> bool {
        let own = self.state().circle();
        let mut united = Circle::remembered(own.vault(), format::Circle::default());
        united.union(own.sentences().cloned());
        united.union(contents.sentences.iter().cloned());
        let membership = united.evaluate();
        let standing = membership.standing(&device).filter(|_| membership.is_member(&device));
        standing.is_some_and(|standing| object.is_signed_by(&standing.card, n))
    }

    fn take_in(
        &mut self,
        author: DeviceId,
        contents: format::Circle,
        (circle, view, for_this): (ObjectHash, [u8; 32], bool),
    ) -> Result<(), M::Error> {
        self.commit(|c| {
            let own = c.state.device;
            let said = |circle: &Circle| circle.sentences().filter(|sentence| sentence.by == own).count();
            let before = said(c.state.circle());
            c.state.take_in(c.now, contents);
            // A sentence of one's own that one has not said: the identity is in use elsewhere.
            if said(c.state.circle()) > before {
                c.fork();
            }
            let now = c.now;
            let peer = c.state.peer(author, now);
            peer.knows_me |= for_this;
            peer.shut_out = None;
            (peer.circle, peer.view) = (Some(circle), Some(view));
            Ok(())
        })
    }

    /// Who once sealed circles for this device and does not any more knows of its removal (SYNC §10).
    fn note_shut_out(&mut self, author: DeviceId, n: u64) -> Result<(), M::Error> {
        self.commit(|c| {
            let now = c.now;
            let peer = c.state.peer(author, now);
            // Before the invitation it could not know this device.
            if peer.knows_me && peer.shut_out.is_none() && n > peer.floor {
                peer.shut_out = Some(n);
            }
            Ok(())
        })
    }

    /// Its newest head was not read at first, and the one before was older than this device.
    fn note_let_in(&mut self, author: DeviceId, n: u64) -> Result<(), M::Error> {
        let shut_out = self.state().peers.get(&author).and_then(|peer| peer.shut_out);
        if shut_out.is_none_or(|before| before >= n) {
            return Ok(());
        }
        self.commit(|c| {
            let now = c.now;
            c.state.peer(author, now).shut_out = None;
            Ok(())
        })
    }
}
