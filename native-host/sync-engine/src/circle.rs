//! The circle of devices: signed sentences that only grow, and the vault keys that travel with them (SYNC §4, §8).

mod keys;
mod membership;
mod say;
mod verified;
mod walk;

use std::collections::BTreeMap;

pub use keys::VaultKeys;
pub use membership::{Membership, Standing};

use crate::format::{self, Body, Card, Sentence};
use crate::ids::{SentenceId, VaultId};
use crate::wire::Unknown;

/// All that is known of who is in, and the keys that those have.
pub struct Circle {
    vault: VaultId,
    sentences: BTreeMap<SentenceId, Sentence>,
    keys: VaultKeys,
    unknown: Unknown,
}

impl Circle {
    /// Of a vault, with nothing in it.
    pub fn new(vault: VaultId) -> Self {
        Self::remembered(vault, format::Circle::default())
    }

    /// As [`Self::contents`] gave it to this device's own state. What comes from the storage goes into [`Self::union`].
    pub fn remembered(vault: VaultId, contents: format::Circle) -> Self {
        let mut circle =
            Self { vault, sentences: BTreeMap::new(), keys: VaultKeys::of(contents.keys), unknown: contents.unknown };
        circle.union(contents.sentences);
        circle
    }

    /// All of it, to be sealed for those who are in, or to be remembered.
    pub fn contents(&self) -> format::Circle {
        format::Circle {
            sentences: self.sentences.values().cloned().collect(),
            keys: self.keys.entries().map(format::VaultKeyEntry::duplicate).collect(),
            unknown: self.unknown.clone(),
        }
    }

    /// Which vault's.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The sentences, in the order of their ids.
    pub fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.values()
    }

    /// Takes in what another circle says, and returns whether any of it was new. What it means is told by [`Self::evaluate`] alone; what is said
    /// about another vault is left out.
    pub fn union(&mut self, sentences: impl IntoIterator<Item = Sentence>) -> bool {
        let before = self.sentences.len();
        let ours = sentences.into_iter().filter(|sentence| sentence.vault == self.vault);
        self.sentences.extend(ours.map(|sentence| (sentence.id(), sentence)));
        self.sentences.len() > before
    }

    /// Takes in what a later version keeps in another circle, of a member, and returns whether any of it was new.
    pub fn union_unknown(&mut self, unknown: &Unknown) -> bool {
        let before = self.unknown.clone();
        self.unknown.union(unknown);
        self.unknown != before
    }

    /// Who is in: one answer on every device that has the same sentences, whatever their order (SYNC §8).
    pub fn evaluate(&self) -> Membership {
        walk::evaluate(self.vault, &self.sentences)
    }

    /// The vault keys.
    pub fn keys(&self) -> &VaultKeys {
        &self.keys
    }

    /// The vault keys, to take in or make some.
    pub fn keys_mut(&mut self) -> &mut VaultKeys {
        &mut self.keys
    }

    /// Whether this recovery key answered for this vault, by its signature on the founding or on its invitation: what a machine that has
    /// nothing but the paper goes by (SYNC §11).
    pub fn is_answered_for_by(&self, paper: &Card) -> bool {
        let named = |sentence: &Sentence| match &sentence.body {
            Body::Found { paper: named, .. } => named.id() == paper.id() && sentence.body.vault() == self.vault,
            Body::Invite { card: named, .. } => named.id() == paper.id(),
            Body::Remove { .. } | Body::Other { .. } => false,
        };
        self.sentences.values().any(|sentence| named(sentence) && sentence.is_countersigned_by(paper))
    }
}

#[cfg(test)]
mod tests;
