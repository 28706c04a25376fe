//! A PIN as it is chosen.

use std::fmt;

use crate::secret::PinHash;

/// A newly chosen PIN that meets the policy (CTAP §6.5.1): long enough, at most 63 bytes of UTF-8.
pub struct NewPin {
    hash: PinHash,
    length: u8,
}

impl NewPin {
    /// The PIN in CTAP's newPin (§6.5.5.5): 64 bytes, UTF-8 padded with zeros on the right.
    ///
    /// # Errors
    /// Not 64 bytes, no padding, not UTF-8, or fewer than `min_length` code points.
    pub fn from_padded(padded: &[u8], min_length: u8) -> Result<Self, PinPolicyViolation> {
        if padded.len() != PADDED_SIZE {
            return Err(PinPolicyViolation { min_length });
        }
        let end = padded.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        Self::from_utf8(&padded[..end], min_length)
    }

    /// The PIN as text, in Unicode Normalization Form C.
    ///
    /// # Errors
    /// Fewer than `min_length` code points, or too long.
    pub fn from_text(pin: &str, min_length: u8) -> Result<Self, PinPolicyViolation> {
        Self::from_utf8(pin.as_bytes(), min_length)
    }

    pub(super) fn hash(&self) -> &PinHash {
        &self.hash
    }

    /// In code points.
    pub(super) fn length(&self) -> u8 {
        self.length
    }

    fn from_utf8(pin: &[u8], min_length: u8) -> Result<Self, PinPolicyViolation> {
        let violation = PinPolicyViolation { min_length };
        let text = str::from_utf8(pin).map_err(|_| violation)?;
        if pin.len() >= PADDED_SIZE || pin.contains(&0) {
            return Err(violation);
        }
        let length = u8::try_from(text.chars().count()).map_err(|_| violation)?;
        if length < min_length {
            return Err(violation);
        }
        Ok(Self { hash: PinHash::derive(pin), length })
    }
}

/// CTAP2_ERR_PIN_POLICY_VIOLATION: the PIN is too short, too long or not text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PinPolicyViolation {
    /// Fewest code points it may have.
    pub min_length: u8,
}

impl fmt::Display for PinPolicyViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min_length } = self;
        write!(f, "The PIN does not fit. Choose one of at least {min_length} characters and at most 63 bytes.")
    }
}

impl std::error::Error for PinPolicyViolation {}

/// CTAP §6.5.5.5: the size of newPin.
const PADDED_SIZE: usize = 64;
