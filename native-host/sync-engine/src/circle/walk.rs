//! Who is in: one pass over the invitation tree (SYNC §8).
//!
//! visit(paper), visit(founder); visit(x): for each sentence signed by x, in order, that is valid and, where x was removed, kept by whoever
//! removed it: *invite y* makes y a child of x; *remove z* stands where z comes later in this walk, or is x. Then x's children, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::membership::{Membership, Standing};
use super::verified::{is_founding_of, is_signed_by};
use crate::format::{Body, Card, Sentence};
use crate::ids::{DeviceId, SentenceId, VaultId};
use crate::mutations::{Mutation, is_broken};

/// Membership is a function of the set of sentences alone: what cannot be verified is as if it were not there.
pub(super) fn evaluate(vault: VaultId, sentences: &BTreeMap<SentenceId, Sentence>) -> Membership {
    let Some((founder, paper)) = founding(vault, sentences) else { return Membership::default() };
    let mut walk = Walk { by_author: by_author(vault, sentences), ..Walk::default() };
    // The last comes next.
    let mut next = vec![(founder, None), (paper, None)];
    walk.placed.extend(next.iter().map(|(card, _)| card.id()));
    while let Some((card, inviter)) = next.pop() {
        next.extend(walk.visit(card, inviter).into_iter().rev().map(|child| (child, Some(card.id()))));
    }
    walk.membership
}

/// The founder's card and the recovery key's. The vault's id is a hash of what founded it, so there are no two that differ.
fn founding(vault: VaultId, sentences: &BTreeMap<SentenceId, Sentence>) -> Option<(&Card, &Card)> {
    sentences.iter().find_map(|(id, sentence)| {
        let Body::Found { device, paper, .. } = &sentence.body else { return None };
        let founds = sentence.vault == vault && sentence.body.vault() == vault;
        let each_what_it_is = !device.is_paper() && paper.is_paper();
        let signed = founds && is_founding_of(*id, sentence, (device, paper));
        (each_what_it_is && signed).then_some((&**device, &**paper))
    })
}

/// Each author's sentences about this vault, in order.
fn by_author(vault: VaultId, sentences: &BTreeMap<SentenceId, Sentence>) -> BTreeMap<DeviceId, Vec<Said<'_>>> {
    let mut by_author = BTreeMap::<_, Vec<_>>::new();
    for (id, sentence) in sentences.iter().filter(|(_, sentence)| sentence.vault == vault) {
        by_author.entry(sentence.by).or_default().push(Said { id: *id, sentence });
    }
    by_author.values_mut().for_each(|said| said.sort_by_key(|said| (said.sentence.at, said.id)));
    by_author
}

#[derive(Clone, Copy)]
struct Said<'a> {
    id: SentenceId,
    sentence: &'a Sentence,
}

#[derive(Default)]
struct Walk<'a> {
    by_author: BTreeMap<DeviceId, Vec<Said<'a>>>,
    /// Who has a place in the tree, visited or not yet.
    placed: BTreeSet<DeviceId>,
    visited: BTreeSet<DeviceId>,
    /// Of those removed, the sentences that stand: what each of the removals keeps.
    kept: BTreeMap<DeviceId, BTreeSet<SentenceId>>,
    membership: Membership,
}

impl<'a> Walk<'a> {
    /// Gives the card its place, and returns whom it invites, in order.
    fn visit(&mut self, card: &'a Card, inviter: Option<DeviceId>) -> Vec<&'a Card> {
        let author = card.id();
        let mut said = self.by_author.remove(&author).unwrap_or_default();
        said.retain(|said| is_signed_by(said.id, said.sentence, card));
        self.leave_what_stands(&author, &mut said);
        // A removal of oneself works on all that one said, before and after.
        for removal in said.iter().filter(|said| removed_by(said).is_some_and(|(device, _)| *device == author)) {
            self.remove(removal, &author);
        }
        self.leave_what_stands(&author, &mut said);

        self.visited.insert(author);
        self.membership.place(Standing { card: card.clone(), inviter });
        let mut children = Vec::new();
        for said in &said {
            match &said.sentence.body {
                Body::Invite { card, .. } if is_invitation(said.sentence, card) && self.placed.insert(card.id()) => {
                    children.push(&**card);
                }
                Body::Remove { device, .. }
                    if !self.visited.contains(device) || is_broken(Mutation::JuniorRemovesSenior) =>
                {
                    self.remove(said, &author);
                }
                _ => {}
            }
        }
        children
    }

    /// Of what a removed device said, what its removals keep.
    fn leave_what_stands(&self, author: &DeviceId, said: &mut Vec<Said<'_>>) {
        if let Some(kept) = self.kept.get(author).filter(|_| !is_broken(Mutation::KeptListIgnored)) {
            said.retain(|said| kept.contains(&said.id));
        }
    }

    fn remove(&mut self, said: &Said<'_>, by: &DeviceId) {
        let Some((device, kept)) = removed_by(said) else { return };
        self.membership.remove(*device, *by);
        let kept: BTreeSet<_> = kept.iter().copied().collect();
        // What one remover had not seen does not stand: nobody can tell whether it was said before.
        self.kept.entry(*device).and_modify(|all| all.retain(|id| kept.contains(id))).or_insert(kept);
    }
}

fn removed_by<'a>(said: &Said<'a>) -> Option<(&'a DeviceId, &'a [SentenceId])> {
    match &said.sentence.body {
        Body::Remove { device, kept, .. } => Some((device, kept)),
        _ => None,
    }
}

/// Paper answers to its invitation by a signature of its own: whoever recovers with it sees by that which vault it belongs to (SYNC §11).
fn is_invitation(sentence: &Sentence, card: &Card) -> bool {
    !card.is_paper() || sentence.is_countersigned_by(card)
}
