//! SYNC §5: every map and array, byte for byte.

use protocol::cbor;
use zeroize::Zeroizing;

use super::{bytes_of, circle, found, head, invite, key, laptop, remove, stamp, vault, words};
use crate::format::{Ask, Body, Head, Sentence, VaultKeyEntry, Yes, record_from_value, record_to_value};
use crate::ids::{DeviceId, RecordId, VaultId};
use crate::keys::{Card, Signed};
use crate::record::Record;
use crate::testing::{device, hex, paper};
use crate::wire::{Unknown, decode};

fn hexes(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn is(bytes: &[u8], items: &[String]) {
    assert_eq!(hexes(bytes), items.concat().replace(' ', ""));
}

/// A card without born-again-of, in hexadecimal digits.
fn card_items(card: &Card, id: &DeviceId, rest: &str) -> String {
    let signing = signing_key(card);
    assert_eq!(DeviceId::of_keys(&signing, card.kem_key()), *id);
    // 00 5820     0: Ed25519 public key, 32 bytes
    // 01 5904c0   1: X-Wing public key, 1216 bytes
    format!("005820{}015904c0{}{rest}", hexes(&signing), hexes(card.kem_key()))
}

fn signing_key(card: &Card) -> Vec<u8> {
    cbor::Fields::of(card.to_value(), "card").unwrap().bytes(0, "ed25519").unwrap().unwrap()
}

#[test]
fn card() {
    // a4             map of 4
    // 02 f4          2: is-paper, false
    // 03 66 …        3: name "Laptop"
    let laptop_items = format!("a4{}", card_items(&laptop(), &device(1).id(), "02f403664c6170746f70"));
    is(&bytes_of(&laptop().to_value()), &[laptop_items]);
    // 02 f5          2: is-paper, true
    // 03 60          3: name ""
    is(&bytes_of(&words().to_value()), &["a4".to_owned(), card_items(&words(), &paper(4).id(), "02f50360")]);
    // a5             map of 5
    // 04 50 …        4: born-again-of, 16 bytes
    let again = device(2).card("Laptop", false, Some(device(1).id()));
    let rest = format!("02f403664c6170746f700450{}", device(1).id());
    is(&bytes_of(&again.to_value()), &["a5".to_owned(), card_items(&again, &device(2).id(), &rest)]);
    assert_eq!(Card::from_value(again.to_value()), Ok(again));
}

#[test]
fn head_packref_and_seen() {
    let author = device(1).id();
    let items = [
        "a8".to_owned(),                      // map of 8
        format!("00 50 {}", "77".repeat(16)), // 0: vault
        format!("01 50 {author}"),            // 1: device
        "02 19012c".to_owned(),               // 2: n, 300
        "03 19012b".to_owned(),               // 3: content, 299
        "04 81 84".to_owned(),                // 4: one pack, of 4 items
        format!("5820 {}", "aa".repeat(32)),  //    its hash
        "1904d2 19012b 07".to_owned(),        //    length 1234, to 299, 7 records
        "05 81 83".to_owned(),                // 5: one device seen, of 3 items
        format!("50 {} 05", "bb".repeat(16)), //    its id, its head's number
        format!("5820 {}", "cc".repeat(32)),  //    that head's hash
        "06 1b0000018bcfe56800".to_owned(),   // 6: time, 1700000000000
        "07 80".to_owned(),                   // 7: needs nothing
    ];
    is(&bytes_of(&head().to_value()), &items);
    assert_eq!(Head::from_value(head().to_value()), Ok(head()));
}

#[test]
fn record() {
    let mut record = Record::default();
    record.set(1, stamp(5), Zeroizing::new(b"core".to_vec()));
    record.set(64, stamp(6), Zeroizing::new(b"old".to_vec()));
    record.set(64, stamp(7), Zeroizing::new(b"new".to_vec()));
    let stamp = |ms: &str| format!("82 83 {ms} 03 48 dddddddddddddddd"); // a value: stamp of ms, counter, device; then bytes
    let items = [
        "a2".to_owned(),                              // map of 2
        format!("01 81 {} 44 636f7265", stamp("05")), // 1: "core"
        "1840 82".to_owned(),                         // 64: two values,
        format!("{} 43 6e6577", stamp("07")),         //   the newest first: "new"
        format!("{} 43 6f6c64", stamp("06")),         //   then "old"
    ];
    is(&bytes_of(&record_to_value(&record)), &items);
    assert!(record_from_value(record_to_value(&record)).unwrap() == record);
}

#[test]
fn bodies() {
    let cards = [laptop(), words()].map(|card| hexes(&bytes_of(&card.to_value())));
    let items = [
        "a4 00 01".to_owned(),                // map of 4; 0: found
        format!("01 {}", cards[0]),           // 1: device-card
        format!("02 {}", cards[1]),           // 2: paper-card
        format!("03 50 {}", "5a".repeat(16)), // 3: salt
    ];
    is(&bytes_of(&found().to_value()), &items);
    // a2 00 02       map of 2; 0: invite
    // 01 …           1: card
    is(&bytes_of(&invite(laptop()).to_value()), &[format!("a200 02 01 {}", cards[0])]);
    let items = [
        "a3 00 03".to_owned(),                     // map of 3; 0: remove
        format!("01 50 {}", device(2).id()),       // 1: device
        format!("02 81 5820 {}", "ee".repeat(32)), // 2: kept sentences, one
    ];
    is(&bytes_of(&remove().to_value()), &items);
    for body in [found(), invite(laptop()), remove()] {
        assert_eq!(Body::from_value(body.to_value()), Ok(body));
    }
}

#[test]
fn sentence() {
    let sentence = Sentence::sign(vault(), stamp(5), remove(), &device(1)).countersigned(&paper(4));
    let statement = |members: &str, signatures: &str| {
        [
            members.to_owned(),
            format!("00 50 {}", device(1).id()),                      // 0: by
            "01 83 05 03 48 dddddddddddddddd".to_owned(),             // 1: at
            format!("02 {}", hexes(&bytes_of(&remove().to_value()))), // 2: body
            signatures.to_owned(),                                    // 3: sig, 4: sig-of-paper
            format!("05 50 {}", "77".repeat(16)),                     // 5: vault
        ]
    };
    let [signature, countersignature] = [sentence.signature, sentence.countersignature.unwrap()].map(|s| hexes(&s));
    let signatures = format!("03 5840 {signature} 04 5840 {countersignature}");
    is(&sentence.encode(), &statement("a6", &signatures));
    // Both signatures are over it without them, each behind its prefix.
    let signed = hex(&statement("a4", "").concat());
    assert!(laptop().verify_strict(Signed::Sentence, &[&signed], &sentence.signature));
    assert!(words().verify_strict(Signed::Countersignature, &[&signed], &sentence.countersignature.unwrap()));
    assert_eq!(Sentence::decode(&sentence.encode()), Ok(sentence));
}

#[test]
fn circle_and_vaultkey() {
    let circle = circle();
    let sentences: String = circle.sentences.iter().map(|sentence| hexes(&sentence.encode())).collect();
    let items = [
        "a2".to_owned(),                           // map of 2
        format!("00 82 {sentences}"),              // 0: two sentences
        "01 81 83".to_owned(),                     // 1: one vault key, of 3 items
        "83 01 03 48 dddddddddddddddd".to_owned(), //    when it was made, and by whom
        format!("5820 {}", "09".repeat(32)),       //    the key
        format!("81 50 {}", device(3).id()),       //    made without one device
    ];
    is(&circle.encode(), &items);
    assert!(circle.keys[0].key.same_as(&key()));
    let VaultKeyEntry { made, without, .. } = circle.keys[0].duplicate();
    assert_eq!((made, without), (stamp(1), vec![device(3).id()]));
}

#[test]
fn ask_and_yes() {
    let ask = Ask { card: laptop(), unknown: Unknown::default() };
    is(&ask.encode(), &["a1 00".to_owned(), hexes(&bytes_of(&laptop().to_value()))]); // map of 1; 0: card
    let seen = head().seen;
    let (inviter, circle) = (device(1).id(), super::hash(0xcc));
    let yes = Yes { vault: vault(), inviter, circle, n: 24, seen, unknown: Unknown::default() };
    let items = [
        "a5".to_owned(),                               // map of 5
        format!("00 50 {}", "77".repeat(16)),          // 0: vault
        format!("01 50 {inviter}"),                    // 1: inviter
        format!("02 5820 {}", "cc".repeat(32)),        // 2: circle
        "03 1818".to_owned(),                          // 3: n, 24
        format!("04 81 83 50 {} 05", "bb".repeat(16)), // 4: one device seen, its number
        format!("5820 {}", "cc".repeat(32)),           //    that head's hash
    ];
    is(&yes.encode(), &items);
    assert_eq!((Ask::decode(&ask.encode()), Yes::decode(&yes.encode())), (Ok(ask), Ok(yes)));
}

#[test]
fn a_vault_is_named_by_the_body_that_founds_it() {
    let body = found();
    let bytes = bytes_of(&body.to_value());
    assert_eq!(body.vault(), VaultId::of_founding(&bytes));
    assert_eq!(body.vault().as_bytes()[..], sha256(&[b"vault", &bytes])[..16]);
    let Body::Found { device, paper, unknown, .. } = body else { panic!("a founding") };
    let other = Body::Found { device, paper, salt: [0; 16], unknown };
    assert_ne!(other.vault(), VaultId::of_founding(&bytes));
}

#[test]
fn other_names_are_hashes_too() {
    let card = laptop();
    assert_eq!(card.id().as_bytes()[..], sha256(&[b"device", &signing_key(&card), card.kem_key()])[..16]);
    let passkey = RecordId::of_passkey("example.com", &[1, 2, 3]);
    assert_eq!(passkey.as_bytes()[..], sha256(&[b"record", b"example.com", &[0], &[1, 2, 3]])[..16]);
    let sentence = Sentence::sign(vault(), stamp(5), remove(), &device(1));
    assert_eq!(sentence.id().as_bytes()[..], sha256(&[&sentence.encode()]));
    assert_ne!(sentence.clone().countersigned(&paper(4)).id(), sentence.id());
}

#[test]
fn a_body_of_a_later_kind_travels_on() {
    let bytes = hex("a3 00 1863 01 81 00 6378797a a0");
    let body = Body::from_value(decode(&bytes).unwrap()).unwrap();
    assert!(matches!(body, Body::Other { kind: 99, .. }));
    assert_eq!(bytes_of(&body.to_value()), bytes);
    let sentence = Sentence::sign(vault(), stamp(5), body, &device(1));
    let read = Sentence::decode(&sentence.encode()).unwrap();
    assert!(read.is_signed_by(&laptop()));
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(parts.concat()).to_vec()
}
