//! The code with which a device joins: 80 random bits, shown once, used once, kept in memory only (SYNC §9).
//!
//! All of its bits are secret, so there is none left for a checksum: a mistyped character that is one of the alphabet's makes another code,
//! whose mailbox nobody looks into.

use std::fmt;

use rand_core::CryptoRng;
use secret::secret_bytes;
use zeroize::Zeroizing;

use super::seal::Subkey;
use super::{always, derive, fill};
use crate::ids::Slot;
use crate::labels;

secret_bytes! {
    /// A join code's 80 bits.
    JoinCode, 10
}

/// Where the two devices of a join leave word for each other, and under which keys: derived from the code, so that only they can.
pub struct Mailbox {
    /// Its name on the storage.
    pub slot: Slot,
    /// Seals what the new device asks.
    pub(crate) ask: Subkey,
    /// Seals the answer.
    pub(crate) yes: Subkey,
}

/// Why a text is no join code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadCode {
    /// So many characters, not 16; spaces and hyphens not counted.
    Length(usize),
    /// A character that is in no code.
    Character(char),
}

/// Digits and letters but I, L, O and U: 5 bits each.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a code has.
const CHARACTERS: usize = 16;

impl JoinCode {
    /// A fresh one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        always(Self::init_with(|bytes| fill(bytes, rng)))
    }

    /// As it is shown: `7QK4-M2XB-P9DT-3HWE`.
    pub fn text(&self) -> Zeroizing<String> {
        // EXPOSE: to be shown, and typed on the other device.
        let bits = self.expose_secret().iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + 3));
        for at in 0..CHARACTERS {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            let shift = 5 * (CHARACTERS - 1 - at);
            text.push(char::from(ALPHABET[(bits >> shift) as usize % ALPHABET.len()]));
        }
        text
    }

    /// From what was typed: case, spaces, hyphens and dots do not matter; O is read as 0, I and L as 1, U as V.
    ///
    /// # Errors
    /// It is no code.
    pub fn from_text(typed: &str) -> Result<Self, BadCode> {
        let meant = typed.chars().filter(|character| !is_between(*character));
        let count = meant.clone().count();
        let bits = meant.take(CHARACTERS).try_fold(0_u128, |bits, character| {
            let value = value(character).ok_or(BadCode::Character(character))?;
            Ok(bits << 5 | value)
        })?;
        if count != CHARACTERS {
            return Err(BadCode::Length(count));
        }
        Ok(always(Self::init_with(|bytes| {
            bytes.copy_from_slice(&bits.to_be_bytes()[16 - Self::SIZE..]);
            Ok(())
        })))
    }

    /// The mailbox of this code.
    pub fn mailbox(&self) -> Mailbox {
        // EXPOSE: to derive from; of the first key only a hash is seen.
        let key = |label| derive(self.expose_secret(), None, label);
        Mailbox {
            slot: Slot::of_key(key(labels::MAILBOX_SLOT).expose_secret()),
            ask: key(labels::MAILBOX_ASK),
            yes: key(labels::MAILBOX_YES),
        }
    }
}

/// What people put between the characters, hyphens of all lengths among it.
fn is_between(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}' | '\u{feff}')
}

fn value(character: char) -> Option<u128> {
    let meant = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        other => other,
    };
    let at = ALPHABET.iter().position(|letter| char::from(*letter) == meant)?;
    Some(at as u128)
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(count) => {
                write!(f, "A code has 16 letters and digits; these are {count}. Type it as it is shown.")
            }
            Self::Character(character) => {
                write!(f, "There is no “{character}” in a code. Type it as the other device shows it.")
            }
        }
    }
}

impl std::error::Error for BadCode {}
