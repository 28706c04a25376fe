//! What the user, or whoever administers the authenticator, has settled about user verification.

use protocol::cbor::{self, Fields, Value, int_map};
use protocol::webauthn::RpId;
use zeroize::Zeroizing;

use super::{MAX_PIN_LENGTH, MIN_PIN_LENGTH, RecordError};
use crate::secret::PersistentToken;

/// The settings. They are sealed like every record of the vault.
///
/// ```cddl
/// settings = {
///   1: 1,                    ; version of this format
///   ? 2: true,               ; alwaysUv
///   ? 3: uint,               ; fewest code points of a PIN
///   ? 4: [* tstr],           ; RP IDs that may learn it
///   ? 5: true,               ; verification by the OS is switched on
///   ? 6: bstr .size 32,      ; persistentPinUvAuthToken
///   * int => any             ; of later versions: kept on rewrite
/// }
/// ```
pub struct Settings {
    /// CTAP §7.2: the user is verified for every credential that is made or used.
    pub always_uv: bool,
    /// CTAP §6.11.4: fewest code points of a PIN.
    pub min_pin_length: u8,
    /// CTAP §6.11.4: who may learn it.
    pub min_pin_length_rp_ids: Vec<RpId>,
    /// Whether the OS verifies the user, where it can.
    pub os_verification: bool,
    /// CTAP §6.5.2.1: the token that can only read what credentials there are; made when first asked for.
    pub persistent_token: Option<PersistentToken>,
    unknown: Vec<(Value, Value)>,
}

/// Where the settings are kept. The vault implements it.
pub trait SettingsStore {
    /// Why it failed.
    type Error;

    /// The settings as they are now.
    ///
    /// # Errors
    /// The store's own.
    fn settings(&self) -> Result<Settings, Self::Error>;

    /// Reads the settings, lets `change` change them, and commits that durably: one transaction, alone among all processes.
    ///
    /// # Errors
    /// The store's own; then nothing has changed.
    fn update_settings(&self, change: &mut dyn FnMut(&mut Settings)) -> Result<(), Self::Error>;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            always_uv: false,
            min_pin_length: MIN_PIN_LENGTH,
            min_pin_length_rp_ids: Vec::new(),
            os_verification: false,
            persistent_token: None,
            unknown: Vec::new(),
        }
    }
}

impl Settings {
    /// The canonical CBOR of the record.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let rp_ids: Vec<Value> = self.min_pin_length_rp_ids.iter().map(|rp_id| rp_id.as_str().into()).collect();
        // EXPOSE: to be sealed.
        let token = self.persistent_token.as_ref().map(|token| token.expose_secret().to_vec().into());
        let mut map = int_map([
            (VERSION, Some(FORMAT.into())),
            (ALWAYS_UV, self.always_uv.then_some(true.into())),
            (MIN_LENGTH, Some(self.min_pin_length.into())),
            (RP_IDS, (!rp_ids.is_empty()).then_some(Value::Array(rp_ids))),
            (OS_VERIFICATION, self.os_verification.then_some(true.into())),
            (PERSISTENT_TOKEN, token),
        ]);
        if let Value::Map(members) = &mut map {
            members.extend(self.unknown.iter().cloned());
        }
        Zeroizing::new(cbor::encode(&map))
    }

    /// Reads the canonical CBOR of the record.
    ///
    /// # Errors
    /// A member is wrong or out of range.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut fields = Fields::decode(bytes, "settings")?;
        if fields.int(VERSION, "version")? != Some(FORMAT) {
            return Err(cbor::Error::OutOfRange("version"));
        }
        let rp_id = |value: Value| value.into_text().map(RpId::from).map_err(|_| cbor::Error::WrongType("RP IDs"));
        let rp_ids = fields.array(RP_IDS, "RP IDs")?.unwrap_or_default();
        Ok(Self {
            always_uv: fields.bool(ALWAYS_UV, "alwaysUv")?.unwrap_or(false),
            min_pin_length: min_length(fields.int(MIN_LENGTH, "minPINLength")?)?,
            min_pin_length_rp_ids: rp_ids.into_iter().map(rp_id).collect::<Result<_, _>>()?,
            os_verification: fields.bool(OS_VERIFICATION, "OS verification")?.unwrap_or(false),
            persistent_token: token(fields.bytes(PERSISTENT_TOKEN, "token")?.map(Zeroizing::new))?,
            unknown: fields.rest(),
        })
    }
}

fn min_length(length: Option<i64>) -> Result<u8, RecordError> {
    let length = u8::try_from(length.unwrap_or(MIN_PIN_LENGTH.into())).ok();
    let length = length.filter(|length| (MIN_PIN_LENGTH..=MAX_PIN_LENGTH).contains(length));
    length.ok_or(cbor::Error::OutOfRange("minPINLength"))
}

fn token(bytes: Option<Zeroizing<Vec<u8>>>) -> Result<Option<PersistentToken>, RecordError> {
    let Some(bytes) = bytes else { return Ok(None) };
    PersistentToken::from_slice(&bytes).map(Some).ok_or(cbor::Error::OutOfRange("token"))
}

/// getInfo maxRPIDsForSetMinPINLength.
pub const MAX_MIN_PIN_LENGTH_RP_IDS: usize = 32;

const FORMAT: i64 = 1;
const VERSION: i64 = 1;
const ALWAYS_UV: i64 = 2;
const MIN_LENGTH: i64 = 3;
const RP_IDS: i64 = 4;
const OS_VERIFICATION: i64 = 5;
const PERSISTENT_TOKEN: i64 = 6;
