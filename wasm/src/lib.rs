//! Keystow's WebAuthn client and the extension's screens.

pub mod admission;
#[cfg(target_arch = "wasm32")]
mod browser;
pub mod client;
pub mod presentation;
#[cfg(target_arch = "wasm32")]
mod screens;
