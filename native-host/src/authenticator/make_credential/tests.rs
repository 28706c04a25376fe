mod algorithms;
mod conditional;
mod discoverable;

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::{PinUvAuth, PublicKeyCredentialDescriptor};
use protocol::webauthn::attestation::AttestationStatement;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};

use super::super::testing::{Bench, HASH, creation, proof, request, wire};
use super::*;

fn data(response: &Response) -> AuthenticatorData {
    response.attestation_object.authenticator_data().unwrap()
}

fn exclude(ids: &[CredentialId]) -> Vec<PublicKeyCredentialDescriptor> {
    ids.iter().map(|id| PublicKeyCredentialDescriptor { id: id.clone() }).collect()
}

#[test]
fn on_the_wire() {
    let mut bench = Bench::new();
    let answer = bench.send(
        "01                                  # makeCredential
         a6                                  # map of 6
           01 58 20                          # clientDataHash: 32 bytes
             cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
           02 a1 62 6964 6b 6578616d706c652e636f6d # rp: id example.com
           03 a2                             # user
             62 6964 42 0102                 #   id: 0102
             64 6e616d65 65 616c696365       #   name: alice
           04 82                             # pubKeyCredParams
             a2 63 616c67 3903e6 64 74797065 6a 7075626c69632d6b6579 # -999, public-key
             a2 63 616c67 26 64 74797065 6a 7075626c69632d6b6579 # -7, public-key
           07 a1 62 726b f5                  # options: rk true
           0b 81 64 6e6f6e65                 # attestationFormatsPreference: none",
    );
    let vault = bench.environment.vault();
    let source = vault.find(&"example.com".into()).unwrap().pop().unwrap();
    let point = source.public_key.to_public_bytes();
    let expected = [
        wire(
            "00                              # success
             a3                              # map of 3
               01 64 6e6f6e65                # fmt: none
               02 58 a4                      # authData: 164 bytes
                 a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947 # SHA-256 of example.com
                 49                          # flags: UP, BE, AT
                 00000000                    # sign count
                 8fbd00baea22421e855adb5d23b0ac05 # AAGUID
                 0020                        # length of the credential ID",
        ),
        source.credential_id.as_bytes().to_vec(),
        wire("a5 01 02 03 26 20 01 21 58 20  # COSE_Key: EC2, ES256, P-256, x"),
        point[1..33].to_vec(),
        wire("22 58 20                       # y"),
        point[33..].to_vec(),
        wire("03 a0                          # attStmt: empty"),
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn a_passkey_is_kept_as_the_relying_party_described_it() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 7);
    let source = bench.environment.vault().get(&id).unwrap().unwrap();
    assert_eq!(source.rp_id, "example.com".into());
    assert_eq!(source.rp_name, "Example");
    assert_eq!(source.user_handle, vec![7].into());
    assert_eq!(source.user_name, "user 7");
    assert_eq!(source.user_display_name, "User 7");
    assert_eq!(source.created, bench.environment.now);
}

#[test]
fn long_names_are_shortened_to_whole_characters() {
    let mut bench = Bench::new();
    let mut creation = creation("example.com", 1);
    creation.user.name = Some(format!("x{}", "é".repeat(100)));
    bench.make(&creation).unwrap();
    let source = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap();
    assert_eq!(source.user_name, format!("x{}", "é".repeat(63)));
}

#[test]
fn without_a_common_algorithm_nothing_is_made() {
    let mut bench = Bench::new();
    for algorithms in [vec![], vec![-999, -37]] {
        let creation = Request { algorithms, ..creation("example.com", 1) };
        assert_eq!(bench.make(&creation), Err(StatusCode::UnsupportedAlgorithm));
    }
    assert_eq!(bench.environment.vault().count(), Ok(0));
}

#[test]
fn options_that_cannot_be_met_are_refused() {
    let mut bench = Bench::new();
    for options in [Options { uv: Some(true), ..Options::default() }, Options { up: Some(false), ..Options::default() }]
    {
        let creation = Request { options, ..creation("example.com", 1) };
        assert_eq!(bench.make(&creation), Err(StatusCode::InvalidOption));
    }
    let creation = Request { enterprise_attestation: Some(1), ..creation("example.com", 1) };
    assert_eq!(bench.make(&creation), Err(StatusCode::InvalidParameter));
    assert_eq!(bench.environment.vault().count(), Ok(0));
}

#[test]
fn an_rp_id_is_a_domain_by_its_length() {
    let mut bench = Bench::new();
    for rp_id in [String::new(), "a".repeat(254)] {
        assert_eq!(bench.make(&creation(&rp_id, 1)), Err(StatusCode::InvalidParameter));
    }
}

#[test]
fn an_excluded_credential_stops_the_ceremony() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let exclude_list = exclude(&[vec![9; 32].into(), id]);
    let again = Request { exclude_list, ..creation("example.com", 2) };
    assert_eq!(bench.make(&again), Err(StatusCode::CredentialExcluded));
    assert_eq!(bench.environment.vault().count(), Ok(1));
}

#[test]
fn an_excluded_credential_of_another_rp_id_does_not() {
    let mut bench = Bench::new();
    let id = bench.register("example.org", 1);
    let creation = Request { exclude_list: exclude(&[id]), ..creation("example.com", 1) };
    assert!(bench.make(&creation).is_ok());
}

#[test]
fn registering_the_same_account_again_keeps_the_old_passkey_among_the_deleted() {
    let mut bench = Bench::new();
    let old = bench.register("example.com", 1);
    let new = bench.register("example.com", 1);
    let vault = bench.environment.vault();
    let held: Vec<_> = vault.find(&"example.com".into()).unwrap().into_iter().map(|held| held.credential_id).collect();
    assert_eq!(held, [new]);
    assert_eq!(vault.trash().unwrap()[0].source.credential_id, old);
}

#[test]
fn packed_self_attestation_is_made_where_it_is_asked_for_or_nothing_is() {
    let cases: [(&[&str], &str); 6] = [
        (&[], "packed"),
        (&["none"], "none"),
        (&["tpm"], "none"),
        (&["none", "packed"], "none"),
        (&["packed"], "packed"),
        (&["tpm", "packed", "none"], "packed"),
    ];
    let mut bench = Bench::new();
    for (formats, made) in cases {
        let attestation_formats = formats.iter().map(|format| (*format).to_owned()).collect();
        let response = bench.make(&Request { attestation_formats, ..creation("example.com", 1) }).unwrap();
        assert_eq!(response.attestation_object.statement.format(), made, "{formats:?}");
    }
}

#[test]
fn self_attestation_is_signed_by_the_new_credential() {
    let mut bench = Bench::new();
    let creation = Request { attestation_formats: vec!["packed".to_owned()], ..creation("example.com", 1) };
    let made = bench.make(&creation).unwrap();
    let key = data(&made).attested_credential_data.unwrap().public_key.to_p256().unwrap();
    let AttestationStatement::PackedSelf { algorithm: -7, signature } = &made.attestation_object.statement else {
        panic!("{made:?}")
    };
    let message = [&made.attestation_object.auth_data[..], &HASH.0].concat();
    VerifyingKey::from(key).verify(&message, &Signature::from_der(signature).unwrap()).unwrap();
}

#[test]
fn the_user_is_verified_only_by_a_token_of_this_ceremony() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        bench.set_pin(protocol, "1234").unwrap();
        assert!(!data(&bench.make(&creation("example.com", 1)).unwrap()).flags.contains(Flags::UV));

        let token = bench.token(protocol, "1234", 1, "example.com").unwrap();
        let verified = Request { pin_uv_auth: proof(&token), ..creation("example.com", 2) };
        assert!(data(&bench.make(&verified).unwrap()).flags.contains(Flags::UP | Flags::UV));

        let once_more = Request { pin_uv_auth: proof(&token), ..creation("example.com", 3) };
        assert_eq!(bench.make(&once_more), Err(StatusCode::PinAuthInvalid));
    }
}

#[test]
fn a_token_is_good_for_its_permission_its_rp_id_and_its_protocol_alone() {
    let mut bench = Bench::new();
    bench.set_pin(Two, "1234").unwrap();
    let for_get = bench.token(Two, "1234", 2, "example.com").unwrap();
    let creation_with = |pin_uv_auth| Request { pin_uv_auth, ..creation("example.com", 1) };
    assert_eq!(bench.make(&creation_with(proof(&for_get))), Err(StatusCode::PinAuthInvalid));

    let elsewhere = bench.token(Two, "1234", 1, "example.org").unwrap();
    assert_eq!(bench.make(&creation_with(proof(&elsewhere))), Err(StatusCode::PinAuthInvalid));

    let token = bench.token(Two, "1234", 1, "example.com").unwrap();
    let as_one = PinUvAuth { param: token.authenticate(&HASH.0)[..16].to_vec(), protocol: Some(1) };
    assert_eq!(bench.make(&creation_with(Some(as_one))), Err(StatusCode::PinAuthInvalid));
    let other_hash = PinUvAuth { param: token.authenticate(&[0; 32]), protocol: Some(2) };
    assert_eq!(bench.make(&creation_with(Some(other_hash))), Err(StatusCode::PinAuthInvalid));
    assert!(bench.make(&creation_with(proof(&token))).is_ok());
}

#[test]
fn a_proof_is_judged_by_its_form_first() {
    let mut bench = Bench::new();
    let cases = [
        (PinUvAuth { param: vec![], protocol: Some(2) }, StatusCode::PinNotSet),
        (PinUvAuth { param: vec![1; 32], protocol: None }, StatusCode::MissingParameter),
        (PinUvAuth { param: vec![1; 32], protocol: Some(3) }, StatusCode::InvalidParameter),
        (PinUvAuth { param: vec![1; 32], protocol: Some(2) }, StatusCode::PinAuthInvalid),
    ];
    for (auth, status) in cases {
        let creation = Request { pin_uv_auth: Some(auth.clone()), ..creation("example.com", 1) };
        assert_eq!(bench.make(&creation), Err(status), "{auth:?}");
        let get = protocol::ctap::get_assertion::Request { pin_uv_auth: Some(auth), ..request("example.com") };
        assert_eq!(bench.get(&get), Err(status));
    }
    bench.set_pin(Two, "1234").unwrap();
    let asks = Some(PinUvAuth { param: vec![], protocol: Some(2) });
    assert_eq!(bench.make(&Request { pin_uv_auth: asks, ..creation("example.com", 1) }), Err(StatusCode::PinInvalid));
}
