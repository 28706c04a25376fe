//! What a site signals (`protocol::manage::Signal`), carried out.

use protocol::manage::Signal;

use crate::credential::shortened;
use crate::vault::{self, Vault};

/// Does at `now` what `signal` asks for, as far as it concerns anything that is here.
pub(super) fn carry_out(vault: &Vault, signal: &Signal, now: u64) -> Result<(), vault::Error> {
    match signal {
        Signal::UnknownCredential { rp_id, credential_id } => {
            vault.signal_unknown_credential(rp_id, credential_id, now)
        }
        Signal::AllAcceptedCredentials { rp_id, user_id, all_accepted_credential_ids } => {
            vault.signal_all_accepted_credentials(rp_id, user_id, all_accepted_credential_ids, now)
        }
        Signal::CurrentUserDetails { rp_id, user_id, name, display_name } => {
            let [name, display_name] = [name, display_name].map(|name| shortened(Some(name.as_str())));
            vault.signal_current_user_details(rp_id, user_id, &name, &display_name, now)
        }
    }
}
