//! SYNC §5: head objects.

use sha2::{Digest, Sha256};

use super::{bytes_of, hash, head, key, laptop, vault};
use crate::format::{FormatError, Head, HeadObject};
use crate::ids::VaultId;
use crate::keys::{SEAL_OVERHEAD, Seal, Signed, SyncVaultKey, padded_size};
use crate::testing::{device, hex, rng};

fn sealed() -> Vec<u8> {
    head().seal(&hash(0xc1), &key(), &device(1), &mut rng(1)).unwrap()
}

#[test]
fn a_head_object_byte_for_byte() {
    let bytes = sealed();
    let (clear, rest) = bytes.split_at(4 + 32 + 8);
    let key_id = &Sha256::digest([&b"key"[..], &[9; 32]].concat())[..8];
    // 'PKH1', the circle's hash, the vault key's id
    assert_eq!(clear, [b"PKH1", &[0xc1; 32][..], key_id].concat());
    // Nonce, padded plaintext, tag; bound to "head/v1", the vault and the path
    let (seal, signature) = rest.split_at(rest.len() - 64);
    let path = format!("v1/head/{}.000000000000012c", device(1).id());
    let plaintext = key().open(seal, &[b"head/v1", &[0x77; 16], path.as_bytes()]).unwrap();
    assert_eq!(*plaintext, bytes_of(&head().to_value()));
    assert_eq!(seal.len(), padded_size(plaintext.len()) + SEAL_OVERHEAD);
    // The signature is over "head/v1", the path, and all before it
    let before = &bytes[..bytes.len() - 64];
    assert!(laptop().verify_strict(Signed::Head, &[path.as_bytes(), before], signature.try_into().unwrap()));
}

#[test]
fn a_head_opens_for_who_knows_author_number_vault_and_key() {
    let bytes = sealed();
    let object = HeadObject::parse(&bytes).unwrap();
    assert_eq!((object.circle, object.key), (hash(0xc1), key().id()));
    assert_eq!(object.open(&vault(), &laptop(), 300, &key()), Ok(head()));
    assert_eq!(object.open(&vault(), &laptop(), 301, &key()), Err(FormatError::BadSignature));
    let stranger = device(2).card("Laptop", false, None);
    assert_eq!(object.open(&vault(), &stranger, 300, &key()), Err(FormatError::BadSignature));
    let elsewhere = VaultId::from_slice(&[8; 16]).unwrap();
    assert_eq!(object.open(&elsewhere, &laptop(), 300, &key()), Err(FormatError::DoesNotOpen));
    let wrong = SyncVaultKey::from_slice(&[8; 32]).unwrap();
    assert_eq!(object.open(&vault(), &laptop(), 300, &wrong), Err(FormatError::DoesNotOpen));
}

#[test]
fn every_byte_is_under_the_signature() {
    let bytes = sealed();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let read = HeadObject::parse(&altered).map(|object| object.is_signed_by(&laptop(), 300));
        assert!(matches!(read, Ok(false) | Err(FormatError::NotOne)), "byte {at}");
    }
    for length in 0..bytes.len() {
        let read = HeadObject::parse(&bytes[..length]).map(|object| object.is_signed_by(&laptop(), 300));
        assert!(matches!(read, Ok(false) | Err(FormatError::NotOne)), "{length} bytes");
    }
}

/// What a member could write and no sound version does: a head whose inside is another's, or of numbers that cannot be.
#[test]
fn a_head_that_is_signed_and_out_of_place_is_refused() {
    let refused = |inside: &Head| {
        let path = head().name().path();
        let seal = key().seal(&bytes_of(&inside.to_value()), &[b"head/v1", &[0x77; 16], path.as_bytes()], &mut rng(1));
        let mut object = [b"PKH1", &[0xc1; 32][..], key().id().as_bytes(), &seal].concat();
        let signature = device(1).sign(Signed::Head, &[path.as_bytes(), &object]);
        object.extend_from_slice(&signature);
        HeadObject::parse(&object).unwrap().open(&vault(), &laptop(), 300, &key()).err()
    };
    assert_eq!(refused(&head()), None);
    let mut packs = head().packs;
    packs[0].to = 301;
    for wrong in [
        Head { vault: VaultId::from_slice(&[8; 16]).unwrap(), ..head() },
        Head { device: device(2).id(), ..head() },
        Head { n: 299, content: 1, ..head() },
        Head { content: 301, ..head() },
        Head { packs, ..head() },
    ] {
        assert_eq!(refused(&wrong), Some(FormatError::OutOfPlace));
    }
    assert_eq!(
        Head { device: device(2).id(), ..head() }.seal(&hash(0), &key(), &device(1), &mut rng(1)),
        Err(FormatError::OutOfPlace)
    );
}

/// Its other members may have another form by then, so this is told before they are looked at.
#[test]
fn a_head_that_needs_more_says_so() {
    let value = crate::wire::decode(&hex("a2 04 f6 07 82 02 03")).unwrap();
    assert_eq!(Head::from_value(value), Err(FormatError::Newer(vec![2, 3])));
}
