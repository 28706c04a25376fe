//! Everything that the authenticator needs of the world, in one trait: here it is the machine, in a test it is a script.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use rand_core::{CryptoRng, UnwrapErr};

use crate::vault::Vault;

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
}

/// This machine, with its open vault.
pub struct Machine {
    rng: UnwrapErr<SysRng>,
    started: Instant,
    vault: Vault,
}

impl Machine {
    /// The machine's generator and clocks, and this vault.
    pub fn new(vault: Vault) -> Self {
        Self { rng: UnwrapErr(SysRng), started: Instant::now(), vault }
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
}
