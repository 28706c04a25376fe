//! What lies on the storage, byte for byte (SYNC §5); docs/SYNC-FORMAT.md tells it to those who read it from elsewhere.
//!
//! Each kind of object is checked from the outside in: its length before anything, then who signed it, then its seal, and at last whether what is
//! inside belongs under this name.

mod circle;
mod head;
mod mailbox;
mod pack;
mod sentence;
mod stamp;

pub use circle::{Circle, CircleObject, VaultKeyEntry};
pub use head::{Head, HeadObject, PackRef, Seen};
pub use mailbox::{Ask, Yes};
pub use pack::{Entry, PackBuilder, PackObject, record_from_value, record_to_value};
pub use sentence::{Body, Sentence};
pub use stamp::{stamp_from_value, stamp_to_value};

pub use crate::keys::Card;
pub use crate::wire::FormatError;

use crate::ids::ObjectHash;

/// The most bytes that a head object may have.
pub const MAX_HEAD: usize = 64 << 10;

/// The most bytes that a circle object may have.
pub const MAX_CIRCLE: usize = 1 << 20;

/// The most bytes that a pack object may have.
pub const MAX_PACK: usize = 8 << 20;

/// The most bytes that an ask or a yes may have.
pub const MAX_MAILBOX: usize = 64 << 10;

/// An object that is named by its hash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    /// SHA-256 of the bytes.
    pub hash: ObjectHash,
    /// What is put on the storage.
    pub bytes: Vec<u8>,
}

impl Object {
    fn of(bytes: Vec<u8>, most: usize) -> Result<Self, FormatError> {
        within(&bytes, most)?;
        Ok(Self { hash: ObjectHash::of_object(&bytes), bytes })
    }
}

/// Before anything of an object is looked at.
fn within(bytes: &[u8], most: usize) -> Result<(), FormatError> {
    if bytes.len() > most { Err(FormatError::TooLarge) } else { Ok(()) }
}

/// What follows the object's magic.
fn behind<'a>(magic: &[u8; 4], bytes: &'a [u8]) -> Result<&'a [u8], FormatError> {
    bytes.strip_prefix(magic).ok_or(FormatError::NotOne)
}

#[cfg(test)]
mod tests;
