//! Everything that the authenticator needs of the world, in one trait: here it is the machine, in a test it is a script.

use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use protocol::webauthn::CredentialId;
use rand_core::{CryptoRng, UnwrapErr};

use crate::vault::Vault;
use crate::verification::os::UserVerifier;

/// What the authenticator needs of the world.
pub trait Environment {
    /// Where keys of the PIN/UV auth protocols come from.
    type Rng: CryptoRng;

    /// The generator.
    fn rng(&mut self) -> &mut Self::Rng;

    /// The time, in milliseconds since 1970.
    fn now(&self) -> u64;

    /// A clock that is never set back, for time limits.
    fn uptime(&self) -> Duration;

    /// The passkeys.
    fn vault(&self) -> &Vault;

    /// The OS, as far as it can verify the user.
    fn user_verifier(&self) -> &dyn UserVerifier;

    /// Whether the user has confirmed, by typing, that this authenticator shall be reset. Over the browser's pipe nobody can.
    fn reset_is_confirmed(&self) -> bool;

    /// Brings a passkey that was made just now where the user's other devices find it, with so much patience, and says whether it can be had
    /// from somewhere else now (L3 §6.1.3 BS).
    fn publish_within(&self, _patience: Duration, _id: &CredentialId) -> bool {
        false
    }
}

/// What brings passkeys to the user's other devices.
pub trait Publisher {
    /// As [`Environment::publish_within`], out of this vault.
    fn publish_within(&self, vault: &Vault, patience: Duration, id: &CredentialId) -> bool;
}

/// This machine, with its open vault.
pub struct Machine {
    rng: UnwrapErr<SysRng>,
    started: Instant,
    vault: Vault,
    user_verifier: Rc<dyn UserVerifier>,
    publisher: Option<Rc<dyn Publisher>>,
    reset_confirmed: bool,
}

impl Machine {
    /// The machine's generator and clocks, this vault, and this way to verify the user.
    pub fn new(vault: Vault, user_verifier: Rc<dyn UserVerifier>) -> Self {
        let (rng, started) = (UnwrapErr(SysRng), Instant::now());
        Self { rng, started, vault, user_verifier, publisher: None, reset_confirmed: false }
    }

    /// The same machine, whose passkeys come to the user's other devices by `publisher`.
    #[must_use]
    pub fn published_by(self, publisher: Option<Rc<dyn Publisher>>) -> Self {
        Self { publisher, ..self }
    }

    /// The same machine, whose user has typed that the authenticator shall be reset.
    #[must_use]
    pub fn with_confirmed_reset(self) -> Self {
        Self { reset_confirmed: true, ..self }
    }
}

impl Environment for Machine {
    type Rng = UnwrapErr<SysRng>;

    fn rng(&mut self) -> &mut Self::Rng {
        &mut self.rng
    }

    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    fn vault(&self) -> &Vault {
        &self.vault
    }

    fn user_verifier(&self) -> &dyn UserVerifier {
        &*self.user_verifier
    }

    fn reset_is_confirmed(&self) -> bool {
        self.reset_confirmed
    }

    fn publish_within(&self, patience: Duration, id: &CredentialId) -> bool {
        self.publisher.as_ref().is_some_and(|publisher| publisher.publish_within(&self.vault, patience, id))
    }
}
