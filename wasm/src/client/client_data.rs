//! The client data of a ceremony: collected once, then only their bytes and their hash are used.

use protocol::webauthn::ClientDataHash;
use protocol::webauthn::client_data::{self, CeremonyType, CollectedClientData};

use super::caller::{Ancestors, Caller, Frame};
use super::error::{Error, NotServed};
use super::origin::Origin;

/// How a caller that may make the call where it is stands to the documents around it. There is no other way to one than
/// [`Standing::of`].
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Standing<'a> {
    /// L3 `sameOriginWithAncestors`.
    SameOrigin,
    /// A document above it has another origin.
    CrossOrigin {
        /// The top-level document's.
        top: &'a Origin,
    },
}

/// L3 `clientDataJSON` and `clientDataHash`.
pub(super) struct ClientData {
    /// The exact bytes (L3 §5.8.1.1).
    pub(super) json: Vec<u8>,
    /// All that the host learns of them.
    pub(super) hash: ClientDataHash,
}

impl<'a> Standing<'a> {
    /// L3 §5.1.3 step 2, and L3 §5.9 for both calls. What would be refused is left to the browser, which refuses it in its own words.
    pub(super) fn of(caller: &'a Caller, frame: Frame, call: CeremonyType) -> Result<Self, Error> {
        let top = match &caller.ancestors {
            // Allowed unless the browser says otherwise: such documents are by default.
            Ancestors::SameOrigin if frame.allowed != Some(false) => return Ok(Self::SameOrigin),
            Ancestors::SameOrigin => return Err(Error::NotServed(NotServed::MayNotCallHere)),
            Ancestors::CrossOrigin { top } => top,
        };
        // L3 §5.1.3 step 2: deviates. The user's activation is looked at and not consumed: only the browser can do that.
        let is_activated = frame.activated || call == CeremonyType::Get;
        match top {
            Some(top) if frame.allowed == Some(true) && is_activated => Ok(Self::CrossOrigin { top }),
            _ => Err(Error::NotServed(NotServed::MayNotCallHere)),
        }
    }

    /// L3 `topOrigin`: only where some document above has another origin.
    pub(super) fn top_origin(&self) -> Option<&'a str> {
        match self {
            Self::SameOrigin => None,
            Self::CrossOrigin { top } => Some(top.as_str()),
        }
    }
}

impl ClientData {
    /// L3 §5.1.3 steps 13–15, L3 §5.1.4.1 steps 10–12.
    pub(super) fn collect(ceremony: CeremonyType, challenge: &[u8], origin: &Origin, standing: &Standing) -> Self {
        let collected = CollectedClientData {
            ceremony,
            challenge,
            origin: origin.as_str(),
            cross_origin: *standing != Standing::SameOrigin,
            top_origin: standing.top_origin(),
        };
        let json = collected.serialize();
        let hash = client_data::hash(&json);
        Self { json, hash }
    }
}

#[cfg(test)]
mod tests;
