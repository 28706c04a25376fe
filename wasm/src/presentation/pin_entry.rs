//! What was typed into the fields for a PIN: judged before it is sent anywhere, so that a slip of the finger costs no try.

use super::view::{PinFields, Words};

/// Why what was typed is not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Slip {
    /// The first field is empty.
    Missing,
    /// A new PIN has fewer code points than this.
    TooShort(u8),
    /// The second field does not repeat the first.
    Mismatch,
}

/// Judges `entered` and, where a PIN is chosen, `repeated`. Both in normalization form C.
///
/// # Errors
/// The [`Slip`].
pub fn check(fields: PinFields, entered: &str, repeated: &str) -> Result<(), Slip> {
    match fields {
        PinFields::None => Ok(()),
        _ if entered.is_empty() => Err(Slip::Missing),
        PinFields::Enter { .. } => Ok(()),
        PinFields::Choose { min_length } if entered.chars().count() < usize::from(min_length) => {
            Err(Slip::TooShort(min_length))
        }
        PinFields::Choose { .. } if entered != repeated => Err(Slip::Mismatch),
        PinFields::Choose { .. } => Ok(()),
    }
}

impl Slip {
    /// What the window says about it.
    pub fn words(self) -> Words {
        match self {
            Self::Missing => Words { key: "pinMissing", argument: None },
            Self::TooShort(min_length) => Words { key: "noticePinTooShort", argument: Some(min_length.to_string()) },
            Self::Mismatch => Words { key: "pinMismatch", argument: None },
        }
    }

    /// The field to go back to.
    pub fn field(self, fields: PinFields) -> &'static str {
        match (self, fields) {
            (Self::Mismatch, _) => "pin-repeat",
            (_, PinFields::Choose { .. }) => "pin-new",
            _ => "pin",
        }
    }
}

#[cfg(test)]
mod tests;
