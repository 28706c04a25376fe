//! The labels and notes that a passkey had before: what was typed on two devices at once is all kept (SYNC §7).

use protocol::manage::{Earlier, EarlierValue};
use protocol::webauthn::CredentialId;
use sync_engine::record::FieldNumber;

use super::memory;
use super::passkey::{LABEL, NOTE, text};
use crate::vault::{Error, Vault};

/// Those of a passkey, the newest first; none where sync is off.
///
/// # Errors
/// As the disk has it.
pub fn earlier(vault: &Vault, id: &CredentialId) -> Result<Earlier, Error> {
    vault.look_at_replica(|replica| {
        let kept = memory::kept_of(replica, replica.index(id))?.unwrap_or_default();
        let values = |field: FieldNumber| {
            let values = kept.record.values(field).iter().skip(1);
            values.filter_map(|(stamp, value)| Some(EarlierValue { text: text(field, value)?, at: stamp.ms })).collect()
        };
        Ok(Earlier { labels: values(LABEL), notes: values(NOTE) })
    })
}
