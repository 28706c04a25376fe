//! Keystow's native host: a CTAP2 authenticator over a sealed vault whose key is in the OS keychain.

pub mod authenticator;
pub mod cli;
pub mod credential;
pub mod doctor;
pub mod install;
pub mod keychain;
pub mod manage;
pub mod native_messaging;
pub mod sync;
pub mod vault;
pub mod verification;

pub use secret;
