//! SYNC §9: what two devices leave for each other while one joins.

use super::{hash, head, laptop, vault};
use crate::format::{Ask, FormatError, Yes};
use crate::keys::{JoinCode, Seal};
use crate::testing::{device, rng};
use crate::wire::Unknown;

fn code(text: &str) -> JoinCode {
    JoinCode::from_text(text).unwrap()
}

fn ask() -> Ask {
    Ask { card: laptop(), unknown: Unknown::default() }
}

fn yes() -> Yes {
    let unknown = Unknown::default();
    Yes { vault: vault(), inviter: device(1).id(), circle: hash(1), n: 7, seen: head().seen, unknown }
}

#[test]
fn ask_and_yes_byte_for_byte() {
    let mailbox = code("7QK4-M2XB-P9DT-3HWE").mailbox();
    let asked = ask().seal(&mailbox, &mut rng(1)).unwrap();
    // 'PKA1', then the seal under the ask's key, bound to "ask/v1" and the slot
    let sealed = asked.strip_prefix(b"PKA1").unwrap();
    assert_eq!(mailbox.ask.open(sealed, &[b"ask/v1", mailbox.slot.as_bytes()]), Ok(ask().encode()));
    let answered = yes().seal(&mailbox, &mut rng(1)).unwrap();
    // 'PKY1', then the seal under the yes' key, bound to "yes/v1" and the slot
    let sealed = answered.strip_prefix(b"PKY1").unwrap();
    assert_eq!(mailbox.yes.open(sealed, &[b"yes/v1", mailbox.slot.as_bytes()]), Ok(yes().encode()));
}

#[test]
fn both_open_with_the_code_alone() {
    let [mailbox, other] = ["7QK4-M2XB-P9DT-3HWE", "7QK4-M2XB-P9DT-3HWF"].map(|text| code(text).mailbox());
    let asked = ask().seal(&mailbox, &mut rng(1)).unwrap();
    assert_eq!(Ask::open(&asked, &mailbox), Ok(ask()));
    assert_eq!(Ask::open(&asked, &other), Err(FormatError::DoesNotOpen));
    let answered = yes().seal(&mailbox, &mut rng(1)).unwrap();
    assert_eq!(Yes::open(&answered, &mailbox), Ok(yes()));
    assert_eq!(Yes::open(&answered, &other), Err(FormatError::DoesNotOpen));
    // One is not the other.
    assert_eq!(Yes::open(&asked, &mailbox), Err(FormatError::NotOne));
    assert_eq!(Ask::open(&answered, &mailbox), Err(FormatError::NotOne));
    let disguised = [b"PKY1", &asked[4..]].concat();
    assert_eq!(Yes::open(&disguised, &mailbox), Err(FormatError::DoesNotOpen));
}

#[test]
fn every_altered_byte_is_noticed() {
    let mailbox = code("7QK4-M2XB-P9DT-3HWE").mailbox();
    for (object, opens) in [
        (ask().seal(&mailbox, &mut rng(1)).unwrap(), Ask::open(&[], &mailbox).is_ok()),
        (yes().seal(&mailbox, &mut rng(1)).unwrap(), Yes::open(&[], &mailbox).is_ok()),
    ] {
        assert!(!opens);
        for at in 0..object.len() {
            let mut altered = object.clone();
            altered[at] ^= 1;
            assert!(Ask::open(&altered, &mailbox).is_err() && Yes::open(&altered, &mailbox).is_err(), "byte {at}");
        }
    }
}
