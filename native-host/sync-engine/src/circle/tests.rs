mod attacks;
mod laws;

use std::sync::OnceLock;

use super::*;
use crate::format::Card;
use crate::ids::DeviceId;
use crate::keys::Identity;
use crate::stamp::Stamp;
use crate::testing;

const PAPER: usize = 0;
const FOUNDER: usize = 1;
const A: usize = 2;
const B: usize = 3;
const C: usize = 4;
const D: usize = 5;
const SECOND_PAPER: usize = 6;
const CAST: usize = 7;

/// Who takes part: two recovery keys, and devices.
fn cast(who: usize) -> &'static Identity {
    static CAST_OF_ALL: OnceLock<Vec<Identity>> = OnceLock::new();
    let make = |who: usize| {
        let byte = u8::try_from(who).unwrap();
        if is_paper(who) { testing::paper(byte) } else { testing::device(byte) }
    };
    &CAST_OF_ALL.get_or_init(|| (0..CAST).map(make).collect())[who]
}

fn is_paper(who: usize) -> bool {
    matches!(who, PAPER | SECOND_PAPER)
}

fn id(who: usize) -> DeviceId {
    static IDS: OnceLock<Vec<DeviceId>> = OnceLock::new();
    IDS.get_or_init(|| (0..CAST).map(|who| cast(who).id()).collect())[who]
}

fn card(who: usize) -> Card {
    cast(who).card(&format!("device {who}"), is_paper(who), None)
}

fn at(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, device: [0; 8] }
}

fn founded() -> Circle {
    let (founder, paper) = ((cast(FOUNDER), card(FOUNDER)), (cast(PAPER), card(PAPER)));
    Circle::found(founder, paper, at(1), &mut testing::rng(1))
}

/// A circle in which each of these invited the next, in this order.
fn invited(pairs: &[(usize, usize)]) -> Circle {
    let mut circle = founded();
    for ((by, whom), ms) in pairs.iter().zip(10..) {
        circle.invite(cast(*by), card(*whom), at(ms));
    }
    circle
}

fn remove(circle: &mut Circle, by: usize, whom: usize, ms: u64) {
    let membership = circle.evaluate();
    circle.remove(cast(by), id(whom), at(ms), &membership);
}

fn copy(circle: &Circle) -> Circle {
    Circle::remembered(circle.vault(), circle.contents())
}

fn with(circle: &Circle, other: &Circle) -> Circle {
    let mut both = copy(circle);
    both.union(other.sentences().cloned());
    both
}

fn walk(circle: &Circle) -> Vec<DeviceId> {
    circle.evaluate().live().map(|standing| standing.card.id()).collect()
}

fn ids(of: &[usize]) -> Vec<DeviceId> {
    of.iter().map(|who| id(*who)).collect()
}

#[test]
fn the_paper_stands_before_the_founder_and_each_inviter_before_whom_it_invites() {
    let circle = invited(&[(FOUNDER, A), (FOUNDER, B), (A, C), (PAPER, D)]);
    assert_eq!(walk(&circle), ids(&[PAPER, D, FOUNDER, A, C, B]));
    assert_eq!(
        circle.evaluate().members().map(|standing| standing.card.id()).collect::<Vec<_>>(),
        ids(&[D, FOUNDER, A, C, B])
    );
    assert_eq!(circle.evaluate().papers().map(|standing| standing.card.id()).collect::<Vec<_>>(), ids(&[PAPER]));
}

#[test]
fn the_earlier_invited_removes_the_later_and_not_the_other_way_round() {
    let mut circle = invited(&[(FOUNDER, A), (FOUNDER, B)]);
    let membership = circle.evaluate();
    assert!(membership.may_remove(&id(A), &id(B)) && !membership.may_remove(&id(B), &id(A)));
    assert!(membership.may_remove(&id(PAPER), &id(FOUNDER)) && !membership.may_remove(&id(FOUNDER), &id(PAPER)));
    assert!(membership.may_remove(&id(B), &id(B)), "everybody may leave");
    remove(&mut circle, B, A, 20);
    assert!(circle.evaluate().is_member(&id(A)));
    remove(&mut circle, A, B, 21);
    assert!(!circle.evaluate().is_member(&id(B)));
    assert_eq!(circle.evaluate().removed().get(&id(B)), Some(&id(A)));
}

#[test]
fn whom_a_removed_device_invited_before_stays() {
    let mut circle = invited(&[(FOUNDER, A), (A, B)]);
    remove(&mut circle, FOUNDER, A, 20);
    assert_eq!(walk(&circle), ids(&[PAPER, FOUNDER, B]));
    assert!(circle.evaluate().standing(&id(A)).is_some(), "its place is kept");
}

#[test]
fn a_removed_device_does_not_come_back_by_an_invitation_from_its_remover_or_below() {
    let mut circle = invited(&[(FOUNDER, A), (FOUNDER, B)]);
    remove(&mut circle, FOUNDER, B, 20);
    circle.invite(cast(A), card(B), at(30));
    circle.invite(cast(FOUNDER), card(B), at(31));
    assert!(!circle.evaluate().is_member(&id(B)));
    // Who stands above the remover has the last word; Keystow never signs this, but invites new keys.
    circle.invite(cast(PAPER), card(B), at(32));
    assert!(circle.evaluate().is_member(&id(B)));
}

#[test]
fn a_device_that_leaves_leaves_whom_it_invited() {
    let mut circle = invited(&[(FOUNDER, A), (A, B)]);
    remove(&mut circle, A, A, 20);
    circle.invite(cast(A), card(C), at(5));
    assert_eq!(walk(&circle), ids(&[PAPER, FOUNDER, B]), "and invites nobody any more, whatever the date it writes");
}

#[test]
fn a_second_recovery_key_counts_once_it_has_answered() {
    let mut circle = founded();
    circle.invite(cast(FOUNDER), card(SECOND_PAPER), at(10));
    assert_eq!(circle.evaluate().papers().count(), 1);
    assert!(!circle.is_answered_for_by(&card(SECOND_PAPER)));
    circle.invite_paper(cast(FOUNDER), (cast(SECOND_PAPER), card(SECOND_PAPER)), at(11));
    assert_eq!(circle.evaluate().papers().count(), 2);
    assert!(circle.is_answered_for_by(&card(SECOND_PAPER)) && circle.is_answered_for_by(&card(PAPER)));
    circle.invite(cast(SECOND_PAPER), card(A), at(12));
    assert_eq!(walk(&circle), ids(&[PAPER, FOUNDER, SECOND_PAPER, A]));
}

#[test]
fn a_recovery_key_is_replaced_by_the_old_one() {
    let mut circle = invited(&[(FOUNDER, A)]);
    circle.invite_paper(cast(PAPER), (cast(SECOND_PAPER), card(SECOND_PAPER)), at(20));
    remove(&mut circle, PAPER, PAPER, 21);
    assert_eq!(walk(&circle), ids(&[SECOND_PAPER, FOUNDER, A]));
    circle.invite(cast(PAPER), card(B), at(22));
    assert_eq!(walk(&circle), ids(&[SECOND_PAPER, FOUNDER, A]), "the old one is worth nothing");
    remove(&mut circle, SECOND_PAPER, FOUNDER, 23);
    assert_eq!(walk(&circle), ids(&[SECOND_PAPER, A]));
}

#[test]
fn a_machine_has_all_the_names_under_which_it_was_born_again() {
    let mut circle = invited(&[(FOUNDER, A)]);
    circle.invite(cast(A), cast(B).card("A again", false, Some(id(A))), at(20));
    circle.invite(cast(B), cast(C).card("A once more", false, Some(id(B))), at(21));
    circle.invite(cast(FOUNDER), cast(D).card("not A", false, Some(id(A))), at(22));
    let membership = circle.evaluate();
    for name in [A, B, C] {
        assert_eq!(membership.names_of_machine(&id(name)), ids(&[A, B, C]));
    }
    assert_eq!(membership.names_of_machine(&id(D)), ids(&[D]), "the old name itself must say it");
    assert!(
        membership.was_born_again(&id(A)) && membership.was_born_again(&id(B)) && !membership.was_born_again(&id(C))
    );
}

#[test]
fn a_key_is_sealed_with_that_knows_every_removal() {
    let mut circle = invited(&[(FOUNDER, A), (FOUNDER, B), (FOUNDER, C)]);
    let mut rng = testing::rng(7);
    let membership = circle.evaluate();
    assert!(circle.keys().to_seal_with(&membership).is_none());
    let first = circle.keys_mut().make(at(30), &membership, &mut rng);
    let newest = circle.keys_mut().make(at(31), &membership, &mut rng);
    assert_ne!(first, newest);
    assert_eq!(circle.keys().to_seal_with(&membership).unwrap().key.id(), newest);

    // Who joins later is in the way of no key.
    circle.invite(cast(FOUNDER), card(D), at(32));
    assert_eq!(circle.keys().to_seal_with(&circle.evaluate()).unwrap().key.id(), newest);

    // Two remove at once, and each makes a key: a third is needed.
    let (mut one, mut other) = (copy(&circle), copy(&circle));
    let mut made = Vec::new();
    for (circle, by, whom) in [(&mut one, FOUNDER, A), (&mut other, B, C)] {
        remove(circle, by, whom, 40);
        let membership = circle.evaluate();
        assert!(circle.keys().to_seal_with(&membership).is_none());
        made.push(circle.keys_mut().make(at(41), &membership, &mut rng));
    }
    assert!(one.union(other.sentences().cloned()));
    let membership = one.evaluate();
    assert!(one.keys_mut().take_in(other.contents().keys, &membership));
    assert!(made.iter().all(|id| one.keys().get(id).is_some()));
    assert!(one.keys().to_seal_with(&membership).is_none());
    assert!(!one.keys_mut().take_in(other.contents().keys, &membership), "nothing new the second time");
}

#[test]
fn what_is_remembered_is_what_was_known() {
    let mut circle = invited(&[(FOUNDER, A)]);
    let membership = circle.evaluate();
    circle.keys_mut().make(at(30), &membership, &mut testing::rng(7));
    let bytes = circle.contents().encode();
    let again = Circle::remembered(circle.vault(), format::Circle::decode(&bytes).unwrap());
    assert_eq!(*again.contents().encode(), *bytes);
    assert_eq!(walk(&again), walk(&circle));
}
