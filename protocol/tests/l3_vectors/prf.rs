//! L3, test vectors of the prf extension: the values of the Web API, and the mapping to CTAP2 hmac-secret over both PIN/UV auth protocols.

use std::convert::Infallible;

use hmac::{Hmac, KeyInit, Mac};
use protocol::cose::CoseKey;
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, SharedSecret};
use protocol::webauthn::json::{AuthenticationExtensionsPrfValuesJson, Base64UrlString, PrfResultsJson};
use protocol::webauthn::prf::Salts;
use rand_core::{TryCryptoRng, TryRng};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::unhex;

const SALT_1: &str = "527413ebb48293772df30f031c5ac4650c7de14bf9498671ae163447b6a772b3";
const SALT_2: &str = "d68ac03329a10ee5e0ec834492bb9a96a0e547baf563bf78ccbe8789b22e776b";
const OUTPUT_1: &str = "3c33e07d202c3b029cc21f1722767021bf27d595933b3d2b6a1b9d5dddc77fae";
const OUTPUT_2: &str = "a62a8773b19cda90d7ed4ef72a80a804320dbd3997e2f663805ad1fd3293d50b";

#[test]
fn web_api_values() {
    let (id, result) = (seeded(0x00), seeded(0x01));
    assert_eq!(protocol::base64url::encode(&id), "e02eZ9lPp0UdkF4vGRO4-NxlhWBkL1FCmsmb1tTfRyE");
    assert_eq!(result.to_vec(), unhex("c4172e982e9097c39a6c0cb720cb375b92e3fcad154a63e43a93f1096b1e1973"));
    let results = PrfResultsJson { first: result, second: Some(result) };
    let text = "xBcumC6Ql8OabAy3IMs3W5Lj_K0VSmPkOpPxCWseGXM";
    assert_eq!(serde_json::to_value(results).expect("JSON"), json!({"first": text, "second": text}));
}

#[test]
fn single_input_protocol_two() {
    check(
        PinUvAuthProtocol::Two,
        &[0x02],
        "23dde5e3462daf36559b85c4ac5f9656aa9bfd81c1dc2bf8533c8b9f3882854786b4f500e25b4e3d81f7fc7c74236229",
        "3bfaa48f7952330d63e35ff8cd5bca48d2a12823828915749287256ab146272f9fb437bf65691243c3f504bd7ea6d5e6",
        &[SALT_1],
        &[OUTPUT_1],
    );
}

#[test]
fn two_inputs_protocol_two() {
    check(
        PinUvAuthProtocol::Two,
        &[0x02, 0x03],
        "d9f4236403e0fe843a8e4e5be764d120904c198ad6e77b089876a3391961f183b0008b4ca66b91cd72aa35b6151ff981f6e5649f3c040e6615ad7dd8ae96ef23b229a5c97c3f0dcd8605eee166ce163a",
        "90ee52f739043bc17b3488a74306d7801debb5b61f18662c648a25b5b5678ede482cdaff99a537a44f064fcb10ce6e04dfd27619dc96a0daff8507e499296b1eecf0981f7c8518b277a7a3018f5ec6fb",
        &[SALT_1, SALT_2],
        &[OUTPUT_1, OUTPUT_2],
    );
}

#[test]
fn single_input_protocol_one() {
    check(
        PinUvAuthProtocol::One,
        &[0x02],
        "ab8c878bb05d04700f077ed91845ec9c503c925cb12b327ddbeb4243c397f913",
        "15d4e4f3f04109b492b575c1b38c28585b6719cf8d61304215108d939f37ccfb",
        &[SALT_1],
        &[OUTPUT_1],
    );
}

fn check(
    protocol: PinUvAuthProtocol,
    inputs: &[u8],
    salt_enc: &str,
    output_enc: &str,
    salts: &[&str],
    outputs: &[&str],
) {
    // "Client computes"
    let (salt_enc, output_enc) = (unhex(salt_enc), unhex(output_enc));
    let (key, secret) = (platform(), shared_secret(protocol));
    let ours = Salts::of(&values(inputs));
    let sealed = ours.seal(&secret, key.public(), &mut Vector(&salt_enc));
    assert_eq!(sealed.salt_enc, salt_enc);
    assert_eq!(secret.decrypt(&salt_enc).expect("whole blocks").to_vec(), joined(salts));
    assert!(secret.verify(&salt_enc, &sealed.salt_auth));
    assert_eq!((sealed.key_agreement, sealed.pin_uv_auth_protocol), (key.public(), Some(protocol.number())));
    // "Authenticator computes"
    let hmacs: Vec<_> = salts.iter().flat_map(|salt| cred_random_hmac(&unhex(salt))).collect();
    assert_eq!(hmacs, joined(outputs));
    assert_eq!(secret.encrypt(&hmacs, &mut Vector(&output_enc)), output_enc);
    // "Client decrypts"
    let results = ours.open(&secret, &output_enc).expect("an output for each salt");
    assert_eq!(results.first.to_vec(), unhex(outputs[0]));
    assert_eq!(results.second.map(|second| second.to_vec()), outputs.get(1).map(|second| unhex(second)));
}

/// The inputs from the relying party.
fn values(last_bytes: &[u8]) -> AuthenticationExtensionsPrfValuesJson {
    let mut inputs = last_bytes.iter().map(|last| Base64UrlString([SEED, &[*last]].concat()));
    AuthenticationExtensionsPrfValuesJson { first: inputs.next().expect("one at least"), second: inputs.next() }
}

fn platform() -> KeyAgreementKey {
    p256::SecretKey::from_slice(&seeded(0x04)).expect("a scalar").into()
}

fn shared_secret(protocol: PinUvAuthProtocol) -> SharedSecret {
    let authenticator = p256::SecretKey::from_slice(&seeded(0x05)).expect("a scalar").public_key().to_sec1_bytes();
    let peer = CoseKey::from_sec1(&authenticator, -25).expect("a point");
    platform().shared_secret(protocol, &peer).expect("on the curve")
}

fn cred_random_hmac(salt: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&seeded(0x06)).expect("any key");
    mac.update(salt);
    mac.finalize().into_bytes().to_vec()
}

fn joined(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| unhex(text)).collect()
}

const SEED: &[u8] = b"WebAuthn PRF test vectors";

fn seeded(last: u8) -> [u8; 32] {
    Sha256::digest([SEED, &[last]].concat()).into()
}

/// Gives the first bytes of a vector's ciphertext: the IV that was random there.
struct Vector<'a>(&'a [u8]);

impl TryRng for Vector<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("an IV is taken whole")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("an IV is taken whole")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.copy_from_slice(&self.0[..bytes.len()]);
        Ok(())
    }
}

impl TryCryptoRng for Vector<'_> {}
