//! PIN/UV auth protocols one and two (CTAP §6.5.6, §6.5.7), both ends: the platform's in the client, the authenticator's in the host.

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use p256::SecretKey;
use p256::elliptic_curve::Generate;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::cose::{CoseKey, KEY_AGREEMENT};

/// Which of the two protocols.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PinUvAuthProtocol {
    /// CTAP §6.5.6: one key for everything, a zero IV, signatures cut to 16 bytes.
    One,
    /// CTAP §6.5.7: keys by HKDF, a random IV in front, whole signatures.
    Two,
}

/// One end's ephemeral P-256 key.
pub struct KeyAgreementKey(SecretKey);

/// What both ends share after key agreement. Zeroized on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SharedSecret {
    #[zeroize(skip)]
    protocol: PinUvAuthProtocol,
    hmac_key: [u8; 32],
    aes_key: [u8; 32],
}

/// What the authenticator gives for a right PIN; it authenticates the ceremony's message. Zeroized on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct PinUvAuthToken {
    #[zeroize(skip)]
    protocol: PinUvAuthProtocol,
    key: [u8; 32],
}

/// A ciphertext or a token that cannot be one: wrong length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Malformed;

impl PinUvAuthProtocol {
    /// The number in messages.
    pub const fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The protocol of that number.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }

    /// CTAP §6.5.6 and §6.5.7 authenticate.
    fn authenticate(self, key: &[u8; 32], message: &[u8]) -> Vec<u8> {
        let mut signature = hmac_sha256(key, message);
        if self == Self::One {
            signature.truncate(16);
        }
        signature
    }
}

impl From<SecretKey> for KeyAgreementKey {
    fn from(key: SecretKey) -> Self {
        Self(key)
    }
}

impl KeyAgreementKey {
    /// A new key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(SecretKey::generate_from_rng(rng))
    }

    /// The half that is sent.
    pub fn public(&self) -> CoseKey {
        let sec1 = self.0.public_key().to_sec1_bytes();
        CoseKey::from_sec1(&sec1, KEY_AGREEMENT).expect("p256 writes 65 bytes") // safe: to_sec1_bytes is uncompressed
    }

    /// CTAP §6.5.6 and §6.5.7 ecdh and kdf; nothing where the peer's point is not on the curve.
    pub fn shared_secret(&self, protocol: PinUvAuthProtocol, peer: &CoseKey) -> Option<SharedSecret> {
        let point = p256::ecdh::diffie_hellman(self.0.to_nonzero_scalar(), peer.to_p256()?.as_affine());
        let z = point.raw_secret_bytes();
        let mut secret = SharedSecret { protocol, hmac_key: [0; 32], aes_key: [0; 32] };
        match protocol {
            PinUvAuthProtocol::One => {
                secret.hmac_key.copy_from_slice(&Sha256::digest(z));
                secret.aes_key = secret.hmac_key;
            }
            PinUvAuthProtocol::Two => {
                let kdf = Hkdf::<Sha256>::new(Some(&[0; 32]), z);
                kdf.expand(b"CTAP2 HMAC key", &mut secret.hmac_key).ok()?;
                kdf.expand(b"CTAP2 AES key", &mut secret.aes_key).ok()?;
            }
        }
        Some(secret)
    }
}

impl SharedSecret {
    /// The protocol it was agreed on for.
    pub fn protocol(&self) -> PinUvAuthProtocol {
        self.protocol
    }

    /// CTAP encrypt. `plaintext` is a whole number of 16-byte blocks.
    pub fn encrypt(&self, plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let mut iv = [0; 16];
        if self.protocol == PinUvAuthProtocol::Two {
            rng.fill_bytes(&mut iv);
        }
        let blocks =
            cbc::Encryptor::<Aes256>::new(&self.aes_key.into(), &iv.into()).encrypt_padded_vec::<NoPadding>(plaintext);
        match self.protocol {
            PinUvAuthProtocol::One => blocks,
            PinUvAuthProtocol::Two => [&iv[..], &blocks].concat(),
        }
    }

    /// CTAP decrypt.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let (iv, blocks) = match self.protocol {
            PinUvAuthProtocol::One => ([0; 16], ciphertext),
            PinUvAuthProtocol::Two => {
                let (iv, blocks) = ciphertext.split_first_chunk::<16>().ok_or(Malformed)?;
                (*iv, blocks)
            }
        };
        cbc::Decryptor::<Aes256>::new(&self.aes_key.into(), &iv.into())
            .decrypt_padded_vec::<NoPadding>(blocks)
            .map(Zeroizing::new)
            .map_err(|_| Malformed)
    }

    /// CTAP authenticate under the shared secret (setPIN, changePIN).
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(&self.hmac_key, message)
    }

    /// CTAP verify under the shared secret, in constant time.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.authenticate(message).ct_eq(signature).into()
    }
}

impl PinUvAuthToken {
    /// A new token.
    pub fn generate(protocol: PinUvAuthProtocol, rng: &mut impl CryptoRng) -> Self {
        let mut token = Self { protocol, key: [0; 32] };
        rng.fill_bytes(&mut token.key);
        token
    }

    /// The token of these bytes, which the caller keeps secret.
    pub fn from_bytes(protocol: PinUvAuthProtocol, key: &[u8; 32]) -> Self {
        Self { protocol, key: *key }
    }

    /// The token as the authenticator sends it.
    pub fn encrypt(&self, secret: &SharedSecret, rng: &mut impl CryptoRng) -> Vec<u8> {
        secret.encrypt(&self.key, rng)
    }

    /// The token as the platform receives it.
    pub fn decrypt(ciphertext: &[u8], secret: &SharedSecret) -> Result<Self, Malformed> {
        let key = secret.decrypt(ciphertext)?;
        let key = key.as_slice().try_into().map_err(|_| Malformed)?;
        Ok(Self { protocol: secret.protocol, key })
    }

    /// The protocol it was made for.
    pub fn protocol(&self) -> PinUvAuthProtocol {
        self.protocol
    }

    /// The pinUvAuthParam for `message`: in makeCredential and getAssertion the client data hash.
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(&self.key, message)
    }

    /// Whether `param` authenticates `message`, in constant time.
    pub fn verify(&self, message: &[u8], param: &[u8]) -> bool {
        self.authenticate(message).ct_eq(param).into()
    }
}

/// Most bytes of a PIN in UTF-8 (CTAP §6.5.1); on the wire it is padded with zeros to one more.
pub const MAX_PIN_BYTES: usize = 63;

/// CTAP §6.5.5.5 paddedNewPin: 64 bytes; nothing where the PIN is too long.
pub fn pad_pin(pin: &str) -> Option<Zeroizing<[u8; 64]>> {
    let mut padded = Zeroizing::new([0; 64]);
    padded.get_mut(..pin.len()).filter(|_| pin.len() <= MAX_PIN_BYTES)?.copy_from_slice(pin.as_bytes());
    Some(padded)
}

/// CTAP §6.5.5.7.2: the left 16 bytes of the PIN's SHA-256, which stand for it on the wire.
pub fn pin_hash(pin: &[u8]) -> Zeroizing<[u8; 16]> {
    let mut digest: [u8; 32] = Sha256::digest(pin).into();
    let mut left = Zeroizing::new([0; 16]);
    left.copy_from_slice(&digest[..16]);
    digest.zeroize();
    left
}

fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key"); // safe: RFC 2104 has no length limit
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests;
