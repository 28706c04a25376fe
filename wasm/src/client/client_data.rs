//! The client data of a ceremony: collected once, then only their bytes and their hash are used.

use protocol::webauthn::ClientDataHash;
use protocol::webauthn::client_data::{self, CeremonyType, CollectedClientData};

use super::caller::{Ancestors, Caller};
use super::error::{Error, NotServed};

/// Proof that the caller is no frame of another origin than the documents around it.
pub(super) struct SameOriginWithAncestors(());

/// L3 `clientDataJSON` and `clientDataHash`.
pub(super) struct ClientData {
    /// The exact bytes (L3 §5.8.1.1).
    pub(super) json: Vec<u8>,
    /// All that the host learns of them.
    pub(super) hash: ClientDataHash,
}

impl SameOriginWithAncestors {
    /// L3 §5.1.3 step 2: deviates, and in get too. Frames of another origin are left to the browser, which enforces Permissions Policy.
    pub(super) fn of(caller: &Caller) -> Result<Self, Error> {
        match caller.ancestors {
            Ancestors::SameOrigin => Ok(Self(())),
            Ancestors::CrossOrigin { .. } => Err(Error::NotServed(NotServed::CrossOriginFrame)),
        }
    }
}

impl ClientData {
    /// L3 §5.1.3 steps 13–15, L3 §5.1.4.1 steps 10–12.
    pub(super) fn collect(
        ceremony: CeremonyType,
        challenge: &[u8],
        caller: &Caller,
        _same_origin: &SameOriginWithAncestors,
    ) -> Self {
        let collected = CollectedClientData {
            ceremony,
            challenge,
            origin: caller.origin.as_str(),
            cross_origin: false,
            top_origin: None,
        };
        let json = collected.serialize();
        let hash = client_data::hash(&json);
        Self { json, hash }
    }
}
