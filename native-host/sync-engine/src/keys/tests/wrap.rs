//! SYNC §4: circle secrets wrapped by HPKE with X-Wing.

use std::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

use crate::ids::VaultId;
use crate::keys::{CircleSecret, Subkey, WRAP_SIZE, wrap};
use crate::testing::{device, hex, rng};

/// draft-connolly-cfrg-xwing-kem, appendix C, the first vector: the public key of a seed.
#[test]
fn the_public_key_is_the_drafts() {
    let seed = Subkey::from_slice(&hex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")).unwrap();
    let key = wrap::public_key(&seed);
    assert_eq!(key[..16], hex("e2236b35a8c24b39b10aa1323a96a919"));
    let hash = hex("2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb");
    assert_eq!(Sha256::digest(&key).as_slice(), hash);
}

/// draft-ietf-hpke-pq, test vectors: base mode, X-Wing (0x647a), HKDF-SHA-256 (1), ChaCha20-Poly1305 (3). Long values by their SHA-256.
#[test]
fn the_suite_is_the_drafts() {
    let key = hex("3ec47fa82dd5689d27c6190e724c74ec8f608df3331ce331929e37b829676630");
    let randomness = hex(
        "2a1c0a3745fe8a48fb62034d300f54dfe1974a5b2e169e580a8789cb1cf5fd190fc00f3fd899594e01a8b15334b9f3fa03d8de44da86e19f5776850fb689e6c8",
    );
    let info = b"4f6465206f6e2061204772656369616e2055726e";
    let aad = b"Count-0";
    let plaintext = b"4265617574792069732074727574682c20747275746820626561757479";
    let ciphertext = hex(
        "c5c591f99092d5e38df0a52699af249c66f8275a863423c076de8147a53e65cc584041c963b77a7e59ea93841b1339b5efda8909b71f74bb0073ad62e899de310c1566dea2fd29eba377",
    );
    let key = <XWing as Kem>::PrivateKey::from_bytes(&key).unwrap();
    let public = XWing::sk_to_pk(&key);
    let hash = |bytes: &[u8]| Sha256::digest(bytes).to_vec();
    let public_hash = hex("ad8aaf3f00d8a39bfeec2947a7d5dde68be08bba19bd301a348a45dc5fcc8341");
    assert_eq!(hash(&public.to_bytes()), public_hash);
    let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        info,
        plaintext,
        aad,
        &mut Given(randomness),
    )
    .unwrap();
    let encapsulated_hash = hex("95c0a5fca31ea59f29bbc66255ad6637b5a476b3212886af11afdc8930aeb772");
    assert_eq!(hash(&encapsulated.to_bytes()), encapsulated_hash);
    assert_eq!(sealed, ciphertext);
    let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        info,
        &ciphertext,
        aad,
    );
    assert_eq!(opened.unwrap(), plaintext);
}

#[test]
fn a_wrap_is_for_one_device_in_one_vault() {
    let [vault, other_vault] = [7, 8].map(|byte| VaultId::from_slice(&[byte; 16]).unwrap());
    let secret = CircleSecret::from_slice(&[5; 32]).unwrap();
    let card = device(1).card("Laptop", false, None);
    let wrapped = card.wrap(&secret, &vault, &mut rng(1)).unwrap();
    assert_eq!((wrapped.len(), WRAP_SIZE), (1168, 1168));
    assert!(device(1).unwrap(&wrapped, &vault).unwrap().same_as(&secret));
    assert!(device(1).unwrap(&wrapped, &other_vault).is_none());
    assert!(device(2).unwrap(&wrapped, &vault).is_none());
    for at in (0..WRAP_SIZE).step_by(37).chain([WRAP_SIZE - 1]) {
        let mut altered = wrapped.clone();
        altered[at] ^= 1;
        assert!(device(1).unwrap(&altered, &vault).is_none(), "byte {at}");
    }
    for length in [0, 1119, 1120, 1136, 1167] {
        assert!(device(1).unwrap(&wrapped[..length], &vault).is_none(), "{length} bytes");
    }
}

/// A vector's own randomness.
struct Given(Vec<u8>);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("the vector is of bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("the vector is of bytes")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.copy_from_slice(&self.0.drain(..bytes.len()).collect::<Vec<_>>());
        Ok(())
    }
}

impl TryCryptoRng for Given {}
