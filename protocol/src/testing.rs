//! What the tests of several modules share.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// The bytes of hex digits in which spaces, line breaks and all behind a `#` count for nothing.
pub(crate) fn wire(text: &str) -> Vec<u8> {
    let digits: String =
        text.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace).collect();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("hex in a test")
}

/// Not random at all: every byte is 9.
pub(crate) struct Nines;

impl TryRng for Nines {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x0909_0909)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x0909_0909_0909_0909)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(9);
        Ok(())
    }
}

impl TryCryptoRng for Nines {}
