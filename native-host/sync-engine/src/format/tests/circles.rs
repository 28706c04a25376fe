//! SYNC §4 and §5: circle objects, and the signatures of sentences.

use super::{circle, found, hash, invite, laptop, remove, stamp, vault, words};
use crate::format::{Circle, CircleObject, FormatError, Sentence};
use crate::ids::ObjectHash;
use crate::keys::{Card, Seal, WRAP_SIZE};
use crate::testing::{device, hex, paper, rng};
use crate::wire::{self, decode};

fn members() -> [Card; 3] {
    [laptop(), device(2).card("Desktop", false, None), words()]
}

#[test]
fn a_circle_object_byte_for_byte() {
    let vault = circle().sentences[0].vault;
    let object = circle().seal(&vault, &members(), &mut rng(1)).unwrap();
    assert_eq!(object.hash, ObjectHash::of_object(&object.bytes));
    let mut read = wire::fields(decode(&object.bytes).unwrap(), "circle").unwrap();
    // 0: vault
    assert_eq!(read.bytes(0, "vault"), Ok(Some(vault.as_bytes().to_vec())));
    // 1: [device, wrap] for each
    let wraps = read.array(1, "wraps").unwrap().unwrap();
    let wraps: Vec<_> = wraps.into_iter().map(|wrap| wrap.into_array().unwrap()).collect();
    let to: Vec<_> = wraps.iter().map(|wrap| wrap[0].as_bytes().unwrap().clone()).collect();
    assert_eq!(to, members().map(|card| card.id().as_bytes().to_vec()));
    assert!(wraps.iter().all(|wrap| wrap.len() == 2 && wrap[1].as_bytes().unwrap().len() == WRAP_SIZE));
    // 2: nonce, padded plaintext, tag; bound to "circle/v1" and the vault
    let secret = device(2).unwrap(wraps[1][1].as_bytes().unwrap(), &vault).unwrap();
    let sealed = read.bytes(2, "sealed").unwrap().unwrap();
    let plaintext = secret.open(&sealed, &[b"circle/v1", vault.as_bytes()]).unwrap();
    assert_eq!(plaintext, circle().encode());
    assert!(read.rest().is_empty());
}

#[test]
fn a_circle_opens_for_its_members_alone() {
    let vault = circle().sentences[0].vault;
    let object = circle().seal(&vault, &members(), &mut rng(1)).unwrap();
    let parsed = CircleObject::parse(&object.bytes).unwrap();
    assert_eq!(parsed.vault, vault);
    assert_eq!(parsed.members().copied().collect::<Vec<_>>(), members().map(|card| card.id()));
    for member in [device(1), device(2), paper(4)] {
        assert_eq!(parsed.open(&member).unwrap().encode(), circle().encode());
    }
    assert_eq!(parsed.open(&device(3)).err(), Some(FormatError::NotForUs));
    assert_eq!(parsed.encode(), object.bytes);
}

/// The name is a hash of all; this is what stands even without it.
#[test]
fn a_circle_that_was_altered_does_not_open() {
    let object = circle().seal(&vault(), &members(), &mut rng(1)).unwrap();
    let opens = |bytes: &[u8]| CircleObject::parse(bytes).is_ok_and(|object| object.open(&device(1)).is_ok());
    assert!(opens(&object.bytes));
    let foreign = 20 + 2 * (WRAP_SIZE + 21); // the wraps of the others may be altered: they are not this member's
    for at in (0..object.bytes.len()).step_by(5).filter(|at| !(WRAP_SIZE + 43..foreign + WRAP_SIZE + 22).contains(at)) {
        let mut altered = object.bytes.clone();
        altered[at] ^= 1;
        assert!(!opens(&altered), "byte {at}");
    }
}

#[test]
fn each_circle_object_has_a_secret_of_its_own() {
    let mut rng = rng(1);
    let [a, b] = [(); 2].map(|()| circle().seal(&vault(), &members(), &mut rng).unwrap());
    assert_ne!(a.hash, b.hash);
}

#[test]
fn sentences_are_signed_by_their_author_and_countersigned_by_the_recovery_key() {
    let [founding, invitation] = <[Sentence; 2]>::try_from(circle().sentences).unwrap();
    assert_eq!(founding.vault, found().vault());
    assert!(founding.is_signed_by(&laptop()) && founding.is_countersigned_by(&words()));
    assert!(!founding.is_signed_by(&words()) && !founding.is_countersigned_by(&laptop()));
    assert!(invitation.is_signed_by(&laptop()) && !invitation.is_countersigned_by(&words()));
    // Neither signature stands for the other.
    let swapped = Sentence { countersignature: Some(founding.signature), ..founding.clone() };
    assert!(!swapped.is_countersigned_by(&laptop()));
}

#[test]
fn no_member_of_a_sentence_can_be_altered() {
    let sentence = Sentence::sign(vault(), stamp(5), remove(), &device(1)).countersigned(&paper(4));
    for altered in [
        Sentence { by: device(2).id(), ..sentence.clone() },
        Sentence { at: stamp(6), ..sentence.clone() },
        Sentence { body: invite(laptop()), ..sentence.clone() },
        Sentence { vault: crate::ids::VaultId::from_slice(&[8; 16]).unwrap(), ..sentence.clone() },
    ] {
        assert!(!altered.is_signed_by(&laptop()));
        assert!(!altered.is_countersigned_by(&words()));
    }
    // A member that this version does not know is signed too.
    let mut members = sentence.to_value();
    members.as_map_mut().unwrap().push((9.into(), 1.into()));
    let altered = Sentence::from_value(members).unwrap();
    assert!(!altered.is_signed_by(&laptop()) && !altered.is_countersigned_by(&words()));
}

#[test]
fn a_circle_that_is_none_is_refused() {
    for (bytes, why) in [
        ("a0", "circle.sentences is missing"),
        ("a2 00 80 01 81 80", "vaultkey is out of range"),
        ("a2 00 81 00 01 80", "sentence has the wrong type"),
        ("a2 01 80 00 80", "not CTAP2 canonical CBOR: map keys are not sorted and unique"),
    ] {
        let told = Circle::decode(&hex(bytes)).err().map(|error| error.to_string());
        assert!(told.is_some_and(|told| told.contains(why)), "{bytes}");
    }
    assert_eq!(CircleObject::parse(&[]).err().map(|_| ()), Some(()));
    assert_ne!(hash(1), hash(2));
}
