//! Texts that only those are to see who typed them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A storage's password. `Debug` does not show it.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Secret(String);

/// 24 words with single spaces between them. `Debug` does not show them.
#[derive(Clone, Default, Deserialize, Eq, PartialEq, Serialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct RecoveryWords(String);

macro_rules! hidden {
    ($name:ident) => {
        impl $name {
            /// Keeps it.
            pub fn new(text: String) -> Self {
                Self(text)
            }

            /// The text itself. Every call says why it needs it.
            pub fn expose_secret(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

hidden!(Secret);
hidden!(RecoveryWords);
