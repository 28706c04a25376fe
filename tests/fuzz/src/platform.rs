//! The platform's side of PINs (CTAP §6.5.4 to §6.5.7).

use keystow::native_messaging::Host;
use protocol::ctap::client_pin::{Request, Response, Subcommand};
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken, SharedSecret};
use protocol::ctap::{Command, StatusCode, response_parameters};

use crate::Counter;

/// A platform, with random numbers that are the same for each input.
#[derive(Default)]
pub struct Platform {
    pub rng: Counter,
}

impl Platform {
    /// CTAP encapsulate: a request with our key in it, and what both ends share then.
    pub fn encapsulate(&mut self, host: &mut Host, protocol: PinUvAuthProtocol) -> (Request, SharedSecret) {
        let subcommand = Subcommand::GetKeyAgreement.number();
        let request = Request { pin_uv_auth_protocol: Some(protocol.number()), subcommand, ..Request::default() };
        let theirs = client_pin(host, &request).expect("a key").key_agreement.expect("a key");
        let ours = KeyAgreementKey::generate(&mut self.rng);
        let secret = ours.shared_secret(protocol, &theirs).expect("a point on the curve");
        (Request { key_agreement: Some(ours.public()), ..request }, secret)
    }

    /// getPinUvAuthTokenUsingPinWithPermissions.
    pub fn token(
        &mut self,
        host: &mut Host,
        protocol: PinUvAuthProtocol,
        pin_hash: &[u8; 16],
        permissions: u8,
        rp_id: Option<&str>,
    ) -> Result<PinUvAuthToken, StatusCode> {
        let (request, secret) = self.encapsulate(host, protocol);
        let response = client_pin(
            host,
            &Request {
                subcommand: Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number(),
                pin_hash_enc: Some(secret.encrypt(pin_hash, &mut self.rng)),
                permissions: Some(permissions.into()),
                rp_id: rp_id.map(Into::into),
                ..request
            },
        )?;
        let encrypted = response.pin_uv_auth_token.expect("a token");
        Ok(PinUvAuthToken::decrypt(&encrypted, &secret).expect("a token under our secret"))
    }
}

/// authenticatorClientPIN.
pub fn client_pin(host: &mut Host, request: &Request) -> Result<Response, StatusCode> {
    let answer = host.ctap(&Command::ClientPin.message(&request.to_bytes())).expect("the vault opens");
    response_parameters(&answer).map(|bytes| Response::from_bytes(bytes).expect("the answer's own form"))
}
