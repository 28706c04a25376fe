//! The public key credential source (L3 §4): what the vault keeps of one passkey.

mod record;
mod sign;

use protocol::cbor::Value;
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use protocol::manage::Account;
use protocol::webauthn::{CredentialId, RpId, UserHandle};

use crate::secret::{CredentialPrivateKey, NoRandomness, fill_random};

pub use record::{RecordError, decode, encode};
pub use sign::SignError;

/// L3 §4 public key credential source. Neither `Debug` nor `Clone`: it holds a private key.
///
/// ```cddl
/// ; A CBOR sequence (RFC 8742) of two items, each in CTAP2 canonical form. The private key stands alone, so that it never passes
/// ; through a value that is not zeroized.
/// record = ( private-key: bstr .size 32, attributes )
/// attributes = {
///   1: 1,                 ; version of this format
///   2: bstr .size 32,     ; credential ID
///   3: tstr,              ; RP ID
///   4: tstr,              ; RP name as it was at creation
///   5: bstr .size (1..64),; user handle
///   6: tstr,              ; user name
///   7: tstr,              ; user display name, may be empty
///   8: int,               ; COSEAlgorithmIdentifier
///   9: bstr .size 65,     ; public key, SEC 1 uncompressed
///   10: uint,             ; created, milliseconds since 1970
///   ? 11: uint,           ; last used, milliseconds since 1970
///   12: bool,             ; BE, frozen at creation
///   13: bool,             ; BS
///   14: [* tstr],         ; transports
///   * int => any          ; of later versions: kept on rewrite
/// }
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
    /// The private key.
    pub private_key: CredentialPrivateKey,
    /// Its public key, kept beside it: deriving it costs as much as a signature.
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
    /// Members of later versions, kept as they are.
    pub unknown: Vec<(Value, Value)>,
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
}

impl PublicKeyCredentialSource {
    /// Makes a fresh credential source: random credential ID, fresh key pair, BE = 1 because it will be synchronized, BS = 0 because
    /// no copy exists yet.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub fn generate(new: NewCredential, now: u64) -> Result<Self, NoRandomness> {
        let mut credential_id = vec![0; CREDENTIAL_ID_SIZE];
        fill_random(&mut credential_id)?;
        let (private_key, public_key) = sign::generate_key_pair(new.algorithm)?;
        Ok(Self {
            credential_id: credential_id.into(),
            rp_id: new.rp_id,
            rp_name: new.rp_name,
            user_handle: new.user_handle,
            user_name: new.user_name,
            user_display_name: new.user_display_name,
            algorithm: new.algorithm,
            private_key,
            public_key,
            created: now,
            last_used: None,
            backup_eligible: true,
            backup_state: false,
            transports: TRANSPORTS.map(str::to_owned).to_vec(),
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
        }
    }

    /// When it was last of interest to the user: what lists are sorted by, last used first, never used: newest first.
    pub(crate) fn recency(&self) -> (bool, u64) {
        (self.last_used.is_some(), self.last_used.unwrap_or(self.created))
    }
}

/// Length of the credential IDs that we make.
pub const CREDENTIAL_ID_SIZE: usize = 32;

/// L3 §5.8.4: a platform authenticator, whose passkeys will be on the user's other devices too.
const TRANSPORTS: [&str; 2] = ["internal", "hybrid"];

#[cfg(test)]
mod tests;
