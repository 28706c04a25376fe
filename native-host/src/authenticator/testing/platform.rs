//! The platform's side of what only new clients ask: built-in verification, management, large blobs, salts.

use protocol::cbor::{Fields, Value};
use protocol::ctap::client_pin::{self, Subcommand};
use protocol::ctap::extensions::HmacSecretInput;
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken, SharedSecret, pad_pin, pin_hash};
use protocol::ctap::{Command, PinUvAuth, StatusCode, SubcommandRequest, large_blobs};

use super::Bench;
use crate::verification::os::Outcome;
use crate::verification::{PinRecord, PinStore, SettingsStore};

impl Bench {
    /// changePIN.
    pub(in crate::authenticator) fn change_pin(
        &mut self,
        protocol: PinUvAuthProtocol,
        from: &str,
        to: &str,
    ) -> Result<(), StatusCode> {
        let (base, secret) = self.encapsulate(protocol);
        let pin_hash_enc = secret.encrypt(&*pin_hash(from.as_bytes()), &mut self.environment.rng);
        let new_pin_enc = secret.encrypt(&*pad_pin(to).unwrap(), &mut self.environment.rng);
        let request = client_pin::Request {
            subcommand: Subcommand::ChangePin.number(),
            pin_uv_auth_param: Some(secret.authenticate(&[&new_pin_enc[..], &pin_hash_enc].concat())),
            new_pin_enc: Some(new_pin_enc),
            pin_hash_enc: Some(pin_hash_enc),
            ..base
        };
        self.pin(&request).map(drop)
    }

    /// getPinUvAuthTokenUsingPinWithPermissions, bound to no RP ID.
    pub(in crate::authenticator) fn unbound_token(
        &mut self,
        protocol: PinUvAuthProtocol,
        pin: &str,
        permissions: i64,
    ) -> Result<PinUvAuthToken, StatusCode> {
        let (base, secret) = self.encapsulate(protocol);
        let pin_hash_enc = Some(secret.encrypt(&*pin_hash(pin.as_bytes()), &mut self.environment.rng));
        let subcommand = Subcommand::GetPinUvAuthTokenUsingPinWithPermissions.number();
        self.take_token(
            client_pin::Request { subcommand, pin_hash_enc, permissions: Some(permissions), ..base },
            &secret,
        )
    }

    /// getPinUvAuthTokenUsingUvWithPermissions.
    pub(in crate::authenticator) fn token_by_uv(
        &mut self,
        protocol: PinUvAuthProtocol,
        permissions: i64,
        rp_id: Option<&str>,
    ) -> Result<PinUvAuthToken, StatusCode> {
        let (base, secret) = self.encapsulate(protocol);
        let subcommand = Subcommand::GetPinUvAuthTokenUsingUvWithPermissions.number();
        let rp_id = rp_id.map(Into::into);
        self.take_token(client_pin::Request { subcommand, permissions: Some(permissions), rp_id, ..base }, &secret)
    }

    /// The token that `request` gives.
    pub(super) fn take_token(
        &mut self,
        request: client_pin::Request,
        secret: &SharedSecret,
    ) -> Result<PinUvAuthToken, StatusCode> {
        let encrypted = self.pin(&request)?.pin_uv_auth_token.unwrap();
        Ok(PinUvAuthToken::decrypt(&encrypted, secret).unwrap())
    }

    /// How many tries of built-in verification are left.
    pub(in crate::authenticator) fn uv_retries(&mut self) -> i64 {
        let subcommand = Subcommand::GetUvRetries.number();
        self.pin(&client_pin::Request { subcommand, ..client_pin::Request::default() }).unwrap().uv_retries.unwrap()
    }

    /// The user has switched verification by the OS on, and the OS answers `outcome` from now on.
    pub(in crate::authenticator) fn switch_os_on(&mut self, outcome: Outcome) {
        self.environment.os.outcome = Some(outcome);
        self.environment.vault.update_settings(&mut |settings| settings.os_verification = true).unwrap();
    }

    /// The user is always to be verified.
    pub(in crate::authenticator) fn switch_always_uv_on(&self) {
        self.environment.vault.update_settings(&mut |settings| settings.always_uv = true).unwrap();
    }

    /// The PIN must be changed before it is used again.
    pub(in crate::authenticator) fn force_pin_change(&self) {
        let must_change = |pin: &PinRecord| pin.with_must_change(true);
        self.environment.vault.update_pin(&mut |pin| pin.map(must_change)).unwrap();
    }

    /// authenticatorCredentialManagement, proven by `token`.
    pub(in crate::authenticator) fn manage(
        &mut self,
        subcommand: i64,
        parameters: Option<Value>,
        token: &PinUvAuthToken,
    ) -> Result<Fields, StatusCode> {
        let answer = self.subcommand(Command::CredentialManagement, subcommand, parameters, Some(token))?;
        Ok(Fields::decode(&answer, "answer").unwrap())
    }

    /// authenticatorConfig, proven by `token` where there is one.
    pub(in crate::authenticator) fn configure(
        &mut self,
        subcommand: i64,
        parameters: Option<Value>,
        token: Option<&PinUvAuthToken>,
    ) -> Result<(), StatusCode> {
        self.subcommand(Command::AuthenticatorConfig, subcommand, parameters, token)
            .map(|answer| assert!(answer.is_empty(), "success alone"))
    }

    fn subcommand(
        &mut self,
        command: Command,
        subcommand: i64,
        parameters: Option<Value>,
        token: Option<&PinUvAuthToken>,
    ) -> Result<Vec<u8>, StatusCode> {
        let mut request = SubcommandRequest { subcommand, parameters, pin_uv_auth: None };
        let message = request.authenticated_message(command);
        request.pin_uv_auth = token.map(|token| proof_of(token, &message));
        self.command(command, &request.to_bytes())
    }

    /// Writes one fragment of the large-blob array.
    pub(in crate::authenticator) fn write_fragment(
        &mut self,
        offset: u32,
        set: &[u8],
        length: Option<usize>,
        token: Option<&PinUvAuthToken>,
    ) -> Result<(), StatusCode> {
        let request = large_blobs::Request {
            get: None,
            set: Some(set.to_vec()),
            offset: offset.into(),
            length: length.map(|length| i64::try_from(length).unwrap()),
            pin_uv_auth: token.map(|token| proof_of(token, &large_blobs::authenticated_message(offset, set))),
        };
        let answer = self.command(Command::LargeBlobs, &request.to_bytes())?;
        assert!(answer.is_empty(), "success alone");
        Ok(())
    }

    /// Reads at most `get` bytes of the large-blob array.
    pub(in crate::authenticator) fn read_fragment(&mut self, offset: i64, get: i64) -> Result<Vec<u8>, StatusCode> {
        let request = large_blobs::Request { get: Some(get), offset, ..large_blobs::Request::default() };
        let answer = self.command(Command::LargeBlobs, &request.to_bytes())?;
        let mut fields = Fields::decode(&answer, "answer").unwrap();
        Ok(fields.bytes(0x01, "config").unwrap().unwrap())
    }

    /// The input of hmac-secret for these salts, one behind the other, and what opens the answer.
    pub(in crate::authenticator) fn salts(
        &mut self,
        protocol: PinUvAuthProtocol,
        salts: &[u8],
    ) -> (HmacSecretInput, SharedSecret) {
        let (base, secret) = self.encapsulate(protocol);
        let salt_enc = secret.encrypt(salts, &mut self.environment.rng);
        let input = HmacSecretInput {
            key_agreement: base.key_agreement.unwrap(),
            salt_auth: secret.authenticate(&salt_enc),
            salt_enc,
            pin_uv_auth_protocol: Some(protocol.number()),
        };
        (input, secret)
    }
}

/// The proof that `token` makes for `message`.
pub(in crate::authenticator) fn proof_of(token: &PinUvAuthToken, message: &[u8]) -> PinUvAuth {
    PinUvAuth { param: token.authenticate(message), protocol: Some(token.protocol().number()) }
}
