//! Random numbers for tests and examples.

use std::convert::Infallible;

use rand_core::utils::next_word_via_fill;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// The same each time: SHA-256 of a seed and a counter.
pub struct Counter {
    seed: u64,
    count: u64,
}

impl Counter {
    /// The numbers of a seed.
    pub fn of(seed: u64) -> Self {
        Self { seed, count: 0 }
    }
}

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            self.count += 1;
            let block = Sha256::digest([self.seed.to_be_bytes(), self.count.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
