//! What holds of every set of sentences, also of those that no honest device would sign.

use proptest::prelude::*;

use super::*;
use crate::format::Body;
use crate::wire::Unknown;

/// Somebody says something: who, about whom, when; an invitation, or a removal that keeps all, some or none.
#[derive(Clone, Debug)]
struct Says {
    by: usize,
    whom: usize,
    ms: u64,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Invites,
    RemovesKeeping(u64),
}

const KEEPING_ALL: u64 = u64::MAX;

fn says() -> impl Strategy<Value = Says> {
    let kept = prop_oneof![Just(KEEPING_ALL), Just(0), any::<u64>()];
    let what = prop_oneof![2 => Just(What::Invites), 1 => kept.prop_map(What::RemovesKeeping)];
    (0..CAST, 0..CAST, 2..40_u64, what).prop_map(|(by, whom, ms, what)| Says { by, whom, ms, what })
}

fn said() -> impl Strategy<Value = Vec<Says>> {
    prop::collection::vec(says(), 0..14)
}

fn removed(says: &Says) -> bool {
    matches!(says.what, What::RemovesKeeping(_))
}

/// The sentence, as said by one who knows `circle`.
fn sentence(circle: &Circle, says: &Says) -> Sentence {
    let unknown = Unknown::default();
    let body = match says.what {
        What::Invites => Body::Invite { card: Box::new(card(says.whom)), unknown },
        What::RemovesKeeping(mask) => {
            let all = circle.sentences().filter(|sentence| sentence.by == id(says.whom));
            let kept = all.zip(0..).filter(|(_, place)| mask >> (place % 64) & 1 == 1);
            Body::Remove { device: id(says.whom), kept: kept.map(|(sentence, _)| sentence.id()).collect(), unknown }
        }
    };
    let sentence = Sentence::sign(circle.vault(), at(says.ms), body, cast(says.by));
    if is_paper(says.whom) { sentence.countersigned(cast(says.whom)) } else { sentence }
}

fn told(all: &[Says]) -> Circle {
    let mut circle = invited(&[(FOUNDER, A), (A, B)]);
    for says in all {
        let sentence = sentence(&circle, says);
        circle.union([sentence]);
    }
    circle
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_way_matters(all in said(), turn in 0..20_usize, cut in 0..20_usize) {
        let whole = told(&all);
        let mut turned: Vec<_> = whole.sentences().cloned().collect();
        let length = turned.len();
        turned.rotate_left(turn % length);
        let (one, other) = turned.split_at(cut % length);
        let (mut left, mut right) = (Circle::new(whole.vault()), Circle::new(whole.vault()));
        left.union(one.iter().cloned());
        right.union(other.iter().cloned());
        prop_assert_eq!(walk(&with(&left, &right)), walk(&whole));
        prop_assert_eq!(walk(&with(&right, &left)), walk(&whole));
        prop_assert_eq!(walk(&with(&whole, &left)), walk(&whole), "what is old changes nothing");
    }

    #[test]
    fn only_seniors_remove(all in said()) {
        let membership = told(&all).evaluate();
        for (device, by) in membership.removed() {
            let (Some(place), Some(remover)) = (membership.place_of(device), membership.place_of(by)) else { continue };
            prop_assert!(remover <= place);
        }
        prop_assert!(membership.is_live(&id(PAPER)) || membership.removed().get(&id(PAPER)) == Some(&id(PAPER)));
    }

    #[test]
    fn the_removed_say_nothing_any_more(all in said(), by in 1..CAST, kept in any::<u64>(), later in said()) {
        let mut all = all;
        all.push(Says { by: PAPER, whom: by, ms: 30, what: What::RemovesKeeping(kept) });
        let circle = told(&all);
        let membership = circle.evaluate();
        // By another than itself: who leaves has its own word to take back. The recovery key may have left before it could say so.
        if membership.removed().get(&id(by)).is_none_or(|remover| *remover == id(by)) {
            return Ok(());
        }
        let mut after = copy(&circle);
        for mut says in later {
            says.by = by;
            let sentence = sentence(&after, &says);
            after.union([sentence]);
        }
        prop_assert_eq!(walk(&after), walk(&circle));
    }

    #[test]
    fn a_removal_takes_out_one_and_nobody_else(all in said(), by in 0..CAST, whom in 0..CAST) {
        let circle = told(&all);
        let membership = circle.evaluate();
        let mut after = copy(&circle);
        let removal = sentence(&circle, &Says { by, whom, ms: 50, what: What::RemovesKeeping(KEEPING_ALL) });
        after.union([removal]);
        let counts = membership.may_remove(&id(by), &id(whom));
        let expected: Vec<_> = walk(&circle).into_iter().filter(|device| !(counts && *device == id(whom))).collect();
        prop_assert_eq!(walk(&after), expected);
    }

    #[test]
    fn as_long_as_the_removers_stand_a_removal_lets_nobody_in(all in said(), removal in says(), kept in any::<u64>()) {
        // The recovery key alone removes, and does not leave: nothing that is said takes back what it said.
        let leaves = |says: &Says| removed(says) && says.by == PAPER && says.whom == PAPER;
        let stands = |says: &&Says| !leaves(says) && (!removed(says) || says.by == PAPER);
        let all: Vec<_> = all.iter().filter(stands).cloned().collect();
        let removal = Says { what: What::RemovesKeeping(kept), ..removal };
        let circle = told(&all);
        let mut after = copy(&circle);
        let sentence = sentence(&circle, &removal);
        after.union([sentence]);
        let before = circle.evaluate();
        if !leaves(&removal) {
            prop_assert!(walk(&after).iter().all(|device| before.is_live(device)));
        }
    }

    #[test]
    fn nobody_changes_what_comes_before_itself(all in said(), more in says()) {
        let circle = told(&all);
        let mut after = copy(&circle);
        let sentence = sentence(&circle, &more);
        after.union([sentence]);
        let (before, after) = (circle.evaluate(), after.evaluate());
        let place = before.place_of(&id(more.by)).unwrap_or(usize::MAX);
        for standing in before.live() {
            let device = standing.card.id();
            if before.place_of(&device) < Some(place) {
                prop_assert!(after.is_live(&device));
                prop_assert_eq!(after.place_of(&device), before.place_of(&device));
            }
        }
    }
}
