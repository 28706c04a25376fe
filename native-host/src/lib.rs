//! Keystow's native host: a CTAP2 authenticator over a sealed vault whose key is in the OS keychain.

pub mod credential;
pub mod keychain;
pub mod secret;
pub mod vault;
pub mod verification;
