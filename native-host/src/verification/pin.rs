//! A PIN as it is chosen.

use std::fmt;

use super::MIN_PIN_LENGTH;
use crate::secret::PinHash;

/// A newly chosen PIN that meets the policy (CTAP §6.5.1): at least four code points, at most 63 bytes of UTF-8.
pub struct NewPin {
    hash: PinHash,
}

impl NewPin {
    /// The PIN in CTAP's newPin (§6.5.5.5): 64 bytes, UTF-8 padded with zeros on the right.
    ///
    /// # Errors
    /// Not 64 bytes, no padding, not UTF-8, or too short.
    pub fn from_padded(padded: &[u8]) -> Result<Self, PinPolicyViolation> {
        if padded.len() != PADDED_SIZE {
            return Err(PinPolicyViolation);
        }
        let end = padded.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        Self::from_utf8(&padded[..end])
    }

    /// The PIN as text, in Unicode Normalization Form C.
    ///
    /// # Errors
    /// Too short or too long.
    pub fn from_text(pin: &str) -> Result<Self, PinPolicyViolation> {
        Self::from_utf8(pin.as_bytes())
    }

    pub(super) fn hash(&self) -> &PinHash {
        &self.hash
    }

    fn from_utf8(pin: &[u8]) -> Result<Self, PinPolicyViolation> {
        let text = str::from_utf8(pin).map_err(|_| PinPolicyViolation)?;
        let long_enough = text.chars().count() >= usize::from(MIN_PIN_LENGTH);
        if !long_enough || pin.len() >= PADDED_SIZE || pin.contains(&0) {
            return Err(PinPolicyViolation);
        }
        Ok(Self { hash: PinHash::derive(pin) })
    }
}

/// CTAP2_ERR_PIN_POLICY_VIOLATION: the PIN is too short, too long or not text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PinPolicyViolation;

impl fmt::Display for PinPolicyViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The PIN does not fit. Choose one of at least {MIN_PIN_LENGTH} characters and at most 63 bytes.")
    }
}

impl std::error::Error for PinPolicyViolation {}

/// CTAP §6.5.5.5: the size of newPin.
const PADDED_SIZE: usize = 64;
