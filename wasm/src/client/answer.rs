//! What the host answered, checked against what was asked: a host that breaks its contract gives the page no credential at all.

use protocol::webauthn::RpId;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags, rp_id_hash};

use super::error::Error;
use super::host::broke;

/// L3 §6.1: authenticator data of this RP ID, with the user present, and verified exactly where the user was.
pub(super) fn authenticator_data(bytes: &[u8], rp_id: &RpId, user_verified: bool) -> Result<AuthenticatorData, Error> {
    with_gestures(bytes, rp_id, Flags::UP | Flags::UV.when(user_verified))
}

/// The same where nobody was asked (L3 §5.1.3, `mediation` conditional): it may say neither that the user was there nor that they were
/// verified.
pub(super) fn authenticator_data_unasked(bytes: &[u8], rp_id: &RpId) -> Result<AuthenticatorData, Error> {
    with_gestures(bytes, rp_id, Flags::from(0))
}

/// Whether authenticator data that has been looked at says that the passkey can be had from elsewhere (L3 §6.1.3 BS).
pub(super) fn is_backed_up(bytes: &[u8]) -> bool {
    AuthenticatorData::from_bytes(bytes).is_ok_and(|data| data.flags.contains(Flags::BS))
}

fn with_gestures(bytes: &[u8], rp_id: &RpId, gestures: Flags) -> Result<AuthenticatorData, Error> {
    let data = AuthenticatorData::from_bytes(bytes).map_err(|_| broke("authData"))?;
    let flags = data.flags;
    if data.rp_id_hash != rp_id_hash(rp_id) {
        return Err(broke("the RP ID's hash is another"));
    }
    if [Flags::UP, Flags::UV].iter().any(|flag| flags.contains(*flag) != gestures.contains(*flag)) {
        return Err(broke("UP or UV is not what happened"));
    }
    if flags.contains(Flags::BS) && !flags.contains(Flags::BE) {
        return Err(broke("BS without BE"));
    }
    Ok(data)
}
