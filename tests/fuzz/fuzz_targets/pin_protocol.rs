//! A platform and its PIN, right and wrong, in any order, against a model: whoever does not know the PIN gets no token and no UV, and
//! each wrong PIN costs a try.

#![no_main]

use fuzz::{PIN, Platform, Stage, Step, client_pin, split};
use keystow::native_messaging::Host;
use libfuzzer_sys::fuzz_target;
use protocol::cbor::{self, Value, int_map, text_map};
use protocol::ctap::client_pin::{Request, Response, Subcommand};
use protocol::ctap::pin_uv_auth::{PinUvAuthProtocol, PinUvAuthToken, pin_hash};
use protocol::ctap::{Command, StatusCode, get_assertion, make_credential, response_parameters};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

fuzz_target!(|data: &[u8]| {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let mut session = Session::new(first & 1 == 0);
    for Step { what, data } in split(rest) {
        match what % 8 {
            0 => session.set_pin(data),
            1 => session.change_pin(data),
            2 => session.token(data),
            3 => session.ceremony(Command::MakeCredential, data),
            4 => session.ceremony(Command::GetAssertion, data),
            5 => session.raw(data),
            6 => session.begin_anew(),
            _ => session.ciphertext(data),
        }
        session.tries_are_as_expected();
    }
});

/// The platform, the host, and what the host should think.
struct Session {
    stage: Stage,
    host: Host,
    platform: Platform,
    pin_hash: Option<[u8; 16]>,
    tries: i64,
    failures: u8,
    token: Option<Token>,
    /// Setting a PIN hashes at full cost: once for each input.
    may_set_pin: bool,
}

/// A token that has not been used.
struct Token {
    token: PinUvAuthToken,
    permissions: u8,
    rp_id: &'static str,
}

impl Session {
    fn new(with_pin: bool) -> Self {
        let stage = Stage::new(with_pin);
        Self {
            host: stage.host(),
            stage,
            platform: Platform::default(),
            pin_hash: with_pin.then(|| *pin_hash(PIN.as_bytes())),
            tries: 8,
            failures: 0,
            token: None,
            may_set_pin: true,
        }
    }

    fn begin_anew(&mut self) {
        self.host = self.stage.host();
        self.failures = 0;
        self.token = None;
    }

    /// The data is paddedNewPin.
    fn set_pin(&mut self, data: &[u8]) {
        if !std::mem::take(&mut self.may_set_pin) {
            return;
        }
        let (request, secret) = self.platform.encapsulate(&mut self.host, protocol(data));
        let new_pin_enc = secret.encrypt(&blocks(data), &mut self.platform.rng);
        let done = client_pin(
            &mut self.host,
            &Request {
                subcommand: Subcommand::SetPin.number(),
                pin_uv_auth_param: Some(secret.authenticate(&new_pin_enc)),
                new_pin_enc: Some(new_pin_enc),
                ..request
            },
        );
        let fits = fitting_pin(&blocks(data)).filter(|_| self.pin_hash.is_none());
        assert_eq!(done.is_ok(), fits.is_some(), "{done:?}");
        self.pin_hash = fits.or(self.pin_hash);
    }

    /// Whether the right PIN is known (one byte), a wrong one's hash (16), paddedNewPin.
    fn change_pin(&mut self, data: &[u8]) {
        if !std::mem::take(&mut self.may_set_pin) {
            return;
        }
        let (hash, rest) = self.hash_from(data);
        let (request, secret) = self.platform.encapsulate(&mut self.host, protocol(rest));
        let new_pin_enc = secret.encrypt(&blocks(rest), &mut self.platform.rng);
        let pin_hash_enc = secret.encrypt(&hash, &mut self.platform.rng);
        let done = client_pin(
            &mut self.host,
            &Request {
                subcommand: Subcommand::ChangePin.number(),
                pin_uv_auth_param: Some(secret.authenticate(&[&new_pin_enc[..], &pin_hash_enc].concat())),
                new_pin_enc: Some(new_pin_enc),
                pin_hash_enc: Some(pin_hash_enc),
                ..request
            },
        );
        let known = self.judged(hash);
        let fits = fitting_pin(&blocks(rest)).filter(|_| known.is_ok());
        assert_eq!(done.is_ok(), fits.is_some(), "{done:?}");
        if fits.is_some() {
            self.pin_hash = fits;
            self.token = None;
        }
    }

    /// Whether the right PIN is known (one byte), a wrong one's hash (16), permissions, RP ID.
    fn token(&mut self, data: &[u8]) {
        let (hash, rest) = self.hash_from(data);
        let (permissions, rp_id) = (byte(rest, 0) % 3 + 1, rp_id(byte(rest, 1)));
        let given = self.platform.token(&mut self.host, protocol(rest), &hash, permissions, Some(rp_id));
        match (given, self.judged(hash)) {
            (Ok(token), Ok(())) => self.token = Some(Token { token, permissions, rp_id }),
            (Err(status), Err(expected)) => assert_eq!(status, expected),
            (given, judged) => panic!("{:?}, and not {judged:?}", given.map(drop)),
        }
    }

    /// What stands for the user (0: nothing, 1: the token, else: the rest of the data), RP ID.
    fn ceremony(&mut self, command: Command, data: &[u8]) {
        let (rp_id, hash) = (rp_id(byte(data, 1)), [byte(data, 2); 32]);
        let proof = match (byte(data, 0) % 3, &self.token) {
            (1, Some(token)) => Some((token.token.authenticate(&hash), token.token.protocol().number())),
            (2, _) => Some((data.get(2..).unwrap_or_default().to_vec(), protocol(data).number())),
            _ => None,
        };
        let needed = if command == Command::MakeCredential { 1 } else { 2 };
        let proven = self.token.take().filter(|_| byte(data, 0) % 3 == 1);
        let proven = proven.is_some_and(|token| token.permissions & needed != 0 && token.rp_id == rp_id);
        let asked = proof.is_some();
        let parameters = if needed == 1 { creation(rp_id, hash, proof) } else { request(rp_id, hash, proof) };
        let answer = self.host.ctap(&command.message(&parameters)).expect("the vault opens");
        match response_parameters(&answer) {
            Ok(parameters) => {
                assert!(proven || !asked, "a proof that is none was taken");
                assert_eq!(flags(command, parameters).contains(Flags::UV), proven);
            }
            Err(status) => assert!(!proven && asked, "{status:?}"),
        }
    }

    /// Parameters of clientPIN as they are. They know no secret, so at most they cost a try.
    fn raw(&mut self, data: &[u8]) {
        let before = self.retries();
        let answer = self.host.ctap(&Command::ClientPin.message(data)).expect("the vault opens");
        if let Ok(response) = response_parameters(&answer).and_then(|bytes| Ok(Response::from_bytes(bytes)?)) {
            assert!(response.pin_uv_auth_token.is_none(), "a token without the PIN");
        }
        let lost = before - self.retries();
        assert!(lost == 0 || lost == 1, "{lost} tries");
        self.tries -= lost;
        self.failures += u8::from(lost == 1);
    }

    /// What cannot be decrypted is refused, and what was encrypted comes back.
    fn ciphertext(&mut self, data: &[u8]) {
        let (_, secret) = self.platform.encapsulate(&mut self.host, protocol(data));
        let _ = secret.decrypt(data);
        let _ = PinUvAuthToken::decrypt(data, &secret);
        let plain = blocks(data);
        let encrypted = secret.encrypt(&plain, &mut self.platform.rng);
        assert_eq!(secret.decrypt(&encrypted).as_deref(), Ok(&plain));
        assert!(secret.verify(data, &secret.authenticate(data)));
        assert!(!secret.verify(data, data.get(..16).unwrap_or_default()));
    }

    fn tries_are_as_expected(&mut self) {
        if self.pin_hash.is_some() {
            assert_eq!(self.retries(), self.tries);
        }
    }

    fn retries(&mut self) -> i64 {
        let request = Request { subcommand: Subcommand::GetPinRetries.number(), ..Request::default() };
        client_pin(&mut self.host, &request).ok().and_then(|response| response.pin_retries).expect("a number of tries")
    }

    /// CTAP §6.5.5.7.2, and what it costs.
    fn judged(&mut self, hash: [u8; 16]) -> Result<(), StatusCode> {
        let Some(right) = self.pin_hash else { return Err(StatusCode::PinNotSet) };
        if self.tries == 0 {
            return Err(StatusCode::PinBlocked);
        }
        if self.failures == 3 {
            return Err(StatusCode::PinAuthBlocked);
        }
        if hash == right {
            (self.tries, self.failures) = (8, 0);
            return Ok(());
        }
        self.tries -= 1;
        self.failures += 1;
        Err(match (self.tries, self.failures) {
            (0, _) => StatusCode::PinBlocked,
            (_, 3) => StatusCode::PinAuthBlocked,
            _ => StatusCode::PinInvalid,
        })
    }

    fn hash_from<'a>(&self, data: &'a [u8]) -> ([u8; 16], &'a [u8]) {
        let (knows, rest) = data.split_first().unwrap_or((&0, &[]));
        if let (1, Some(right)) = (knows & 1, self.pin_hash) {
            return (right, rest);
        }
        rest.split_first_chunk().map_or(([*knows; 16], rest), |(hash, rest)| (*hash, rest))
    }
}

fn creation(rp_id: &str, hash: [u8; 32], proof: Option<(Vec<u8>, i64)>) -> Vec<u8> {
    let es256 = text_map([("alg", Some((-7).into())), ("type", Some("public-key".into()))]);
    let (param, protocol) = proof.unzip();
    cbor::encode(&int_map([
        (1, Some(hash.to_vec().into())),
        (2, Some(text_map([("id", Some(rp_id.into()))]))),
        (3, Some(text_map([("id", Some(vec![9].into())), ("name", Some("bob".into()))]))),
        (4, Some(Value::Array(vec![es256]))),
        (7, Some(text_map([("rk", Some(true.into()))]))),
        (8, param.map(Value::from)),
        (9, protocol.map(Value::from)),
    ]))
}

fn request(rp_id: &str, hash: [u8; 32], proof: Option<(Vec<u8>, i64)>) -> Vec<u8> {
    let (param, protocol) = proof.unzip();
    cbor::encode(&int_map([
        (1, Some(rp_id.into())),
        (2, Some(hash.to_vec().into())),
        (6, param.map(Value::from)),
        (7, protocol.map(Value::from)),
    ]))
}

fn flags(command: Command, parameters: &[u8]) -> Flags {
    let data = match command {
        Command::MakeCredential => {
            let response = make_credential::Response::from_bytes(parameters).expect("the answer's own form");
            response.attestation_object.authenticator_data()
        }
        _ => {
            let response = get_assertion::Response::from_bytes(parameters).expect("the answer's own form");
            AuthenticatorData::from_bytes(&response.auth_data)
        }
    };
    data.expect("authenticator data").flags
}

/// CTAP §6.5.5.5 and §6.5.1: the hash of a PIN of 4 code points at least, padded with zeros to 64 bytes.
fn fitting_pin(padded: &[u8]) -> Option<[u8; 16]> {
    let end = padded.iter().rposition(|byte| *byte != 0)? + 1;
    let text = str::from_utf8(&padded[..end]).ok()?;
    let fits = padded.len() == 64 && end < 64 && text.chars().count() >= 4 && !text.contains('\0');
    fits.then(|| *pin_hash(text.as_bytes()))
}

/// Whole blocks, the last one padded with zeros.
fn blocks(data: &[u8]) -> Vec<u8> {
    let mut blocks = data.to_vec();
    blocks.resize(data.len().next_multiple_of(16), 0);
    blocks
}

/// By the length, which no other choice hangs on.
fn protocol(data: &[u8]) -> PinUvAuthProtocol {
    if data.len() % 2 == 0 { PinUvAuthProtocol::Two } else { PinUvAuthProtocol::One }
}

fn rp_id(choice: u8) -> &'static str {
    ["example.com", "example.org"][usize::from(choice % 2)]
}

fn byte(data: &[u8], at: usize) -> u8 {
    data.get(at).copied().unwrap_or_default()
}
