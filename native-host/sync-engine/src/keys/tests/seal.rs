//! SYNC §4: every seal is bound to what it is for, under a nonce of its own.

use crate::format::FormatError;
use crate::keys::{SEAL_OVERHEAD, Seal, SyncVaultKey, padded_size};
use crate::testing::rng;

#[test]
fn a_seal_is_nonce_ciphertext_and_tag() {
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    let sealed = key.seal(b"plaintext", &[b"bound"], &mut rng(1));
    assert_eq!(sealed.len(), padded_size(b"plaintext".len()) + SEAL_OVERHEAD);
    assert_eq!(SEAL_OVERHEAD, 24 + 16);
    assert_eq!(key.open(&sealed, &[b"bound"]).unwrap().as_slice(), b"plaintext");
    assert_eq!(key.open(&sealed, &[b"bo", b"und"]).unwrap().as_slice(), b"plaintext");
}

/// draft-irtf-cfrg-xchacha-03, A.3.1, opened by the key's own bytes: the text there ends as no padding does, so opening says so only after the
/// tag was right; with the tag altered it is the same to a caller, so the cipher is looked at itself.
#[test]
fn the_cipher_is_the_drafts() {
    use chacha20poly1305::aead::{Aead, KeyInit, Payload};
    let key: Vec<u8> = (0x80..0xa0).collect();
    let nonce: Vec<u8> = (0x40..0x58).collect();
    let plaintext = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let payload = Payload { msg: plaintext, aad: &crate::testing::hex("50515253c0c1c2c3c4c5c6c7") };
    let cipher = chacha20poly1305::XChaCha20Poly1305::new_from_slice(&key).unwrap();
    let nonce: [u8; 24] = nonce.try_into().unwrap();
    let sealed = cipher.encrypt(&nonce.into(), payload).unwrap();
    assert_eq!(sealed[..16], crate::testing::hex("bd6d179d3e83d43b9576579493c0e939"));
    assert_eq!(sealed[sealed.len() - 16..], crate::testing::hex("c0875924c1c7987947deafd8780acf49"));
}

#[test]
fn nothing_else_opens() {
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    let sealed = key.seal(b"plaintext", &[b"bound"], &mut rng(1));
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert_eq!(key.open(&altered, &[b"bound"]), Err(FormatError::DoesNotOpen), "byte {at}");
    }
    for length in 0..sealed.len() {
        assert!(key.open(&sealed[..length], &[b"bound"]).is_err(), "{length} bytes");
    }
    assert_eq!(key.open(&sealed, &[b"bind"]), Err(FormatError::DoesNotOpen));
    let other = SyncVaultKey::from_slice(&[8; 32]).unwrap();
    assert_eq!(other.open(&sealed, &[b"bound"]), Err(FormatError::DoesNotOpen));
}

#[test]
fn the_same_is_never_sealed_to_the_same() {
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    let mut rng = rng(1);
    assert_ne!(key.seal(b"plaintext", &[], &mut rng), key.seal(b"plaintext", &[], &mut rng));
}
