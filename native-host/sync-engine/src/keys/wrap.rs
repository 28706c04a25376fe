//! Wraps: HPKE (RFC 9180) in base mode with X-Wing (X25519 and ML-KEM-768), HKDF-SHA-256 and ChaCha20-Poly1305. A cloud may keep today's bytes
//! for decades; this stays shut while either of the two problems stays hard.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::CircleSecret;
use super::card::Card;
use super::seal::Subkey;
use crate::ids::{DeviceId, VaultId};
use crate::labels;
use crate::wire::FormatError;

type PublicKey = <XWing as Kem>::PublicKey;
type PrivateKey = <XWing as Kem>::PrivateKey;
type EncappedKey = <XWing as Kem>::EncappedKey;

/// X-Wing's encapsulated key, in bytes.
const ENC_SIZE: usize = 1120;

/// A wrapped circle secret's length in bytes: encapsulated key, then ciphertext and tag.
pub const WRAP_SIZE: usize = ENC_SIZE + CircleSecret::SIZE + 16;

impl Card {
    /// Wraps a circle secret for this device.
    ///
    /// # Errors
    /// The card's X-Wing key is none.
    pub fn wrap(
        &self,
        secret: &CircleSecret,
        vault: &VaultId,
        mut rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, FormatError> {
        let key = PublicKey::from_bytes(self.kem_key()).map_err(|_| FormatError::BadKey)?;
        let info = info(vault, &self.id());
        // EXPOSE: to wrap.
        let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &key,
            &info,
            secret.expose_secret(),
            &[],
            &mut rng,
        )
        .map_err(|_| FormatError::BadKey)?;
        Ok([&*encapsulated.to_bytes(), &sealed].concat())
    }
}

/// What [`Card::wrap`] was given.
pub(super) fn unwrap(key: &Subkey, wrapped: &[u8], vault: &VaultId, device: &DeviceId) -> Option<CircleSecret> {
    let (encapsulated, sealed) = wrapped.split_at_checked(ENC_SIZE)?;
    let encapsulated = EncappedKey::from_bytes(encapsulated).ok()?;
    let secret = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private_key(key),
        &encapsulated,
        &info(vault, device),
        sealed,
        &[],
    );
    CircleSecret::from_slice(&Zeroizing::new(secret.ok()?))
}

/// The X-Wing public key, as its draft encodes it.
pub(super) fn public_key(key: &Subkey) -> Box<[u8]> {
    XWing::sk_to_pk(&private_key(key)).to_bytes().as_slice().into()
}

/// Whether so encoded there is an X-Wing public key.
pub(super) fn is_public_key(bytes: &[u8]) -> bool {
    PublicKey::from_bytes(bytes).is_ok()
}

/// The X-Wing draft's decapsulation key is a seed of 32 bytes.
fn private_key(key: &Subkey) -> PrivateKey {
    // EXPOSE: to make the key of.
    PrivateKey::from_bytes(key.expose_secret()).expect("32 bytes") // safe: the type has the key's size
}

fn info(vault: &VaultId, device: &DeviceId) -> Vec<u8> {
    [labels::WRAP_INFO, vault.as_bytes(), device.as_bytes()].concat()
}
