//! The authenticator's key agreement keys (CTAP §6.5.4 initialize, regenerate, getPublicKey, decapsulate), one for each protocol.

use protocol::cose::CoseKey;
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, SharedSecret};
use rand_core::CryptoRng;

/// Made when first needed: most sessions never see a PIN.
#[derive(Default)]
pub(super) struct KeyAgreement {
    one: Option<KeyAgreementKey>,
    two: Option<KeyAgreementKey>,
}

impl KeyAgreement {
    /// CTAP getPublicKey.
    pub(super) fn public(&mut self, protocol: PinUvAuthProtocol, rng: &mut impl CryptoRng) -> CoseKey {
        self.key(protocol, rng).public()
    }

    /// CTAP decapsulate; nothing where the platform's point is not on the curve.
    pub(super) fn shared_secret(
        &mut self,
        protocol: PinUvAuthProtocol,
        platform: &CoseKey,
        rng: &mut impl CryptoRng,
    ) -> Option<SharedSecret> {
        self.key(protocol, rng).shared_secret(protocol, platform)
    }

    /// CTAP regenerate.
    pub(super) fn regenerate(&mut self, protocol: PinUvAuthProtocol) {
        *self.slot(protocol) = None;
    }

    fn key(&mut self, protocol: PinUvAuthProtocol, rng: &mut impl CryptoRng) -> &KeyAgreementKey {
        self.slot(protocol).get_or_insert_with(|| KeyAgreementKey::generate(rng))
    }

    fn slot(&mut self, protocol: PinUvAuthProtocol) -> &mut Option<KeyAgreementKey> {
        match protocol {
            PinUvAuthProtocol::One => &mut self.one,
            PinUvAuthProtocol::Two => &mut self.two,
        }
    }
}
