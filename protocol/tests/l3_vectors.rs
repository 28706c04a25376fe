//! The test vectors of L3, each its own test under the specification's name for it. `l3_vectors.json` holds their values.
//!
//! What is made here is compared byte for byte: client data, keys, authenticator data, `none` and `packed` self attestation, ES256
//! signatures. Of the other keys that Keystow makes, the vectors prove that they are read and written byte for byte, and that the
//! vector's signature is good under the key as SubjectPublicKeyInfo. Of the attestation formats and key types that Keystow does not
//! make, they prove that they are read as far as the types go, and refused by name from there on.

use p256::SecretKey;
use p256::ecdsa::signature::{self, Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::DecodePublicKey;
use protocol::cbor::{self, Fields};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, SharedSecret};
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{self, AttestedCredentialData, AuthenticatorData, rp_id_hash};
use protocol::webauthn::client_data::{CeremonyType, CollectedClientData, hash};
use serde_json::Value;

const ES256: i64 = -7;

/// What a vector's key and attestation are to Keystow.
enum Reproduced {
    /// The whole attestation object.
    None,
    /// The whole attestation object, with the credential's own signature.
    PackedSelf,
    /// The authenticator data; the attestation is somebody else's.
    AuthenticatorData,
    /// The same, with a key of this algorithm.
    Key(CoseAlgorithmIdentifier),
    /// Nothing of the authenticator's: the key is of a type that is refused, naming this member.
    Refused(&'static str),
}

macro_rules! vectors {
    ($($test:ident = $name:literal, $cross_origin:literal, $top_origin:expr, $reproduced:expr;)+) => {$(
        #[test]
        fn $test() {
            check($name, $cross_origin, $top_origin, $reproduced);
        }
    )+};
}

vectors! {
    none_es256 = "none-es256", false, None, Reproduced::None;
    packed_self_es256 = "packed-self-es256", false, None, Reproduced::PackedSelf;
    none_es256_cross_origin = "none-es256-crossOrigin", true, None, Reproduced::None;
    none_es256_top_origin = "none-es256-topOrigin", true, Some("https://example.com"), Reproduced::None;
    none_es256_long_credential_id = "none-es256-long-credential-id", false, None, Reproduced::None;
    packed_es256 = "packed-es256", false, None, Reproduced::AuthenticatorData;
    packed_es384 = "packed-es384", false, None, Reproduced::Key(CoseAlgorithmIdentifier::Es384);
    packed_es512 = "packed-es512", false, None, Reproduced::Refused("crv");
    packed_rs256 = "packed-rs256", false, None, Reproduced::Key(CoseAlgorithmIdentifier::Rs256);
    packed_eddsa = "packed-eddsa", false, None, Reproduced::Key(CoseAlgorithmIdentifier::EdDsa);
    packed_ed448 = "packed-ed448", false, None, Reproduced::Refused("crv");
    tpm_es256 = "tpm-es256", false, None, Reproduced::AuthenticatorData;
    android_key_es256 = "android-key-es256", false, None, Reproduced::AuthenticatorData;
    apple_es256 = "apple-es256", false, None, Reproduced::AuthenticatorData;
    fido_u2f_es256 = "fido-u2f-es256", false, None, Reproduced::AuthenticatorData;
}

fn check(name: &str, cross_origin: bool, top_origin: Option<&str>, reproduced: Reproduced) {
    let vectors: Value = serde_json::from_str(include_str!("l3_vectors.json")).expect("JSON");
    let vector = &vectors[name];
    for (ceremony, part) in [(CeremonyType::Create, "registration"), (CeremonyType::Get, "authentication")] {
        client_data_is_reproduced(&vector[part], ceremony, cross_origin, top_origin);
    }
    attestation_object_is_canonical(&vector["registration"]);
    match reproduced {
        Reproduced::Refused(member) => key_is_refused(&vector["registration"], member),
        Reproduced::AuthenticatorData => es256(vector),
        Reproduced::Key(algorithm) => other_key(vector, algorithm),
        Reproduced::None => {
            es256(vector);
            object_is_reproduced(&vector["registration"], AttestationStatement::None);
        }
        Reproduced::PackedSelf => {
            es256(vector);
            let signature = sign(
                &vector["registration"],
                &auth_data(&vector["registration"]),
                &bytes(vector, "registration", "clientDataJSON"),
            );
            object_is_reproduced(
                &vector["registration"],
                AttestationStatement::PackedSelf { algorithm: ES256, signature },
            );
        }
    }
}

/// L3 §5.8.1.1; where the vector adds extraData, §5.8.1.2's limited verification: all before the last brace is ours.
fn client_data_is_reproduced(part: &Value, ceremony: CeremonyType, cross_origin: bool, top_origin: Option<&str>) {
    let challenge = hex(&part["challenge"]);
    let data = CollectedClientData {
        ceremony,
        challenge: &challenge,
        origin: "https://example.org",
        cross_origin,
        top_origin,
    };
    let (ours, theirs) = (data.serialize(), hex(&part["clientDataJSON"]));
    if ours != theirs {
        let start = [&ours[..ours.len() - 1], br#","extraData":"#].concat();
        assert_eq!(String::from_utf8_lossy(&theirs[..start.len()]), String::from_utf8_lossy(&start));
    }
}

fn attestation_object_is_canonical(registration: &Value) {
    let object = hex(&registration["attestationObject"]);
    assert_eq!(cbor::encode(&cbor::decode(&object).expect("canonical")), object);
}

fn es256(vector: &Value) {
    let registration = &vector["registration"];
    let bytes_of_data = auth_data(registration);
    let data = AuthenticatorData::from_bytes(&bytes_of_data).expect("authenticator data");
    let expected = AttestedCredentialData {
        aaguid: hex(&registration["aaguid"]).try_into().expect("16 bytes"),
        credential_id: hex(&registration["credential_id"]).into(),
        public_key: public_key(registration),
    };
    assert_eq!(data.rp_id_hash, rp_id_hash(&"example.org".into()));
    assert_eq!(data.attested_credential_data, Some(expected));
    assert_eq!(data.to_bytes(), bytes_of_data);

    let authenticator_data = bytes(vector, "authentication", "authenticatorData");
    let client_data = bytes(vector, "authentication", "clientDataJSON");
    let assertion = AuthenticatorData::from_bytes(&authenticator_data).expect("authenticator data");
    assert_eq!(assertion.to_bytes(), authenticator_data);
    let signature = bytes(vector, "authentication", "signature");
    let verifying = VerifyingKey::from_sec1_bytes(&public_key(registration).to_public_bytes()).expect("a point");
    let message = [&authenticator_data[..], &hash(&client_data).0].concat();
    verifying.verify(&message, &DerSignature::from_bytes(&signature).expect("DER")).expect("the vector's signature");
    assert_eq!(sign(registration, &authenticator_data, &client_data), signature, "deterministic nonce, RFC 6979");
}

fn other_key(vector: &Value, algorithm: CoseAlgorithmIdentifier) {
    let registered = auth_data(&vector["registration"]);
    let data = AuthenticatorData::from_bytes(&registered).expect("authenticator data");
    assert_eq!(data.to_bytes(), registered);
    let key = data.attested_credential_data.expect("a key").public_key;
    assert_eq!(key.algorithm(), algorithm.number());
    assert_eq!(CoseKey::from_public_bytes(algorithm, &key.to_public_bytes()).as_ref(), Some(&key));

    let signature = bytes(vector, "authentication", "signature");
    let client_data = bytes(vector, "authentication", "clientDataJSON");
    let message = [&bytes(vector, "authentication", "authenticatorData")[..], &hash(&client_data).0].concat();
    let spki = key.to_spki_der().expect("DER");
    verify(algorithm, &spki, &message, &signature).expect("the vector's signature");
    assert!(verify(algorithm, &spki, &[&message[..], &[0]].concat(), &signature).is_err());
}

fn verify(alg: CoseAlgorithmIdentifier, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), signature::Error> {
    match alg {
        CoseAlgorithmIdentifier::Es384 => p384::ecdsa::VerifyingKey::from_public_key_der(spki)
            .expect("P-384")
            .verify(message, &p384::ecdsa::DerSignature::from_bytes(signature)?),
        CoseAlgorithmIdentifier::EdDsa => ed25519_dalek::VerifyingKey::from_public_key_der(spki)
            .expect("Ed25519")
            .verify(message, &ed25519_dalek::Signature::from_slice(signature)?),
        CoseAlgorithmIdentifier::Rs256 => rsa::pkcs1v15::VerifyingKey::<sha2::Sha256>::from_public_key_der(spki)
            .expect("RSA")
            .verify(message, &rsa::pkcs1v15::Signature::try_from(signature)?),
        other => panic!("L3 has no vector of {other}"),
    }
}

fn object_is_reproduced(registration: &Value, statement: AttestationStatement) {
    let object = AttestationObject { statement, auth_data: auth_data(registration) };
    let theirs = hex(&registration["attestationObject"]);
    assert_eq!(object.to_bytes(), theirs);
    assert_eq!(AttestationObject::from_bytes(&theirs), Ok(object));
}

fn key_is_refused(registration: &Value, member: &'static str) {
    let data = auth_data(registration);
    let id = hex(&registration["credential_id"]);
    assert_eq!(data[..32], rp_id_hash(&"example.org".into()));
    assert_eq!(data[37..53], hex(&registration["aaguid"]));
    assert_eq!(data[55..55 + id.len()], id);
    let refusal = authenticator_data::Error::Cbor(cbor::Error::OutOfRange(member));
    assert_eq!(AuthenticatorData::from_bytes(&data), Err(refusal));
}

fn public_key(registration: &Value) -> CoseKey {
    let secret = SecretKey::from_slice(&hex(&registration["credential_private_key"])).expect("a scalar");
    CoseKey::from_sec1(secret.public_key().to_sec1_point(false).as_bytes(), ES256).expect("a point")
}

fn sign(registration: &Value, authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    let key = SigningKey::from_slice(&hex(&registration["credential_private_key"])).expect("a scalar");
    let signature: DerSignature = key.sign(&[authenticator_data, &hash(client_data).0].concat());
    signature.as_bytes().to_vec()
}

fn auth_data(registration: &Value) -> Vec<u8> {
    let object = cbor::decode(&hex(&registration["attestationObject"])).expect("canonical");
    let mut fields = Fields::of(object, "attestationObject").expect("a map");
    fields.bytes("authData", "authData").expect("bytes").expect("there")
}

fn bytes(vector: &Value, part: &str, member: &str) -> Vec<u8> {
    hex(&vector[part][member])
}

fn hex(value: &Value) -> Vec<u8> {
    unhex(value.as_str().expect("hex"))
}

fn unhex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex")
}

/// L3, test vectors of the prf extension: the mapping to CTAP2 hmac-secret over the PIN/UV auth protocols.
mod prf {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest, Sha256};

    use super::{CoseKey, KeyAgreementKey, PinUvAuthProtocol, SharedSecret, unhex};

    const OUTPUT_1: &str = "3c33e07d202c3b029cc21f1722767021bf27d595933b3d2b6a1b9d5dddc77fae";
    const OUTPUT_2: &str = "a62a8773b19cda90d7ed4ef72a80a804320dbd3997e2f663805ad1fd3293d50b";

    #[test]
    fn web_api_values() {
        let (id, result) = (seeded(0x00), seeded(0x01));
        assert_eq!(protocol::base64url::encode(&id), "e02eZ9lPp0UdkF4vGRO4-NxlhWBkL1FCmsmb1tTfRyE");
        assert_eq!(result.to_vec(), unhex("c4172e982e9097c39a6c0cb720cb375b92e3fcad154a63e43a93f1096b1e1973"));
    }

    #[test]
    fn single_input_protocol_two() {
        check(
            PinUvAuthProtocol::Two,
            &[0x02],
            "23dde5e3462daf36559b85c4ac5f9656aa9bfd81c1dc2bf8533c8b9f3882854786b4f500e25b4e3d81f7fc7c74236229",
            "3bfaa48f7952330d63e35ff8cd5bca48d2a12823828915749287256ab146272f9fb437bf65691243c3f504bd7ea6d5e6",
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
            &[OUTPUT_1],
        );
    }

    fn check(protocol: PinUvAuthProtocol, inputs: &[u8], salt_enc: &str, output_enc: &str, outputs: &[&str]) {
        let secret = shared_secret(protocol);
        let salts: Vec<u8> = inputs.iter().flat_map(|input| salt(*input)).collect();
        assert_eq!(secret.decrypt(&unhex(salt_enc)).expect("whole blocks").to_vec(), salts);
        let results: Vec<u8> = salts.chunks(32).flat_map(cred_random_hmac).collect();
        assert_eq!(results, outputs.iter().flat_map(|output| unhex(output)).collect::<Vec<_>>());
        assert_eq!(secret.decrypt(&unhex(output_enc)).expect("whole blocks").to_vec(), results);
    }

    fn shared_secret(protocol: PinUvAuthProtocol) -> SharedSecret {
        let authenticator = p256::SecretKey::from_slice(&seeded(0x05)).expect("a scalar").public_key().to_sec1_bytes();
        let peer = CoseKey::from_sec1(&authenticator, -25).expect("a point");
        let platform = p256::SecretKey::from_slice(&seeded(0x04)).expect("a scalar");
        KeyAgreementKey::from(platform).shared_secret(protocol, &peer).expect("on the curve")
    }

    /// L3 §10.1.4: SHA-256 of the context string, a zero byte and the input.
    fn salt(input: u8) -> [u8; 32] {
        Sha256::digest([&b"WebAuthn PRF\0"[..], SEED, &[input]].concat()).into()
    }

    fn cred_random_hmac(salt: &[u8]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&seeded(0x06)).expect("any key");
        mac.update(salt);
        mac.finalize().into_bytes().to_vec()
    }

    const SEED: &[u8] = b"WebAuthn PRF test vectors";

    fn seeded(last: u8) -> [u8; 32] {
        Sha256::digest([SEED, &[last]].concat()).into()
    }
}
