//! credProtect (CTAP §12.1).

use serde::{Deserialize, Serialize};

/// What a user must do before a credential tells that it is there. In JSON it is L3's client extension input.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CredProtect {
    /// Nothing.
    #[default]
    UserVerificationOptional,
    /// Be verified, unless the relying party names the credential.
    #[serde(rename = "userVerificationOptionalWithCredentialIDList")]
    UserVerificationOptionalWithCredentialIdList,
    /// Be verified.
    UserVerificationRequired,
}

impl CredProtect {
    /// The number in messages and records: 1, 2, 3.
    pub fn number(self) -> i64 {
        match self {
            Self::UserVerificationOptional => 1,
            Self::UserVerificationOptionalWithCredentialIdList => 2,
            Self::UserVerificationRequired => 3,
        }
    }

    /// The policy of that number.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::UserVerificationOptional),
            2 => Some(Self::UserVerificationOptionalWithCredentialIdList),
            3 => Some(Self::UserVerificationRequired),
            _ => None,
        }
    }

    /// Whether a credential with this policy tells that it is there, to a relying party that has it in a list or not, for a user who is
    /// verified or not.
    pub fn tells(self, listed: bool, verified: bool) -> bool {
        match self {
            Self::UserVerificationOptional => true,
            Self::UserVerificationOptionalWithCredentialIdList => listed || verified,
            Self::UserVerificationRequired => verified,
        }
    }
}
