//! The recovery key: 32 bytes, written down as 24 words of BIP-39's English list. The words' last eight bits are a checksum.

use std::fmt;

use bip39::{Language, Mnemonic};
use rand_core::CryptoRng;
use secret::secret_bytes;
use zeroize::{Zeroize, Zeroizing};

use super::{always, fill};

secret_bytes! {
    /// The recovery key. It is kept on no device.
    PaperKey, 32
}

/// Why words are no recovery key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadWords {
    /// So many words, not 24.
    Count(usize),
    /// The word at this place, counted from 1, is not in the list.
    Unknown(usize),
    /// All are in the list, and do not belong together: one is another than it was, or two have changed places.
    Checksum,
}

/// How many words there are.
const WORDS: usize = 24;

/// So many letters tell all words of the list apart.
const ENOUGH_LETTERS: usize = 4;

impl PaperKey {
    /// A fresh one.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        always(Self::init_with(|bytes| fill(bytes, rng)))
    }

    /// Its 24 words, with single spaces between them.
    pub fn words(&self) -> Zeroizing<String> {
        // EXPOSE: to be written down.
        let mnemonic = Mnemonic::from_entropy(self.expose_secret()).expect("32 bytes"); // safe: BIP-39 has words for 32 bytes
        let mut words = Zeroizing::new(String::with_capacity(LONGEST));
        for word in mnemonic.words() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        words
    }

    /// From its words, however they were typed: in any case, numbered, with whatever between them, each whole or by its first four letters or
    /// more.
    ///
    /// # Errors
    /// They are no recovery key's, as far as can be told.
    pub fn from_words(typed: &str) -> Result<Self, BadWords> {
        let typed = || typed.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty());
        let count = typed().count();
        if count != WORDS {
            return Err(BadWords::Count(count));
        }
        let mut words = Zeroizing::new(String::with_capacity(LONGEST));
        for (word, place) in typed().zip(1..) {
            words.push_str(complete(word).ok_or(BadWords::Unknown(place))?);
            words.push(' ');
        }
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, words.trim_end()).map_err(|_| BadWords::Checksum)?;
        let (mut entropy, length) = mnemonic.to_entropy_array();
        let key = Self::from_slice(&entropy[..length]).ok_or(BadWords::Checksum);
        entropy.zeroize();
        key
    }
}

/// The word of the list that was meant.
fn complete(typed: &str) -> Option<&'static str> {
    let lower = Zeroizing::new(typed.to_lowercase());
    let list = Language::English.word_list();
    // The list is in order: the word itself comes before all that it is the beginning of.
    let word = *list.get(list.partition_point(|word| *word < lower.as_str()))?;
    let enough = lower.len() >= ENOUGH_LETTERS && word.starts_with(lower.as_str());
    (word == lower.as_str() || enough).then_some(word)
}

/// Enough room for 24 words of the list and the spaces, so that no part of them is left behind by a growing string.
const LONGEST: usize = WORDS * 9;

impl fmt::Display for BadWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "A recovery key has 24 words; these are {count}. Type all of them."),
            Self::Unknown(place) => {
                write!(f, "Word {place} is not one of a recovery key's words. Compare it with what was written down.")
            }
            Self::Checksum => f.write_str(
                "These words do not belong together: one is wrong, or two have changed places. Compare them with what was written down.",
            ),
        }
    }
}

impl std::error::Error for BadWords {}
