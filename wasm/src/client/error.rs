//! Why a ceremony gave no credential, sorted by whose fault it is, and the one place where that becomes what the page sees.

use protocol::ctap::StatusCode;
use protocol::native_message;

use super::reply::{DomError, DomErrorName, Reply};

/// Why there is no credential.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Error {
    /// The page asked for something that cannot be.
    Page(PageFault),
    /// The user decided so, or did not decide.
    User(UserChoice),
    /// The host could not, or broke its contract.
    Host(HostFault),
    /// Keystow does not serve this call: the browser's own runs.
    NotServed(NotServed),
}

/// See [`Error::Page`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum PageFault {
    /// A member is missing or of the wrong type.
    Options,
    /// A member that is to be base64url is not.
    NotBase64Url,
    /// `user.id` has no byte, or more than 64.
    UserHandleLength,
    /// The origin's host is an IP address or no valid domain.
    OriginNotADomain,
    /// The RP ID claimed is no valid domain.
    RpIdNotADomain,
    /// The RP ID claimed is a public suffix: everybody's.
    RpIdIsPublicSuffix,
    /// The RP ID claimed is another site's, and nothing shows that the origin may claim it.
    RpIdOfAnotherSite,
    /// `mediation` is immediate, and the user has not just acted in the page.
    ImmediateUnasked,
    /// `mediation` is immediate, and `allowCredentials` is not empty.
    ImmediateWithAllowList,
    /// User verification is required where nobody may be asked.
    VerificationUnasked,
    /// `pubKeyCredParams` has entries, and none has the type `public-key`.
    NoPublicKeyType,
    /// `appid` where a credential is to be made.
    AppIdAtCreation,
    /// The origin is none of the facets of `appid` or `appidExclude`.
    AppIdNotAuthorized,
    /// `prf.evalByCredential` where a credential is to be made, or where none is named.
    PrfByCredential,
    /// A key of `prf.evalByCredential` is none of the credential IDs allowed.
    PrfCredential,
    /// `largeBlob.read` or `largeBlob.write` where a credential is to be made.
    LargeBlobAtCreation,
    /// `largeBlob.support` where a credential is to be used.
    LargeBlobSupport,
    /// `largeBlob.read` beside `largeBlob.write`.
    LargeBlobReadAndWrite,
    /// `largeBlob.write` where not exactly one credential is allowed.
    LargeBlobCredential,
}

/// See [`Error::User`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum UserChoice {
    /// Cancel, Escape, window closed.
    Cancelled,
    /// Nothing was decided within the ceremony's lifetime.
    TimedOut,
    /// Nobody was asked, and so nothing may be told.
    NotAsked,
    /// The user let the page know that an excluded credential is here.
    AlreadyRegistered,
}

/// See [`Error::Host`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum HostFault {
    /// It said that it cannot serve, and why: for the user, not for the page.
    Refused(native_message::Error),
    /// Its answer is no answer to what was sent, or is not what was asked for.
    BrokeContract(&'static str),
    /// The authenticator's own status.
    Status(StatusCode),
}

/// See [`Error::NotServed`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NotServed {
    /// `mediation` is silent, or one that the call does not serve.
    Mediation,
    /// Permissions Policy keeps the document from this call; or it is in a frame of another origin than a document around it, and may not
    /// make the call there, or that is not known.
    MayNotCallHere,
    /// The page wants a security key or a phone.
    OtherAuthenticator,
    /// The page takes no algorithm that Keystow has.
    OtherAlgorithms,
    /// The RP ID is another site's, which does not say that the two are related.
    OtherRpId,
    /// The vault holds nothing for the request.
    NothingHeld,
    /// "Use another device or security key."
    UserChoseAnother,
    /// There is no host.
    HostGone,
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        match error {
            Error::Page(fault) => Self::Error(fault.into()),
            Error::User(choice) => Self::Error(choice.into()),
            Error::Host(fault) => Self::Error(fault.into()),
            Error::NotServed(_) => Self::Native,
        }
    }
}

impl From<PageFault> for DomError {
    fn from(fault: PageFault) -> Self {
        let (name, message) = match fault {
            PageFault::Options => {
                (DomErrorName::TypeError, "The publicKey options lack a member, or one has the wrong type.")
            }
            PageFault::NotBase64Url => (DomErrorName::TypeError, "An identifier is not base64url without padding."),
            PageFault::VerificationUnasked => {
                (DomErrorName::ConstraintError, "A conditional request cannot collect user verification.")
            }
            PageFault::UserHandleLength => (DomErrorName::TypeError, "user.id must have between 1 and 64 bytes."),
            PageFault::OriginNotADomain => (DomErrorName::SecurityError, "The origin's host is not a valid domain."),
            PageFault::RpIdNotADomain => (DomErrorName::SecurityError, "The RP ID is not a valid domain."),
            PageFault::RpIdIsPublicSuffix => (DomErrorName::SecurityError, "The RP ID is a public suffix."),
            PageFault::RpIdOfAnotherSite => (DomErrorName::SecurityError, "The RP ID is not this site's to claim."),
            PageFault::ImmediateUnasked => {
                (DomErrorName::NotAllowedError, "Immediate mediation requires transient activation.")
            }
            PageFault::ImmediateWithAllowList => {
                (DomErrorName::NotAllowedError, "Immediate mediation requires an empty allowCredentials.")
            }
            PageFault::NoPublicKeyType => {
                (DomErrorName::NotSupportedError, "No entry of pubKeyCredParams has the type public-key.")
            }
            PageFault::AppIdAtCreation => (DomErrorName::NotSupportedError, "The extension appid is for get() alone."),
            PageFault::AppIdNotAuthorized => {
                (DomErrorName::SecurityError, "The origin is not authorized for the AppID.")
            }
            PageFault::PrfByCredential => {
                (DomErrorName::NotSupportedError, "prf.evalByCredential is for get() with allowCredentials alone.")
            }
            PageFault::PrfCredential => {
                (DomErrorName::SyntaxError, "A key of prf.evalByCredential is no credential ID of allowCredentials.")
            }
            PageFault::LargeBlobAtCreation => {
                (DomErrorName::NotSupportedError, "largeBlob.read and largeBlob.write are for get() alone.")
            }
            PageFault::LargeBlobSupport => {
                (DomErrorName::NotSupportedError, "largeBlob.support is for create() alone.")
            }
            PageFault::LargeBlobReadAndWrite => {
                (DomErrorName::NotSupportedError, "largeBlob.read and largeBlob.write cannot be used at once.")
            }
            PageFault::LargeBlobCredential => {
                (DomErrorName::NotSupportedError, "largeBlob.write needs exactly one entry in allowCredentials.")
            }
        };
        Self { name, message }
    }
}

impl From<UserChoice> for DomError {
    fn from(choice: UserChoice) -> Self {
        match choice {
            // One text for all: the page is not told which (L3 §14.5.1, §14.5.2).
            UserChoice::Cancelled | UserChoice::TimedOut | UserChoice::NotAsked => {
                Self { name: DomErrorName::NotAllowedError, message: NOT_ALLOWED }
            }
            UserChoice::AlreadyRegistered => Self {
                name: DomErrorName::InvalidStateError,
                message: "A credential that excludeCredentials names is already on this authenticator.",
            },
        }
    }
}

impl From<HostFault> for DomError {
    fn from(fault: HostFault) -> Self {
        match fault {
            HostFault::Status(StatusCode::CredentialExcluded) => UserChoice::AlreadyRegistered.into(),
            HostFault::Status(status) => Self { name: name_of(status), message: message_of(name_of(status)) },
            HostFault::Refused(_) => Self { name: DomErrorName::NotAllowedError, message: NOT_ALLOWED },
            HostFault::BrokeContract(_) => {
                Self { name: DomErrorName::UnknownError, message: message_of(DomErrorName::UnknownError) }
            }
        }
    }
}

/// CTAP §8.2 to L3 §5.1.3 and §5.1.4. The user has consented before any of these can come, so L3's rule that unconsented errors look
/// alike (§14.5.1) is kept.
fn name_of(status: StatusCode) -> DomErrorName {
    match status {
        StatusCode::CredentialExcluded => DomErrorName::InvalidStateError,
        StatusCode::UnsupportedAlgorithm => DomErrorName::NotSupportedError,
        StatusCode::UnsupportedOption => DomErrorName::ConstraintError,
        StatusCode::OperationDenied
        | StatusCode::KeepaliveCancel
        | StatusCode::NoCredentials
        | StatusCode::InvalidCredential
        | StatusCode::UserActionTimeout
        | StatusCode::ActionTimeout
        | StatusCode::NotAllowed
        | StatusCode::UpRequired
        | StatusCode::PinInvalid
        | StatusCode::PinBlocked
        | StatusCode::PinAuthInvalid
        | StatusCode::PinAuthBlocked
        | StatusCode::PinNotSet
        | StatusCode::PinPolicyViolation
        | StatusCode::PuatRequired
        | StatusCode::UvBlocked
        | StatusCode::UvInvalid
        | StatusCode::UnauthorizedPermission => DomErrorName::NotAllowedError,
        StatusCode::InvalidCommand
        | StatusCode::InvalidParameter
        | StatusCode::InvalidLength
        | StatusCode::InvalidSeq
        | StatusCode::CborUnexpectedType
        | StatusCode::InvalidCbor
        | StatusCode::MissingParameter
        | StatusCode::LimitExceeded
        | StatusCode::LargeBlobStorageFull
        | StatusCode::KeyStoreFull
        | StatusCode::InvalidOption
        | StatusCode::RequestTooLarge
        | StatusCode::IntegrityFailure
        | StatusCode::InvalidSubcommand
        | StatusCode::Other
        | StatusCode::Unknown(_) => DomErrorName::UnknownError,
    }
}

fn message_of(name: DomErrorName) -> &'static str {
    match name {
        DomErrorName::NotSupportedError => "The authenticator has none of the algorithms asked for.",
        DomErrorName::ConstraintError => "The authenticator cannot do what the options require.",
        DomErrorName::UnknownError => "The authenticator failed.",
        DomErrorName::NotAllowedError
        | DomErrorName::InvalidStateError
        | DomErrorName::SecurityError
        | DomErrorName::SyntaxError
        | DomErrorName::TypeError => NOT_ALLOWED,
    }
}

const NOT_ALLOWED: &str = "The operation either timed out or was not allowed.";

#[cfg(test)]
mod tests;
