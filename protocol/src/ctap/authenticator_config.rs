//! authenticatorConfig (CTAP §6.11). The request is a [`SubcommandRequest`](super::SubcommandRequest); the answer is success alone.

use crate::cbor::{self, Fields, Value, int_map};
use crate::code_space::code_space;
use crate::webauthn::RpId;

code_space! {
    /// A sub-command (CTAP §6.11); enabling enterprise attestation and vendors' prototypes are not ours.
    Subcommand: i64 {
        /// Turns "always verify the user" on or off.
        ToggleAlwaysUv = 0x02,
        /// The shortest PIN, who may ask for it, and whether the PIN must be changed.
        SetMinPinLength = 0x03,
    }
}

/// CTAP §6.11.4.
///
/// ```cddl
/// { ? 1: newMinPINLength, ? 2: [* RP ID], ? 3: forceChangePin }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SetMinPinLength {
    /// Code points; never fewer than now.
    pub new_min_pin_length: Option<i64>,
    /// Who may learn it through the extension minPinLength; replaces the list before.
    pub rp_ids: Option<Vec<RpId>>,
    /// Whether the PIN must be changed before it is used again.
    pub force_change_pin: Option<bool>,
}

impl SetMinPinLength {
    /// The parameters' map.
    pub fn to_value(&self) -> Value {
        let rp_ids = |rp_ids: &Vec<RpId>| Value::Array(rp_ids.iter().map(|rp_id| rp_id.as_str().into()).collect());
        int_map([
            (0x01, self.new_min_pin_length.map(Value::from)),
            (0x02, self.rp_ids.as_ref().map(rp_ids)),
            (0x03, self.force_change_pin.map(Value::from)),
        ])
    }

    /// Reads the parameters.
    ///
    /// # Errors
    /// A member of another type; pinComplexityPolicy, which Keystow does not have.
    pub fn from_fields(mut fields: Fields) -> Result<Self, cbor::Error> {
        let rp_id = |value: Value| value.into_text().map(RpId::from).map_err(|_| cbor::Error::WrongType(RP_IDS));
        let rp_ids = fields.array(0x02, RP_IDS)?;
        if fields.bool(0x04, "pinComplexityPolicy")? == Some(true) {
            return Err(cbor::Error::OutOfRange("pinComplexityPolicy"));
        }
        Ok(Self {
            new_min_pin_length: fields.int(0x01, "newMinPINLength")?,
            rp_ids: rp_ids.map(|rp_ids| rp_ids.into_iter().map(rp_id).collect()).transpose()?,
            force_change_pin: fields.bool(0x03, "forceChangePin")?,
        })
    }
}

const RP_IDS: &str = "minPinLengthRPIDs";

#[cfg(test)]
mod tests;
