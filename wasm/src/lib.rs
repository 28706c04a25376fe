//! Keystow's WebAuthn client and the extension's screens.

pub mod client;
