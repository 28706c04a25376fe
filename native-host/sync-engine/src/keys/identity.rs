//! The secret half of a device, or of a recovery key: one key that signs, one that opens wraps.

use ed25519_dalek::{Signer, SigningKey};

use super::card::{Card, KEM_KEY_SIZE, SIGNING_KEY_SIZE, Signature, Signed};
use super::seal::Subkey;
use super::wrap;
use super::{CircleSecret, DeviceRoot, PaperKey, derive};
use crate::ids::{DeviceId, VaultId};
use crate::labels;

/// Makes a device's [`Identity`].
pub struct DeviceKeys;

/// The secret half of a device, or of a recovery key.
pub struct Identity {
    signing: Box<SigningKey>,
    kem: Subkey,
    signing_public: [u8; SIGNING_KEY_SIZE],
    kem_public: Box<[u8]>,
}

impl DeviceKeys {
    /// This device's identity, from the keychain's root and the salt in its state. Another salt makes another device.
    pub fn derive(root: &DeviceRoot, salt: &[u8; 32]) -> Identity {
        // EXPOSE: to derive from.
        Identity::of_seed(&derive(root.expose_secret(), Some(salt), labels::DEVICE_SEED))
    }
}

impl PaperKey {
    /// The identity that the recovery key is.
    pub fn identity(&self) -> Identity {
        // EXPOSE: to derive from.
        Identity::of_seed(&derive(self.expose_secret(), None, labels::PAPER_SEED))
    }
}

impl Identity {
    fn of_seed(seed: &Subkey) -> Self {
        // EXPOSE: to derive from, and to make the keys of.
        let seed = seed.expose_secret();
        let signing = Box::new(SigningKey::from_bytes(derive(seed, None, labels::SIGNING_KEY).expose_secret()));
        let kem = derive(seed, None, labels::KEM_KEY);
        let (signing_public, kem_public) = (signing.verifying_key().to_bytes(), wrap::public_key(&kem));
        debug_assert_eq!(kem_public.len(), KEM_KEY_SIZE);
        Self { signing, kem, signing_public, kem_public }
    }

    /// Who this is.
    pub fn id(&self) -> DeviceId {
        DeviceId::of_keys(&self.signing_public, &self.kem_public)
    }

    /// What others are to know.
    pub fn card(&self, name: &str, paper: bool, born_again_of: Option<DeviceId>) -> Card {
        Card::new(self.signing_public, self.kem_public.clone(), (name, paper), born_again_of)
    }

    /// Signs `parts`, one after the other (Ed25519).
    pub fn sign(&self, what: Signed, parts: &[&[u8]]) -> Signature {
        self.signing.sign(&[&[what.prefix()], parts].concat().concat()).to_bytes()
    }

    /// Opens a wrap that was made for this identity and this vault ([`Card::wrap`]).
    pub fn unwrap(&self, wrapped: &[u8], vault: &VaultId) -> Option<CircleSecret> {
        wrap::unwrap(&self.kem, wrapped, vault, &self.id())
    }
}
