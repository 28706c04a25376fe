use super::*;

const PLACE: Place = Place { table: "credentials", id: 7 };

fn key(byte: u8) -> VaultSubkey {
    VaultSubkey::from_slice(&[byte; 32]).unwrap()
}

fn sealed(record: &[u8]) -> Vec<u8> {
    seal(&key(1), Nonce::generate().unwrap(), PLACE, record)
}

#[test]
fn what_is_sealed_opens_at_its_place_with_its_key() {
    for record in [b"".as_slice(), b"a record", &[0; 300], &[0x80; 129]] {
        assert_eq!(open(&key(1), PLACE, &sealed(record)).unwrap().as_slice(), record);
    }
}

#[test]
fn another_key_or_another_place_does_not_open() {
    let sealed = sealed(b"a record");
    assert!(open(&key(2), PLACE, &sealed).is_err());
    assert!(open(&key(1), Place { table: "trash", ..PLACE }, &sealed).is_err());
    assert!(open(&key(1), Place { id: 8, ..PLACE }, &sealed).is_err());
}

#[test]
fn no_byte_can_change_and_none_can_go() {
    let sealed = sealed(b"a record");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&key(1), PLACE, &changed).is_err(), "byte {at}");
        assert!(open(&key(1), PLACE, &sealed[..at]).is_err(), "first {at} bytes");
    }
}

#[test]
fn the_same_record_is_never_sealed_the_same_way_twice() {
    let (a, b) = (sealed(b"a record"), sealed(b"a record"));
    assert_ne!(a[..24], b[..24]);
    assert_ne!(a[24..], b[24..]);
}

#[test]
fn the_size_does_not_tell_the_length() {
    assert_eq!(sealed(&[1; 10]).len(), sealed(&[1; 127]).len());
    assert_ne!(sealed(&[1; 127]).len(), sealed(&[1; 128]).len());
}
