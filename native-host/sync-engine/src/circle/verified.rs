//! Which sentences were verified lately. A sentence's id is a hash of all of it, its signature and its author's name too, and the name is a hash
//! of the author's keys: what was true of it once is true for ever.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::format::{Card, Sentence};
use crate::ids::SentenceId;

/// Ids that are remembered; a circle has a few dozen.
const REMEMBERED: usize = 4096;

thread_local! {
    static VERIFIED: RefCell<BTreeSet<SentenceId>> = const { RefCell::new(BTreeSet::new()) };
}

/// Whether the device of this card says it.
pub(super) fn is_signed_by(id: SentenceId, sentence: &Sentence, card: &Card) -> bool {
    if VERIFIED.with_borrow(|verified| verified.contains(&id)) {
        return card.id() == sentence.by;
    }
    let signed = sentence.is_signed_by(card);
    if signed {
        VERIFIED.with_borrow_mut(|verified| {
            if verified.len() >= REMEMBERED {
                verified.clear();
            }
            verified.insert(id);
        });
    }
    signed
}
