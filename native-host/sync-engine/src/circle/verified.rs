//! Which sentences were verified lately. A sentence's id is a hash of all of it, its signatures and its author's name too, and the name is a hash
//! of the author's keys: what was true of it once is true for ever.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::thread::LocalKey;

use crate::format::{Card, Sentence};
use crate::ids::SentenceId;

/// Ids that are remembered; a circle has a few dozen.
const REMEMBERED: usize = 4096;

type Remembered = RefCell<BTreeSet<SentenceId>>;

thread_local! {
    static SIGNED: Remembered = const { RefCell::new(BTreeSet::new()) };
    static FOUNDINGS: Remembered = const { RefCell::new(BTreeSet::new()) };
}

/// Whether the device of this card says it.
pub(super) fn is_signed_by(id: SentenceId, sentence: &Sentence, card: &Card) -> bool {
    card.id() == sentence.by && once(&SIGNED, id, || sentence.is_signed_by(card))
}

/// Whether a founding is said by the device that it names, and answered for by the recovery key that it names.
pub(super) fn is_founding_of(id: SentenceId, sentence: &Sentence, (device, paper): (&Card, &Card)) -> bool {
    once(&FOUNDINGS, id, || sentence.is_signed_by(device) && sentence.is_countersigned_by(paper))
}

fn once(known: &'static LocalKey<Remembered>, id: SentenceId, verify: impl FnOnce() -> bool) -> bool {
    if known.with_borrow(|known| known.contains(&id)) {
        return true;
    }
    let verified = verify();
    if verified {
        known.with_borrow_mut(|known| {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(id);
        });
    }
    verified
}
