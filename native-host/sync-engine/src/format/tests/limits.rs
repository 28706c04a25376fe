//! SYNC §15, rows 13 and 14: nothing is read that is larger, or nests deeper, than it may.

use super::{hash, head, key};
use crate::format::{
    Ask, CircleObject, FormatError, Head, HeadObject, MAX_CIRCLE, MAX_HEAD, MAX_MAILBOX, MAX_PACK, PackObject, Yes,
};
use crate::keys::JoinCode;
use crate::testing::{device, hex, rng};
use crate::wire::{RULES, decode};
use protocol::cbor::Error;

#[test]
fn what_is_too_large_is_not_looked_at() {
    let mailbox = JoinCode::from_slice(&[1; 10]).unwrap().mailbox();
    let of = |magic: &[u8], size| [magic, &vec![0; size - magic.len()]].concat();
    let one_more = [
        HeadObject::parse(&of(b"PKH1", MAX_HEAD + 1)).err(),
        PackObject::parse(&of(b"PKP1", MAX_PACK + 1)).err(),
        CircleObject::parse(&of(b"", MAX_CIRCLE + 1)).err(),
        Ask::open(&of(b"PKA1", MAX_MAILBOX + 1), &mailbox).err(),
        Yes::open(&of(b"PKY1", MAX_MAILBOX + 1), &mailbox).err(),
    ];
    assert_eq!(one_more, [const { Some(FormatError::TooLarge) }; 5]);
    assert!(HeadObject::parse(&of(b"PKH1", MAX_HEAD)).is_ok());
    assert!(PackObject::parse(&of(b"PKP1", MAX_PACK)).is_ok());
    assert_ne!(CircleObject::parse(&of(b"", MAX_CIRCLE)).err(), Some(FormatError::TooLarge));
    assert_eq!(Ask::open(&of(b"PKA1", MAX_MAILBOX), &mailbox).err(), Some(FormatError::DoesNotOpen));
}

#[test]
fn what_would_be_too_large_is_not_written() {
    let seen = vec![head().seen[0]; MAX_HEAD / 50];
    let made = Head { seen, ..head() }.seal(&hash(1), &key(), &device(1), &mut rng(1));
    assert_eq!(made, Err(FormatError::TooLarge));
}

#[test]
fn what_nests_too_deep_or_has_floats_is_refused() {
    let nested = |depth: usize| [vec![0x81; depth], vec![0]].concat();
    assert!(decode(&nested(RULES.depth.into())).is_ok());
    assert_eq!(decode(&nested(usize::from(RULES.depth) + 1)), Err(Error::NotCanonical("nested too deep")));
    assert_eq!(decode(&nested(100_000)), Err(Error::NotCanonical("nested too deep")));
    for float in ["f90000", "fa00000000", "fb0000000000000000"] {
        assert_eq!(decode(&hex(float)), Err(Error::NotCanonical("a float")));
    }
}

#[test]
fn numbers_are_of_64_bits_and_have_no_sign() {
    let mut value = head().to_value();
    *crate::testing::member(&mut value, 6) = u64::MAX.into();
    assert_eq!(Head::from_value(value.clone()).map(|head| head.time), Ok(u64::MAX));
    *crate::testing::member(&mut value, 6) = (-1).into();
    assert_eq!(Head::from_value(value).err(), Some(FormatError::Malformed(Error::OutOfRange("head.time"))));
}

#[test]
fn errors_name_what_is_wrong_and_what_became_of_it() {
    for error in [
        FormatError::TooLarge,
        FormatError::NotOne,
        FormatError::Malformed(Error::Missing("head.n")),
        FormatError::Newer(vec![1]),
        FormatError::DoesNotOpen,
        FormatError::BadSignature,
        FormatError::OutOfPlace,
        FormatError::NotForUs,
        FormatError::BadKey,
    ] {
        let told = error.to_string();
        assert!(told.starts_with("An object on the storage ") && told.ends_with("left alone."), "{told}");
    }
}
