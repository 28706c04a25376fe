//! What nearly every command begins with.

use super::error::Error;
use super::spinner::while_waiting;
use crate::native_messaging::Host;

/// This user's host, the vault open where there has ever been one: a keychain may take its time, or ask its user.
///
/// # Errors
/// Where the vault cannot be opened.
pub(super) fn opened() -> Result<Host, Error> {
    let mut host = Host::of_this_user();
    while_waiting("Opening the vault", || host.existing_vault().map(drop))?;
    Ok(host)
}
