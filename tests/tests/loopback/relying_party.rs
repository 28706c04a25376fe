//! A relying party after L3 §7.1 and §7.2, with its own readers of client data, CBOR and keys. It believes nothing.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::public_key::PublicKey;

/// A site with its users' public keys.
#[derive(Clone)]
pub struct RelyingParty {
    rp_id: String,
    origin: String,
    challenge: Cell<u64>,
    challenge_length: usize,
    registering: RefCell<String>,
    users: HashMap<String, User>,
}

#[derive(Clone)]
struct User {
    name: String,
    key: PublicKey,
    backup_eligible: bool,
}

/// What a registration that was accepted said.
pub struct Registered {
    pub id: String,
    pub flags: u8,
    pub format: String,
    pub algorithm: i64,
    pub extensions: Option<Cbor>,
}

pub type Verdict<T> = Result<T, String>;

impl RelyingParty {
    pub fn new(rp_id: &str, origin: &str) -> Self {
        Self {
            rp_id: rp_id.into(),
            origin: origin.into(),
            challenge: Cell::new(1),
            challenge_length: 32,
            registering: RefCell::default(),
            users: HashMap::new(),
        }
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn move_to(&mut self, origin: &str) {
        self.origin = origin.into();
    }

    pub fn next_challenge_has(&mut self, bytes: usize) {
        self.challenge_length = bytes;
    }

    /// Creation options for `user`, whose handle is the name, with the members of `with`. The credential is to be discoverable, unless
    /// `with` says otherwise.
    pub fn creation(&self, user: &str, with: Value) -> Value {
        *self.registering.borrow_mut() = user.into();
        let handle = BASE64URL_NOPAD.encode(user.as_bytes());
        let options = json!({
            "rp": {"name": "Site", "id": self.rp_id},
            "user": {"id": handle, "name": user, "displayName": user},
            "challenge": self.new_challenge(),
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8}],
            "authenticatorSelection": {"residentKey": "required"},
        });
        merged(options, with)
    }

    /// Request options with the members of `with`.
    pub fn request(&self, with: Value) -> Value {
        merged(json!({"challenge": self.new_challenge(), "rpId": self.rp_id}), with)
    }

    /// L3 §7.1.
    pub fn register(&mut self, credential: &Value) -> Verdict<Registered> {
        self.registered(credential, true)
    }

    /// L3 §7.1 with `mediation` conditional, where UP need not be set.
    pub fn register_unasked(&mut self, credential: &Value) -> Verdict<Registered> {
        self.registered(credential, false)
    }

    fn registered(&mut self, credential: &Value, with_presence: bool) -> Verdict<Registered> {
        let response = &credential["response"];
        let client_data = self.client_data(response, "webauthn.create")?;
        let object: Cbor =
            ciborium::from_reader(&bytes(&response["attestationObject"])?[..]).map_err(|e| e.to_string())?;
        let data = member(&object, "authData")?.as_bytes().ok_or("authData")?.clone();
        require(data == bytes(&response["authenticatorData"])?, "authenticatorData is another than authData")?;
        let flags = self.authenticator_data(&data)?;
        require(flags & 0x01 != 0 || !with_presence, "UP")?;
        require(flags & 0x40 != 0 && data.len() > 55, "no attested credential data")?;
        let id_length = usize::from(u16::from_be_bytes([data[53], data[54]]));
        let id = data.get(55..55 + id_length).ok_or("credential ID")?;
        self.identity(credential, id)?;
        let mut rest = data.get(55 + id_length..).ok_or("key")?;
        let key = PublicKey::from_cose(rest)?;
        let _: Cbor = ciborium::from_reader(&mut rest).map_err(|e| e.to_string())?;
        let extensions = extension_outputs(flags, rest)?;
        require(bytes(&response["publicKey"])? == key.spki()?, "publicKey is not the credential's")?;
        require(response["publicKeyAlgorithm"] == key.algorithm(), "publicKeyAlgorithm")?;
        require(response["transports"] == json!(["hybrid", "internal"]), "transports")?;
        let format = member(&object, "fmt")?.as_text().ok_or("fmt")?.to_owned();
        attestation(&format, member(&object, "attStmt")?, &[&data[..], &client_data].concat(), &key)?;
        let algorithm = key.algorithm();
        let (id, name) = (BASE64URL_NOPAD.encode(id), self.registering.borrow().clone());
        self.users.insert(id.clone(), User { name, key, backup_eligible: flags & 0x08 != 0 });
        Ok(Registered { id, flags, format, algorithm, extensions })
    }

    /// L3 §7.2, of a request that asked nothing of the authenticator's extensions; gives the flags.
    pub fn authenticate(&self, credential: &Value) -> Verdict<u8> {
        let (flags, extensions) = self.authenticate_with_extensions(credential)?;
        require(extensions.is_none(), "more authenticator data than there should be")?;
        Ok(flags)
    }

    /// L3 §7.2; gives the flags and the authenticator extension outputs.
    pub fn authenticate_with_extensions(&self, credential: &Value) -> Verdict<(u8, Option<Cbor>)> {
        let response = &credential["response"];
        let client_data = self.client_data(response, "webauthn.get")?;
        let id = credential["id"].as_str().ok_or("id")?;
        let user = self.users.get(id).ok_or("nobody's credential")?;
        self.identity(credential, &bytes(&credential["id"])?)?;
        let data = bytes(&response["authenticatorData"])?;
        let flags = self.authenticator_data(&data)?;
        require(flags & 0x01 != 0, "UP")?;
        require(flags & 0x40 == 0, "more authenticator data than there should be")?;
        let extensions = extension_outputs(flags, &data[37..])?;
        require((flags & 0x08 != 0) == user.backup_eligible, "BE has changed")?;
        let handle = bytes(&response["userHandle"])?;
        require(handle == user.name.as_bytes(), "userHandle is another user's")?;
        user.key.verify(&[&data[..], &client_data].concat(), &bytes(&response["signature"])?)?;
        Ok((flags, extensions))
    }

    /// Whose credential signed.
    pub fn user_of(&self, credential: &Value) -> String {
        let handle = bytes(&credential["response"]["userHandle"]).expect("a user handle");
        String::from_utf8(handle).expect("a name")
    }

    fn new_challenge(&self) -> String {
        self.challenge.set(self.challenge.get() + 1);
        self.current_challenge()
    }

    fn current_challenge(&self) -> String {
        let digest = Sha256::digest(self.challenge.get().to_be_bytes());
        let bytes: Vec<u8> = digest.iter().copied().cycle().take(self.challenge_length).collect();
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// L3 §7.1 steps 5–11, §7.2 steps 8–15, and the order of members that §5.8.1.1 fixes; gives the hash.
    fn client_data(&self, response: &Value, kind: &str) -> Verdict<Vec<u8>> {
        let json = bytes(&response["clientDataJSON"])?;
        let (challenge, origin) = (self.current_challenge(), &self.origin);
        let expected =
            format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#);
        require(json == expected.as_bytes(), "clientDataJSON")?;
        Ok(Sha256::digest(&json).to_vec())
    }

    /// L3 §6.1: RP ID hash, flags, sign count; gives the flags.
    fn authenticator_data(&self, data: &[u8]) -> Verdict<u8> {
        require(data.len() >= 37, "authenticator data are too short")?;
        require(data[..32] == Sha256::digest(&self.rp_id)[..], "rpIdHash")?;
        let flags = data[32];
        require(flags & 0x10 == 0 || flags & 0x08 != 0, "BS without BE")?;
        require(data[33..37] == [0; 4], "the sign count is not 0")?;
        Ok(flags)
    }

    fn identity(&self, credential: &Value, id: &[u8]) -> Verdict<()> {
        let text = json!(BASE64URL_NOPAD.encode(id));
        require(id.len() >= 16 && credential["id"] == text && credential["rawId"] == text, "id")?;
        require(credential["type"] == "public-key", "type")?;
        require(credential["authenticatorAttachment"] == "platform", "authenticatorAttachment")
    }
}

/// The bytes of a base64url member.
pub fn bytes(value: &Value) -> Verdict<Vec<u8>> {
    let text = value.as_str().ok_or("a member is no text")?;
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|e| e.to_string())
}

/// L3 §6.1: ED says whether extension outputs stand at the end, and nothing stands behind them.
fn extension_outputs(flags: u8, mut rest: &[u8]) -> Verdict<Option<Cbor>> {
    let mut outputs = None;
    if flags & 0x80 != 0 {
        outputs = Some(ciborium::from_reader(&mut rest).map_err(|e: ciborium::de::Error<_>| e.to_string())?);
    }
    require(rest.is_empty(), "bytes behind the authenticator data")?;
    Ok(outputs)
}

/// L3 §8.2 (self) and §8.7.
fn attestation(format: &str, statement: &Cbor, signed: &[u8], key: &PublicKey) -> Verdict<()> {
    let members = statement.as_map().ok_or("attStmt")?.len();
    match format {
        "none" => require(members == 0, "attStmt of none is not empty"),
        "packed" => {
            require(members == 2 && *member(statement, "alg")? == Cbor::from(key.algorithm()), "attStmt of packed")?;
            key.verify(signed, member(statement, "sig")?.as_bytes().ok_or("sig")?)
        }
        _ => Err(format!("format {format}")),
    }
}

fn member<'a>(map: &'a Cbor, name: &str) -> Verdict<&'a Cbor> {
    let entries = map.as_map().ok_or("no map")?;
    entries.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value).ok_or(format!("no {name}"))
}

/// `options` with the members of `with`, those of objects in it one by one.
fn merged(mut options: Value, with: Value) -> Value {
    for (name, value) in with.as_object().expect("an object") {
        options[name] = match &options[name] {
            Value::Object(_) => merged(options[name].take(), value.clone()),
            _ => value.clone(),
        };
    }
    options
}

pub fn require(condition: bool, what: &str) -> Verdict<()> {
    if condition { Ok(()) } else { Err(what.to_owned()) }
}
