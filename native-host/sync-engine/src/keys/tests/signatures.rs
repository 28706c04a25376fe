//! SYNC §4: every signature has its own prefix, and is verified strictly.

use crate::format::FormatError;
use crate::keys::{Card, Signed};
use crate::testing::{device, hex, member};
use protocol::cbor::Value;

#[test]
fn a_signature_is_of_one_device_for_one_use_over_one_message() {
    let card = device(1).card("Laptop", false, None);
    let signature = device(1).sign(Signed::Sentence, &[b"mess", b"age"]);
    assert!(card.verify_strict(Signed::Sentence, &[b"message"], &signature));
    for other in [Signed::Head, Signed::Countersignature] {
        assert!(!card.verify_strict(other, &[b"message"], &signature));
    }
    assert!(!card.verify_strict(Signed::Sentence, &[b"massage"], &signature));
    assert!(!device(2).card("Laptop", false, None).verify_strict(Signed::Sentence, &[b"message"], &signature));
    for at in 0..64 {
        let mut altered = signature;
        altered[at] ^= 1;
        assert!(!card.verify_strict(Signed::Sentence, &[b"message"], &altered), "byte {at}");
    }
}

/// A point of small order as a key: such a key "signs" anything.
#[test]
fn a_card_with_keys_that_are_none_is_refused() {
    let card = device(1).card("Laptop", false, None).to_value();
    assert!(Card::from_value(card.clone()).is_ok());
    let identity_point = hex(&format!("01{}", "00".repeat(31)));
    let no_point = hex(&format!("02{}", "00".repeat(31)));
    for (key, bytes) in [(0, identity_point), (0, no_point), (1, vec![0xff; 1216])] {
        let mut card = card.clone();
        *member(&mut card, key) = Value::Bytes(bytes);
        assert_eq!(Card::from_value(card), Err(FormatError::BadKey));
    }
}
