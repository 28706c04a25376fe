//! The fixed vectors were computed with pyca/cryptography from the private keys 0101…01 and 0202…02.

use p256::SecretKey;
use proptest::prelude::*;

use super::{KeyAgreementKey, Malformed, PinUvAuthProtocol, PinUvAuthToken, SharedSecret, pad_pin, pin_hash};
use crate::cose::CoseKey;
use crate::testing::Nines;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex in a test")
}

fn key(byte: u8) -> KeyAgreementKey {
    KeyAgreementKey(SecretKey::from_slice(&[byte; 32]).expect("a scalar"))
}

fn secrets(protocol: PinUvAuthProtocol) -> (SharedSecret, SharedSecret) {
    let platform = key(1).shared_secret(protocol, &key(2).public()).expect("on the curve");
    let authenticator = key(2).shared_secret(protocol, &key(1).public()).expect("on the curve");
    (platform, authenticator)
}

fn message() -> Vec<u8> {
    (0..32).collect()
}

#[test]
fn key_agreement_key_is_a_cose_key_for_ecdh() {
    let x = hex("550f471003f3df97c3df506ac797f6721fb1a1fb7b8f6f83d224498a65c88e24");
    let y = hex("136093d7012e509a73715cbd0b00a3cc0ff4b5c01b3ffa196ab1fb327036b8e6");
    let expected =
        CoseKey::P256 { algorithm: -25, x: x.try_into().expect("32 bytes"), y: y.try_into().expect("32 bytes") };
    assert_eq!(key(2).public(), expected);
}

#[test]
fn protocol_one_vector() {
    let (platform, authenticator) = secrets(PinUvAuthProtocol::One);
    let ciphertext = hex("5f468b3f91d5f68d0182007347ec276da4fdf7d1ea57e733271004b9ccc97a75");
    assert_eq!(platform.encrypt(&message(), &mut Nines), ciphertext);
    assert_eq!(authenticator.decrypt(&ciphertext).expect("whole blocks").as_slice(), message());
    let signature = hex("b5c4d3262dfcadc99a1dfcda28040890");
    assert_eq!(platform.authenticate(b"message"), signature);
    assert!(authenticator.verify(b"message", &signature));
}

#[test]
fn protocol_two_vector() {
    let (platform, authenticator) = secrets(PinUvAuthProtocol::Two);
    let ciphertext =
        hex("09090909090909090909090909090909a47c174c29a4fbc8f984ce4ef151123513efb9e8f6e86c2dc24995e540eb4744");
    assert_eq!(platform.encrypt(&message(), &mut Nines), ciphertext);
    assert_eq!(authenticator.decrypt(&ciphertext).expect("whole blocks").as_slice(), message());
    let signature = hex("abf3f25f3e3783154f150e3af86d7fc832e2e2348f5d79091d63a77575ebc18e");
    assert_eq!(platform.authenticate(b"message"), signature);
    assert!(authenticator.verify(b"message", &signature));
}

#[test]
fn a_changed_or_cut_signature_is_refused() {
    for protocol in [PinUvAuthProtocol::One, PinUvAuthProtocol::Two] {
        let (platform, authenticator) = secrets(protocol);
        let signature = platform.authenticate(b"message");
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(!authenticator.verify(b"message", &changed));
        }
        assert!(!authenticator.verify(b"message", &signature[..signature.len() - 1]));
        assert!(!authenticator.verify(b"message", &[]));
    }
}

#[test]
fn a_token_crosses_and_authenticates() {
    for protocol in [PinUvAuthProtocol::One, PinUvAuthProtocol::Two] {
        let (platform, authenticator) = secrets(protocol);
        let token = PinUvAuthToken::generate(protocol, &mut Nines);
        let received = PinUvAuthToken::decrypt(&token.encrypt(&authenticator, &mut Nines), &platform).expect("a token");
        assert!(token.verify(&[5; 32], &received.authenticate(&[5; 32])));
        assert!(!token.verify(&[6; 32], &received.authenticate(&[5; 32])));
    }
}

#[test]
fn broken_ciphertexts_are_errors() {
    for protocol in [PinUvAuthProtocol::One, PinUvAuthProtocol::Two] {
        let (platform, _) = secrets(protocol);
        for length in [1, 15, 17, 31, 33] {
            assert_eq!(platform.decrypt(&vec![0; length]).err(), Some(Malformed), "{length} bytes");
        }
        assert_eq!(PinUvAuthToken::decrypt(&[0; 16], &platform).err(), Some(Malformed));
    }
}

#[test]
fn a_point_off_the_curve_shares_no_secret() {
    let off = CoseKey::P256 { algorithm: -25, x: [1; 32], y: [2; 32] };
    assert!(key(1).shared_secret(PinUvAuthProtocol::Two, &off).is_none());
}

#[test]
fn pins_are_padded_to_64_bytes_and_at_most_63_long() {
    let padded = pad_pin("1234").expect("short enough");
    assert_eq!(padded[..5], *b"1234\0");
    assert!(pad_pin(&"x".repeat(63)).is_some());
    assert!(pad_pin(&"x".repeat(64)).is_none());
    assert!(pad_pin(&"x".repeat(65)).is_none());
}

#[test]
fn the_pin_stands_as_half_its_hash() {
    assert_eq!(pin_hash(b"1234").to_vec(), hex("03ac674216f3e15c761ee1a5e255f067"));
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted_by_the_other_end(blocks in 0_usize..6, fill in any::<u8>()) {
        let plaintext = vec![fill; blocks * 16];
        for protocol in [PinUvAuthProtocol::One, PinUvAuthProtocol::Two] {
            let (platform, authenticator) = secrets(protocol);
            let ciphertext = platform.encrypt(&plaintext, &mut Nines);
            let decrypted = authenticator.decrypt(&ciphertext).expect("whole blocks");
            prop_assert_eq!(decrypted.as_slice(), &plaintext);
        }
    }

    #[test]
    fn no_ciphertext_panics(noise in prop::collection::vec(any::<u8>(), 0..100)) {
        let (platform, _) = secrets(PinUvAuthProtocol::Two);
        let _ = platform.decrypt(&noise);
    }
}
