//! Attestation conveyance (L3 §5.4.7).

use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::AttestedCredentialData;
use protocol::webauthn::json::{AttestationConveyancePreference, PublicKeyCredentialCreationOptionsJson};

use crate::client::error::Error;
use crate::client::host::broke;

/// L3 §5.1.3 step 22 `attestationFormats`. A statement is asked for only where the page wants it direct, and then `packed` where
/// the page names no format.
pub(super) fn formats(options: &PublicKeyCredentialCreationOptionsJson) -> Vec<String> {
    match options.attestation {
        Some(AttestationConveyancePreference::Direct | AttestationConveyancePreference::Enterprise) => {
            let named = options.attestation_formats.iter().take(MAX_FORMATS).cloned().collect::<Vec<_>>();
            if named.is_empty() { vec!["packed".to_owned()] } else { named }
        }
        Some(AttestationConveyancePreference::None | AttestationConveyancePreference::Indirect) | None => {
            vec!["none".to_owned()]
        }
    }
}

/// L3 §5.1.3 step 22, success: the attestation object as it is conveyed. `none` (the default) and `indirect` give no statement; the
/// AAGUID stays, as L3 has it. `direct` and `enterprise` give the host's answer unaltered.
pub(super) fn conveyed(
    object: AttestationObject,
    attested: &AttestedCredentialData,
    preference: Option<AttestationConveyancePreference>,
) -> Result<AttestationObject, Error> {
    match preference {
        Some(AttestationConveyancePreference::Direct | AttestationConveyancePreference::Enterprise) => {
            let foreign = |algorithm| algorithm != attested.public_key.algorithm();
            match object.statement {
                AttestationStatement::PackedSelf { algorithm, .. } if foreign(algorithm) => {
                    Err(broke("self attestation with another algorithm than the key's"))
                }
                AttestationStatement::PackedSelf { .. } | AttestationStatement::None => Ok(object),
            }
        }
        Some(AttestationConveyancePreference::None | AttestationConveyancePreference::Indirect) | None => {
            Ok(AttestationObject { statement: AttestationStatement::None, ..object })
        }
    }
}

/// There are eight registered formats; more names than this are no preference.
const MAX_FORMATS: usize = 16;
