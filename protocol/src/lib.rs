//! What Keystow's extension and its native host say to each other.
//!
//! The crate does no I/O, has no async and no `cfg` on a target, so both ends compile the same text. Specifications, each pinned
//! once, cited elsewhere by their short names:
//!
//! | short | document |
//! | --- | --- |
//! | L3 | Web Authentication Level 3, W3C |
//! | CTAP | Client to Authenticator Protocol 2.2, FIDO Proposed Standard, 2025-07-14 |
//! | RFC 8949 | CBOR; the CTAP2 canonical form is CTAP §8 |
//! | RFC 9052, RFC 9053 | COSE structures and algorithms |
//! | RFC 4648 §5 | base64url, always without padding |

pub mod base64url;
pub mod cbor;
mod code_space;
pub mod cose;
pub mod ctap;
pub mod manage;
pub mod native_message;
#[cfg(test)]
mod testing;
pub mod webauthn;
