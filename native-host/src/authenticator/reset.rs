//! authenticatorReset (CTAP §6.6).

use protocol::ctap::StatusCode;

use super::{Authenticator, Environment, status};

impl Authenticator {
    /// Makes the authenticator one that was never used. What it held is kept aside for 30 days, and can be brought back.
    ///
    /// CTAP §6.6: deviates — CTAP lets the platform reset within ten seconds of power-up; here nothing over the browser's pipe can, only
    /// someone who types it at the command line.
    pub(super) fn reset(&mut self, environment: &mut impl Environment) -> Result<(), StatusCode> {
        if !environment.reset_is_confirmed() {
            return Err(StatusCode::NotAllowed);
        }
        let now = environment.now();
        environment.vault().reset(now).map_err(|error| status::of(&error))?;
        *self = Self::default();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
