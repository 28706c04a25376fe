//! credentialProtectionPolicy (CTAP §12.1).

use protocol::cbor::Fields;
use protocol::ctap::extensions::{CRED_PROTECT, CredProtect};
use protocol::ctap::get_info;
use protocol::webauthn::json::AuthenticationExtensionsClientInputsJson;

use super::super::error::{Error, NotServed};
use super::super::host::broke;

/// The policy that a page asks for.
#[derive(Clone, Copy)]
pub(super) struct Policy {
    asked: Option<CredProtect>,
    enforce: bool,
}

impl Policy {
    pub(super) fn of(inputs: &AuthenticationExtensionsClientInputsJson) -> Self {
        Self { asked: inputs.credential_protection_policy, enforce: inputs.enforce_credential_protection_policy }
    }

    /// A credential that is for verified users alone is made with the user verified: where there is nothing to be verified by, there will
    /// be then. Otherwise it could never be used again.
    pub(super) fn needs_verification(self) -> bool {
        self.asked == Some(CredProtect::UserVerificationRequired)
    }

    /// Whether the page wants no credential without the policy. The lowest policy needs nobody's support.
    pub(super) fn is_enforced(self) -> bool {
        self.enforce && self.asked.is_some_and(|asked| asked > CredProtect::UserVerificationOptional)
    }

    pub(super) fn number(self) -> Option<i64> {
        self.asked.map(CredProtect::number)
    }

    /// The credential has the policy, where the page insists on it.
    pub(super) fn check_output(self, outputs: &mut Fields) -> Result<(), Error> {
        let made = outputs.int(CRED_PROTECT, CRED_PROTECT)?.and_then(CredProtect::from_number);
        if self.is_enforced() && made < self.asked { Err(broke("another credProtect policy")) } else { Ok(()) }
    }
}

/// An authenticator without the extension is none for a page that insists on it: another of the user's may be.
pub(super) fn check_host(info: &get_info::Response) -> Result<(), Error> {
    if info.extensions.iter().any(|extension| extension == CRED_PROTECT) {
        Ok(())
    } else {
        Err(Error::NotServed(NotServed::OtherAuthenticator))
    }
}
