//! Everything that the authenticator needs of the world, in one trait: here it is the machine, in a test it is a script.

use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
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
}

/// This machine, with its open vault.
pub struct Machine {
    rng: UnwrapErr<SysRng>,
    started: Instant,
    vault: Vault,
    user_verifier: Rc<dyn UserVerifier>,
    reset_confirmed: bool,
}

impl Machine {
    /// The machine's generator and clocks, this vault, and this way to verify the user.
    pub fn new(vault: Vault, user_verifier: Rc<dyn UserVerifier>) -> Self {
        Self { rng: UnwrapErr(SysRng), started: Instant::now(), vault, user_verifier, reset_confirmed: false }
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
}
