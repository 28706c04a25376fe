//! What a passkey has been used for, as the vault keeps it.

use protocol::cbor::{self, Fields, Value, int_map};
use protocol::manage::{Use, UseKind, Verified};
use protocol::webauthn::CredentialId;

use super::RecordError;

/// The uses of one passkey. They are a record of their own, beside the passkey's: listing passkeys opens none.
///
/// ```cddl
/// history = {
///   1: 1,                 ; version of this format
///   2: bstr,              ; credential ID
///   3: [* use],           ; the first first
///   * int => any          ; of later versions: kept on rewrite
/// }
/// use = {
///   1: uint,              ; when, milliseconds since 1970
///   2: 0 / 1,             ; created / signed in
///   ? 3: tstr,            ; the browser
///   ? 4: tstr,            ; the caller's origin
///   5: 0 / 1 / 2,         ; verified: no / by the PIN / by the OS
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Whose.
    pub credential_id: CredentialId,
    /// The first first, at most [`MAX_USES`].
    pub uses: Vec<Use>,
    unknown: Vec<(Value, Value)>,
}

impl History {
    /// Of a passkey that has not been used.
    pub fn new(credential_id: CredentialId) -> Self {
        Self { credential_id, uses: Vec::new(), unknown: Vec::new() }
    }

    /// Adds a use; the oldest goes where there are too many.
    pub fn add(&mut self, used: Use) {
        self.uses.push(used);
        let too_many = self.uses.len().saturating_sub(MAX_USES);
        self.uses.drain(..too_many);
    }

    /// The canonical CBOR of the record.
    pub fn encode(&self) -> Vec<u8> {
        let uses = self.uses.iter().map(to_value).collect();
        let mut map = int_map([
            (VERSION, Some(FORMAT.into())),
            (CREDENTIAL_ID, Some(self.credential_id.as_bytes().to_vec().into())),
            (USES, Some(Value::Array(uses))),
        ]);
        if let Value::Map(members) = &mut map {
            members.extend(self.unknown.iter().cloned());
        }
        cbor::encode(&map)
    }

    /// Reads the canonical CBOR of a record.
    ///
    /// # Errors
    /// A member is missing, wrong, or out of range.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut fields = Fields::decode(bytes, "history")?;
        if fields.int(VERSION, "version")? != Some(FORMAT) {
            return Err(cbor::Error::OutOfRange("version"));
        }
        let credential_id = fields.bytes(CREDENTIAL_ID, "credential ID")?;
        let uses = fields.array(USES, "uses")?.ok_or(cbor::Error::Missing("uses"))?;
        Ok(Self {
            credential_id: credential_id.ok_or(cbor::Error::Missing("credential ID"))?.into(),
            uses: uses.into_iter().map(from_value).collect::<Result<_, _>>()?,
            unknown: fields.rest(),
        })
    }
}

fn to_value(used: &Use) -> Value {
    let kind = match used.kind {
        UseKind::Created => 0,
        UseKind::SignedIn => 1,
    };
    let verified = match used.verified {
        Verified::No => 0,
        Verified::Pin => 1,
        Verified::BuiltIn => 2,
    };
    int_map([
        (AT, Some(used.at.into())),
        (KIND, Some(Value::from(kind))),
        (BROWSER, used.browser.as_deref().map(Value::from)),
        (ORIGIN, used.origin.as_deref().map(Value::from)),
        (VERIFIED, Some(Value::from(verified))),
    ])
}

fn from_value(value: Value) -> Result<Use, RecordError> {
    let mut fields = Fields::of(value, "use")?;
    let at = fields.int(AT, "time")?.ok_or(cbor::Error::Missing("time"))?;
    Ok(Use {
        at: u64::try_from(at).map_err(|_| cbor::Error::OutOfRange("time"))?,
        kind: match fields.int(KIND, "kind")? {
            Some(0) => UseKind::Created,
            Some(1) => UseKind::SignedIn,
            _ => return Err(cbor::Error::OutOfRange("kind")),
        },
        browser: fields.text(BROWSER, "browser")?,
        origin: fields.text(ORIGIN, "origin")?,
        verified: match fields.int(VERIFIED, "verified")? {
            Some(0) => Verified::No,
            Some(1) => Verified::Pin,
            Some(2) => Verified::BuiltIn,
            _ => return Err(cbor::Error::OutOfRange("verified")),
        },
    })
}

/// So many uses of a passkey are kept.
pub const MAX_USES: usize = 200;

const FORMAT: i64 = 1;
const VERSION: i64 = 1;
const CREDENTIAL_ID: i64 = 2;
const USES: i64 = 3;

const AT: i64 = 1;
const KIND: i64 = 2;
const BROWSER: i64 = 3;
const ORIGIN: i64 = 4;
const VERIFIED: i64 = 5;
