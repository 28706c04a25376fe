//! The public key credential source (L3 §4): what the vault keeps of one passkey.

mod algorithms;
mod history;
mod names;
mod record;
mod secrets;

use protocol::cbor::Value;
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use protocol::ctap::extensions::CredProtect;
use protocol::manage::Account;
use protocol::webauthn::{CredentialId, RpId, UserHandle};

use crate::secret::{CredRandom, NoRandomness, fill_random};

pub use algorithms::{KeyPair, SignError};
pub use history::{History, MAX_USES};
pub use names::{EarlierNames, shortened};
pub use record::{FORMAT, Record, RecordError, attributes, decode, encode, join, of_attributes, split};
pub use secrets::{CredentialSecrets, SealedSecrets};

/// L3 §4 public key credential source. Its secrets are sealed a second time inside its record: whoever lists passkeys opens none.
///
/// ```cddl
/// ; A CBOR sequence (RFC 8742) of two items, each in CTAP2 canonical form.
/// record = ( sealed-secrets: bstr, attributes )
/// attributes = {
///   1: 2,                 ; version of this format
///   2: bstr .size 32,     ; credential ID
///   3: tstr,              ; RP ID
///   4: tstr,              ; RP name as it was at creation
///   5: bstr .size (1..64),; user handle
///   6: tstr,              ; user name
///   7: tstr,              ; user display name, may be empty
///   8: int,               ; COSEAlgorithmIdentifier
///   9: bstr,              ; public key: CoseKey::to_public_bytes
///   10: uint,             ; created, milliseconds since 1970
///   ? 11: uint,           ; last used, milliseconds since 1970
///   12: bool,             ; BE, frozen at creation
///   13: bool,             ; BS
///   14: [* tstr],         ; transports
///   ? 15: 2 / 3,          ; credProtect; absent: 1
///   ? 16: bstr,           ; credBlob
///   ? 17: [ bstr, uint ], ; large blob: compressed bytes, size before that
///   ? 18: true,           ; largeBlobKey was asked for
///   ? 19: true,           ; may be used for payments on other sites
///   ? 20: false,          ; discoverable; absent: it is
///   ? 21: [+ [ tstr, tstr, uint ]], ; user name, display name, until when it had them; the oldest first
///   ? 22: tstr,           ; what the user calls it
///   ? 23: tstr,           ; what the user notes with it
///   ? 24: true,           ; hmac-secret has been evaluated with it
///   * int => any          ; of later versions: kept on rewrite
/// }
/// ; Version 1 had the private key of ES256 itself, .size 32, in the place of the sealed secrets, and no CredRandom.
/// ```
pub struct PublicKeyCredentialSource {
    /// 32 random bytes.
    pub credential_id: CredentialId,
    /// The RP ID it is bound to.
    pub rp_id: RpId,
    /// The relying party's name for itself, as it was at creation.
    pub rp_name: String,
    /// L3 user handle.
    pub user_handle: UserHandle,
    /// L3 user name, as a rule an e-mail address.
    pub user_name: String,
    /// L3 user display name; may be empty.
    pub user_display_name: String,
    /// What the key signs with.
    pub algorithm: CoseAlgorithmIdentifier,
    /// The private key and the other secrets; `Vault::open_secrets` opens them.
    pub secrets: SealedSecrets,
    /// The public key, kept beside it: deriving it costs as much as a signature.
    pub public_key: CoseKey,
    /// When it was made, milliseconds since 1970.
    pub created: u64,
    /// When it last signed, milliseconds since 1970.
    pub last_used: Option<u64>,
    /// L3 §6.1.3 BE, decided at creation and frozen.
    pub backup_eligible: bool,
    /// L3 §6.1.3 BS: whether a copy exists off this device.
    pub backup_state: bool,
    /// L3 §5.8.4 transports told to the relying party.
    pub transports: Vec<String>,
    /// What the extensions of CTAP §12 keep with it.
    pub extensions: Extensions,
    /// L3 client-side discoverable: whether it is offered to a request without an allow list. The others are kept as well, since a vault
    /// that is synchronized can put no credential into its ID.
    pub discoverable: bool,
    /// What the account was called before the site changed that, the oldest first.
    pub earlier_names: Vec<EarlierNames>,
    /// What the user calls it; may be empty.
    pub label: String,
    /// What the user notes with it; may be empty, and have several lines.
    pub note: String,
    /// Whether hmac-secret (L3 `prf`) has been evaluated with it: something may be encrypted that cannot be read without it.
    pub prf_used: bool,
    /// Members of later versions, kept as they are.
    pub unknown: Vec<(Value, Value)>,
}

/// What the extensions of CTAP §12 keep with a credential.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Extensions {
    /// CTAP §12.1.
    pub cred_protect: CredProtect,
    /// CTAP §12.2, at most [`MAX_CRED_BLOB_LENGTH`] bytes.
    pub cred_blob: Option<Vec<u8>>,
    /// CTAP §12.3: whether the large blob's key was asked for at creation; it is not given later otherwise.
    pub large_blob_key: bool,
    /// CTAP §6.10.3, decrypted.
    pub large_blob: Option<LargeBlob>,
    /// CTAP §12.9: whether it may be used for payments on other sites.
    pub third_party_payment: bool,
}

/// A large blob as its credential keeps it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LargeBlob {
    /// DEFLATE (RFC 1951) of the blob, as the client made it.
    pub compressed: Vec<u8>,
    /// Bytes of the blob before that.
    pub original_size: u64,
}

/// What a relying party says of the account when a credential is made (CTAP §6.1 parameters 2 and 3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewCredential {
    /// The RP ID.
    pub rp_id: RpId,
    /// The relying party's name for itself.
    pub rp_name: String,
    /// L3 user handle.
    pub user_handle: UserHandle,
    /// L3 user name.
    pub user_name: String,
    /// L3 user display name.
    pub user_display_name: String,
    /// What to sign with.
    pub algorithm: CoseAlgorithmIdentifier,
    /// What the extensions keep.
    pub extensions: Extensions,
    /// L3 client-side discoverable.
    pub discoverable: bool,
}

impl PublicKeyCredentialSource {
    /// Makes a credential source over `key_pair`: random credential ID, fresh CredRandom, BE = 1 because it will be synchronized, BS = 0
    /// because no copy exists yet. `seal` is the vault's.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate(
        new: NewCredential,
        key_pair: KeyPair,
        now: u64,
        seal: impl FnOnce(&CredentialId, &CredentialSecrets) -> Result<SealedSecrets, NoRandomness>,
    ) -> Result<Self, NoRandomness> {
        let mut credential_id = vec![0; CREDENTIAL_ID_SIZE];
        fill_random(&mut credential_id)?;
        let credential_id = CredentialId::from(credential_id);
        let KeyPair { private_key, public_key } = key_pair;
        let secrets = CredentialSecrets { private_key, cred_random: Some(CredRandom::generate()?) };
        Ok(Self {
            secrets: seal(&credential_id, &secrets)?,
            credential_id,
            rp_id: new.rp_id,
            rp_name: new.rp_name,
            user_handle: new.user_handle,
            user_name: new.user_name,
            user_display_name: new.user_display_name,
            algorithm: new.algorithm,
            public_key,
            created: now,
            last_used: None,
            backup_eligible: true,
            backup_state: false,
            transports: TRANSPORTS.map(str::to_owned).to_vec(),
            extensions: new.extensions,
            discoverable: new.discoverable,
            earlier_names: Vec::new(),
            label: String::new(),
            note: String::new(),
            prf_used: false,
            unknown: Vec::new(),
        })
    }

    /// The passkey as screens show it, without key material.
    pub fn account(&self) -> Account {
        Account {
            credential_id: self.credential_id.clone(),
            rp_id: self.rp_id.clone(),
            rp_name: self.rp_name.clone(),
            user_handle: self.user_handle.clone(),
            user_name: self.user_name.clone(),
            user_display_name: self.user_display_name.clone(),
            created: self.created,
            last_used: self.last_used,
            cred_protect: self.extensions.cred_protect,
            algorithm: self.algorithm.number(),
            backed_up: self.backup_state,
            prf_used: self.prf_used,
            label: self.label.clone(),
            note: self.note.clone(),
        }
    }

    /// When it was last of interest to the user: what lists are sorted by, last used first, never used: newest first.
    pub(crate) fn recency(&self) -> (bool, u64) {
        (self.last_used.is_some(), self.last_used.unwrap_or(self.created))
    }
}

/// Length of the credential IDs that we make.
pub const CREDENTIAL_ID_SIZE: usize = 32;

/// getInfo maxCredBlobLength (CTAP §12.2): the longest credBlob, in bytes.
pub const MAX_CRED_BLOB_LENGTH: usize = 1024;

/// L3 §5.8.4: a platform authenticator, whose passkeys will be on the user's other devices too.
const TRANSPORTS: [&str; 2] = ["internal", "hybrid"];

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use algorithms::tests::verifies;
