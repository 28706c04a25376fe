//! What a site says of its passkeys.

use serde::{Deserialize, Serialize};

use crate::webauthn::{CredentialId, RpId, UserHandle};

/// See [`Request::Signal`](super::Request::Signal): the authenticator actions of L3's signal methods, for an RP ID that the client has
/// found the page to be allowed. On the wire `{"signal": {"unknownCredential": {"rpId": "example.com", "credentialId": "..."}}}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Signal {
    /// L3 `unknownCredentialId`: the site does not know this credential.
    UnknownCredential {
        /// The RP ID.
        rp_id: RpId,
        /// The credential.
        credential_id: CredentialId,
    },
    /// L3 `allAcceptedCredentialIds`: the site accepts these credentials of the account, and no others.
    AllAcceptedCredentials {
        /// The RP ID.
        rp_id: RpId,
        /// The account.
        user_id: UserHandle,
        /// All that it accepts.
        all_accepted_credential_ids: Vec<CredentialId>,
    },
    /// L3 `currentUserDetails`: the account is called so now.
    CurrentUserDetails {
        /// The RP ID.
        rp_id: RpId,
        /// The account.
        user_id: UserHandle,
        /// L3 user name.
        name: String,
        /// L3 user display name.
        display_name: String,
    },
}

/// See [`Request::Signal`](super::Request::Signal). It says nothing, since nobody may learn whether anything matched.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Noted {}
