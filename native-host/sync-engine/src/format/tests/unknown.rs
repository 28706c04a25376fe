//! SYNC §5: unknown keys are kept, never dropped, wherever there is a map.

use proptest::prelude::*;
use protocol::cbor::Value;

use super::{bytes_of, circle, found, head, invite, laptop, remove, stamp, vault, words};
use crate::format::{Ask, Body, Card, Circle, CircleObject, Head, Sentence, Yes};
use crate::testing::{device, paper, rng};
use crate::wire::{self, Unknown, decode};

/// What later versions may put anywhere: keys that are not ours, values without floats.
fn unknown() -> impl Strategy<Value = Vec<(Value, Value)>> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,12}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(any::<i8>(), inner, 0..4)
                .prop_map(|map| Value::Map(map.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    });
    let key = prop_oneof![100..i64::MAX, i64::MIN..0];
    let keys = prop::collection::btree_map(key, value.clone(), 0..3);
    let names = prop::collection::btree_map("[a-z]{1,5}", value, 0..2);
    (keys, names).prop_map(|(keys, names)| {
        let keys = keys.into_iter().map(|(key, value)| (key.into(), value));
        keys.chain(names.into_iter().map(|(name, value)| (name.into(), value))).collect()
    })
}

/// Puts them into every map of an object, at every level; how many maps there were.
fn plant(value: &mut Value, unknown: &[Vec<(Value, Value)>], planted: &mut usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, unknown, planted)),
        Value::Map(members) => {
            members.iter_mut().for_each(|(_, member)| plant(member, unknown, planted));
            members.extend(unknown[*planted % unknown.len()].iter().cloned());
            *planted += 1;
        }
        _ => {}
    }
}

/// The object with unknown members in so many maps; what is written of what was read of it must be the same bytes.
fn survives(mut object: Value, unknown: &[Vec<(Value, Value)>], maps: usize, again: impl Fn(&[u8]) -> Vec<u8>) {
    let mut planted = 0;
    plant(&mut object, unknown, &mut planted);
    assert_eq!(planted, maps);
    let bytes = bytes_of(&object);
    assert_eq!(again(&bytes), bytes);
}

fn through<T>(read: impl Fn(Value) -> T, write: impl Fn(&T) -> Value) -> impl Fn(&[u8]) -> Vec<u8> {
    move |bytes| bytes_of(&write(&read(decode(bytes).unwrap())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn heads(planted in prop::collection::vec(unknown(), 1)) {
        survives(head().to_value(), &planted, 1, through(|value| Head::from_value(value).unwrap(), Head::to_value));
    }

    #[test]
    fn cards(planted in prop::collection::vec(unknown(), 1)) {
        survives(laptop().to_value(), &planted, 1, through(|value| Card::from_value(value).unwrap(), Card::to_value));
    }

    #[test]
    fn bodies(planted in prop::collection::vec(unknown(), 3)) {
        for (body, maps) in [(found(), 3), (invite(words()), 2), (remove(), 1)] {
            survives(body.to_value(), &planted, maps, through(|value| Body::from_value(value).unwrap(), Body::to_value));
        }
    }

    #[test]
    fn sentences(planted in prop::collection::vec(unknown(), 4)) {
        for (body, maps) in [(found(), 4), (invite(words()), 3), (remove(), 2)] {
            let sentence = Sentence::sign(vault(), stamp(5), body, &device(1)).countersigned(&paper(4));
            let again = through(|value| Sentence::from_value(value).unwrap(), Sentence::to_value);
            survives(sentence.to_value(), &planted, maps, again);
        }
    }

    #[test]
    fn circles(planted in prop::collection::vec(unknown(), 5)) {
        let value = decode(&circle().encode()).unwrap();
        survives(value, &planted, 8, |bytes| Circle::decode(bytes).unwrap().encode().to_vec());
    }

    #[test]
    fn circle_objects(planted in prop::collection::vec(unknown(), 1)) {
        let object = circle().seal(&vault(), [&laptop()], &mut rng(1)).unwrap();
        let value = decode(&object.bytes).unwrap();
        survives(value, &planted, 1, |bytes| CircleObject::parse(bytes).unwrap().encode());
    }

    #[test]
    fn asks_and_yeses(planted in prop::collection::vec(unknown(), 2)) {
        let ask = Ask { card: laptop(), unknown: Unknown::default() };
        survives(decode(&ask.encode()).unwrap(), &planted, 2, |bytes| Ask::decode(bytes).unwrap().encode().to_vec());
        let (inviter, circle) = (device(1).id(), super::hash(1));
        let yes = Yes { vault: vault(), inviter, circle, n: 1, seen: head().seen, unknown: Unknown::default() };
        survives(decode(&yes.encode()).unwrap(), &planted, 1, |bytes| Yes::decode(bytes).unwrap().encode().to_vec());
    }

    /// Signed with members that this version does not know, and read: it is signed still.
    #[test]
    fn sentences_of_later_versions_stay_signed(planted in prop::collection::vec(unknown(), 4)) {
        let mut value = found().to_value();
        plant(&mut value, &planted, &mut 0);
        let body = Body::from_value(value).unwrap();
        let sentence = Sentence::found(stamp(5), body, &device(1)).countersigned(&paper(4));
        let read = Sentence::decode(&sentence.encode()).unwrap();
        prop_assert!(read.is_signed_by(&laptop()) && read.is_countersigned_by(&words()));
        prop_assert_eq!((read.id(), read.body.vault()), (sentence.id(), sentence.vault));
    }

    #[test]
    fn what_two_know_is_joined_in_any_order(a in unknown(), b in unknown(), c in unknown()) {
        let of = |members: &[(Value, Value)]| Unknown::rest(wire::fields(Value::Map(members.to_vec()), "map").unwrap());
        let join = |parts: [&[(Value, Value)]; 3]| {
            let mut joined = Unknown::default();
            parts.iter().for_each(|part| joined.union(&of(part)));
            joined
        };
        prop_assert_eq!(join([&a, &b, &c]), join([&c, &b, &a]));
        prop_assert_eq!(join([&a, &b, &a]), join([&b, &a, &b]));
        prop_assert_eq!(join([&a, &a, &a]), of(&a));
    }
}

#[test]
fn of_two_under_one_key_one_wins_whoever_comes_first() {
    let of = |n: i64| Unknown::rest(wire::fields(Value::Map(vec![(100.into(), n.into())]), "map").unwrap());
    for (first, second) in [(1, 2), (2, 1)] {
        let mut joined = of(first);
        joined.union(&of(second));
        assert_eq!(joined, of(2));
    }
}
