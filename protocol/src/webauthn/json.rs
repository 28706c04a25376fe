//! The JSON dictionaries of L3 §5.1.8 to §5.1.10 and §5.2.1: what crosses from the page to the client, and back.
//!
//! Enumeration members are strings in WebIDL, and unknown ones are ignored (L3 §5.4.4 and elsewhere), so they read as absent.

mod extensions;
mod options;
mod responses;

pub use extensions::{
    AuthenticationExtensionsClientInputsJson, AuthenticationExtensionsClientOutputsJson,
    AuthenticationExtensionsLargeBlobInputsJson, AuthenticationExtensionsLargeBlobOutputsJson,
    AuthenticationExtensionsPrfInputsJson, AuthenticationExtensionsPrfOutputsJson,
    AuthenticationExtensionsPrfValuesJson, Base64UrlString, CredentialPropertiesOutput, LargeBlobSupport,
    PrfResultsJson,
};
pub use options::{
    AttestationConveyancePreference, AuthenticatorAttachment, AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptionsJson, PublicKeyCredentialDescriptorJson, PublicKeyCredentialParameters,
    PublicKeyCredentialRequestOptionsJson, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntityJson,
    ResidentKeyRequirement, UserVerificationRequirement,
};
pub use responses::{
    AuthenticationResponseJson, AuthenticatorAssertionResponseJson, AuthenticatorAttestationResponseJson,
    PublicKeyCredentialJson, RegistrationResponseJson,
};

/// The only credential type there is (L3 §5.8.2).
pub const PUBLIC_KEY: &str = "public-key";

#[cfg(test)]
mod tests;
