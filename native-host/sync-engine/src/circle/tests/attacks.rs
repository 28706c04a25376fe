//! The rows of SYNC §15 that are about circles alone.

use super::*;
use crate::format::Body;
use crate::wire::Unknown;

fn removal(by: usize, whom: usize, kept: Vec<SentenceId>, ms: u64, circle: &Circle) -> Sentence {
    let body = Body::Remove { device: id(whom), kept, unknown: Unknown::default() };
    Sentence::sign(circle.vault(), at(ms), body, cast(by))
}

#[test]
fn attack_6_a_removed_device_forges_invitations_and_removals() {
    let mut circle = invited(&[(FOUNDER, A), (A, B)]);
    let before = copy(&circle);
    remove(&mut circle, FOUNDER, A, 20);
    let truth = walk(&circle);
    // Back-dated to before all else, and to long after; of those who knew nothing of the removal yet, too.
    for ms in [0, 11, 19, 21, 1_000] {
        let mut forged = copy(&before);
        forged.invite(cast(A), card(C), at(ms));
        forged.union([removal(A, B, Vec::new(), ms, &forged), removal(A, FOUNDER, Vec::new(), ms, &forged)]);
        assert_eq!(walk(&with(&circle, &forged)), truth);
        assert_eq!(walk(&with(&forged, &circle)), truth);
    }
}

#[test]
fn attack_6_a_removed_device_signs_its_old_sentence_again() {
    let mut circle = invited(&[(FOUNDER, A), (A, B)]);
    remove(&mut circle, FOUNDER, A, 20);
    let truth = walk(&circle);
    let invitation = circle.sentences().find(|sentence| sentence.by == id(A)).unwrap().clone();
    let mut altered = invitation.clone().countersigned(cast(D));
    assert_ne!(altered.id(), invitation.id());
    circle.union([altered.clone()]);
    altered.body = Body::Invite { card: Box::new(card(C)), unknown: Unknown::default() };
    circle.union([altered]);
    assert_eq!(walk(&circle), truth);
}

#[test]
fn attack_6_a_device_leaves_a_key_behind_for_the_time_after_its_removal() {
    let circle = invited(&[(FOUNDER, A), (FOUNDER, B)]);
    let mut rng = testing::rng(9);
    // The thief's key says that it knows of the thief's removal, and is newer than any.
    let mut thief = copy(&circle);
    remove(&mut thief, FOUNDER, A, 20);
    let foreseen = thief.evaluate();
    let planted = copy(&circle).keys_mut().make(at(u64::MAX), &foreseen, &mut rng);
    let mut planted_keys = copy(&circle);
    planted_keys.keys_mut().make(at(u64::MAX), &foreseen, &mut testing::rng(9));
    assert!(planted_keys.keys().get(&planted).is_some());

    // One who does not know of the removal takes it in, and passes it on with the circle.
    let mut innocent = copy(&circle);
    innocent.keys_mut().take_in(planted_keys.contents().keys, &circle.evaluate());
    let mut remover = copy(&circle);
    remove(&mut remover, FOUNDER, A, 20);
    let membership = remover.evaluate();
    remover.keys_mut().take_in(innocent.contents().keys, &membership);
    assert!(remover.keys().get(&planted).is_some(), "what it sealed can be opened");
    assert!(remover.keys().to_seal_with(&membership).is_none(), "and nothing is sealed with it any more");
    innocent.union(remover.sentences().cloned());
    assert!(innocent.keys().to_seal_with(&innocent.evaluate()).is_none());
}

#[test]
fn attack_6_what_nobody_of_the_circle_signed_is_as_if_it_were_not_there() {
    let circle = invited(&[(FOUNDER, A)]);
    let truth = walk(&circle);
    let mut forged = copy(&circle);
    // A stranger invites itself, and signs in the founder's name.
    forged.invite(cast(D), card(D), at(20));
    let body = Body::Invite { card: Box::new(card(D)), unknown: Unknown::default() };
    let mut in_another_name = Sentence::sign(circle.vault(), at(21), body, cast(D));
    in_another_name.by = id(FOUNDER);
    forged.union([in_another_name]);
    assert_eq!(walk(&forged), truth);
}

#[test]
fn attack_7_a_junior_evicts_its_senior() {
    let circle = invited(&[(FOUNDER, A), (A, B)]);
    let mut coup = copy(&circle);
    for (ms, senior) in [(0, A), (1, FOUNDER), (2, PAPER)] {
        coup.union([removal(B, senior, Vec::new(), ms, &circle)]);
    }
    assert_eq!(walk(&coup), walk(&circle));
    // Nor does it get above its senior by being invited once more from below, or from above by its own hand.
    coup.invite(cast(B), card(A), at(0));
    coup.invite(cast(B), card(FOUNDER), at(0));
    assert_eq!(walk(&coup), walk(&circle));
}

#[test]
fn attack_7_two_remove_each_other() {
    let circle = invited(&[(FOUNDER, A), (FOUNDER, B)]);
    let (mut one, mut other) = (copy(&circle), copy(&circle));
    remove(&mut one, A, B, 30);
    remove(&mut other, B, A, 20);
    assert_eq!(walk(&with(&one, &other)), ids(&[PAPER, FOUNDER, A]));
    assert_eq!(walk(&with(&other, &one)), ids(&[PAPER, FOUNDER, A]));
}

#[test]
fn attack_10_another_vault_is_put_under_a_recovery_key() {
    // The founder of another vault names the paper, of which it knows the card, and cannot sign in its name.
    let theirs = Circle::found((cast(D), card(D)), (cast(D), card(PAPER)), at(1), &mut testing::rng(3));
    assert!(!theirs.evaluate().is_founded());
    assert!(!theirs.is_answered_for_by(&card(PAPER)));
    // The same by an invitation into a vault that has a recovery key of its own.
    let mut theirs =
        Circle::found((cast(D), card(D)), (cast(SECOND_PAPER), card(SECOND_PAPER)), at(1), &mut testing::rng(3));
    theirs.invite(cast(D), card(PAPER), at(2));
    theirs.invite_paper(cast(D), (cast(D), card(PAPER)), at(3));
    assert!(theirs.evaluate().is_founded());
    assert!(!theirs.is_answered_for_by(&card(PAPER)) && !theirs.evaluate().is_live(&id(PAPER)));
    // And the true founding sentence does not found another vault.
    theirs.union(founded().sentences().cloned());
    assert!(!theirs.is_answered_for_by(&card(PAPER)));
    assert!(founded().is_answered_for_by(&card(PAPER)));
}

#[test]
fn attack_15_an_old_circle_is_replayed_inside_a_new_head() {
    let old = invited(&[(FOUNDER, A), (FOUNDER, B)]);
    let mut new = copy(&old);
    remove(&mut new, FOUNDER, B, 20);
    let truth = walk(&new);
    assert!(!new.union(old.sentences().cloned()), "nothing in it is new");
    assert_eq!(walk(&new), truth);
}
