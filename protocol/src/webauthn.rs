//! WebAuthn Level 3: identifiers, JSON dictionaries, client data, authenticator data and attestation objects.

pub mod attestation;
pub mod authenticator_data;
pub mod client_data;
pub mod json;
pub mod names;
pub mod prf;

pub use names::{ClientDataHash, CredentialId, RpId, UserHandle};
