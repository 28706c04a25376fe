//! The test vectors of L3, each its own test under the specification's name for it. `l3_vectors.json` holds their values.
//!
//! What is made here is compared byte for byte: client data, keys, authenticator data, `none` and `packed` self attestation, ES256
//! signatures. Of the other keys that Keystow makes, the vectors prove that they are read and written byte for byte, and that the
//! vector's signature is good under the key as SubjectPublicKeyInfo. Of the attestation formats and key types that Keystow does not
//! make, they prove that they are read as far as the types go, and refused by name from there on.

mod prf;

use p256::SecretKey;
use p256::ecdsa::signature::{self, Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::DecodePublicKey;
use protocol::cbor::{self, Fields};
use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
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
