//! An RSA key made ahead: finding its primes takes a tenth of a second as a rule and now and then several, which the user spends reading the window.

use std::thread::{self, JoinHandle};

use protocol::cose::CoseAlgorithmIdentifier;

use crate::credential::KeyPair;
use crate::secret::{NoRandomness, leaving_no_trace};

/// At most one key pair that nobody has yet, or the thread that makes it.
#[derive(Default)]
pub(super) struct SpareKey(Option<JoinHandle<Result<KeyPair, NoRandomness>>>);

impl SpareKey {
    /// Begins to make one where `algorithm` is one that takes long and none is there.
    pub(super) fn prepare(&mut self, algorithm: CoseAlgorithmIdentifier) {
        if algorithm == SLOW && self.0.is_none() {
            // Without a thread it is made when it is needed.
            self.0 = thread::Builder::new().spawn(|| leaving_no_trace(|| KeyPair::generate(SLOW))).ok();
        }
    }

    /// A key pair for `algorithm`: the spare one where it fits, else a fresh one.
    ///
    /// # Errors
    /// The OS gives no random bytes.
    pub(super) fn take_or_generate(&mut self, algorithm: CoseAlgorithmIdentifier) -> Result<KeyPair, NoRandomness> {
        let spare = self.0.take_if(|_| algorithm == SLOW);
        match spare.map(JoinHandle::join) {
            Some(Ok(made)) => made,
            Some(Err(_)) | None => KeyPair::generate(algorithm),
        }
    }
}

const SLOW: CoseAlgorithmIdentifier = CoseAlgorithmIdentifier::Rs256;

#[cfg(test)]
mod tests;
