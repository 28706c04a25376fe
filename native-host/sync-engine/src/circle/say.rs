//! What devices say: how each sentence is made, so that it stands (SYNC §8).

use rand_core::CryptoRng;

use super::{Circle, Membership};
use crate::format::{Body, Card, Sentence};
use crate::ids::{DeviceId, SentenceId};
use crate::keys::Identity;
use crate::stamp::Stamp;
use crate::wire::Unknown;

impl Circle {
    /// A new vault, of one device and one recovery key. `at` is the founder's clock's.
    pub fn found(device: (&Identity, Card), paper: (&Identity, Card), at: Stamp, rng: &mut dyn CryptoRng) -> Self {
        let ((founder, device), (countersigner, paper)) = (device, paper);
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let (device, paper) = (Box::new(device), Box::new(paper));
        let body = Body::Found { device, paper, salt, unknown: Unknown::default() };
        let founding = Sentence::found(at, body, founder).countersigned(countersigner);
        let mut circle = Self::new(founding.vault);
        circle.union([founding]);
        circle
    }

    /// `by` lets a device in. `at` is later than all that it has said before.
    pub fn invite(&mut self, by: &Identity, card: Card, at: Stamp) {
        let body = Body::Invite { card: Box::new(card), unknown: Unknown::default() };
        self.union([Sentence::sign(self.vault, at, body, by)]);
    }

    /// `by` adds a recovery key, which answers by its own signature: without it the invitation would not count. `at` as with [`Self::invite`].
    pub fn invite_paper(&mut self, by: &Identity, (paper, card): (&Identity, Card), at: Stamp) {
        let body = Body::Invite { card: Box::new(card), unknown: Unknown::default() };
        self.union([Sentence::sign(self.vault, at, body, by).countersigned(paper)]);
    }

    /// `by` removes a device or a recovery key; all that it is known to have said before stands. It counts if
    /// [`Membership::may_remove`] says so. `at` as with [`Self::invite`].
    pub fn remove(&mut self, by: &Identity, device: DeviceId, at: Stamp, membership: &Membership) {
        let body = Body::Remove { device, kept: self.said_by(&device, membership), unknown: Unknown::default() };
        self.union([Sentence::sign(self.vault, at, body, by)]);
    }

    fn said_by(&self, device: &DeviceId, membership: &Membership) -> Vec<SentenceId> {
        let Some(standing) = membership.standing(device) else { return Vec::new() };
        let said = self.sentences.iter().filter(|(_, sentence)| sentence.by == *device);
        said.filter(|(_, sentence)| sentence.is_signed_by(&standing.card)).map(|(id, _)| *id).collect()
    }
}
