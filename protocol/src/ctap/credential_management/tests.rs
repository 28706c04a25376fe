use super::{Credential, RelyingParty, Response, Subcommand, credential_id, rp_id_hash, user};
use crate::cbor::{self, int_map};
use crate::cose::CoseKey;
use crate::ctap::{
    Command, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, StatusCode, SubcommandRequest,
};
use crate::testing::wire;

const DESCRIPTOR: &str = "
    a2                                       # PublicKeyCredentialDescriptor: map of 2
       626964 41ee                           #   'id'
       6474797065 6a7075626c69632d6b6579     #   'type': 'public-key'
";

const USER: &str = "
    a3                                       # PublicKeyCredentialUserEntity: map of 3
       626964 420102                         #   'id'
       646e616d65 64616c6578                 #   'name': 'alex'
       6b646973706c61794e616d65 64416c6578   #   'displayName': 'Alex'
";

const PUBLIC_KEY: &str = "
    a4                                       # COSE_Key: map of 4
       01 01                                 #   kty: OKP
       03 27                                 #   alg: EdDSA
       20 06                                 #   crv: Ed25519
       21 5820                               #   x
          19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1
";

fn descriptor() -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor { id: vec![0xee].into() }
}

fn alex() -> PublicKeyCredentialUserEntity {
    PublicKeyCredentialUserEntity {
        id: vec![1, 2].into(),
        name: Some("alex".into()),
        display_name: Some("Alex".into()),
    }
}

fn credential() -> Credential {
    let x = wire("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    Credential {
        user: alex(),
        credential: descriptor(),
        public_key: CoseKey::Ed25519 { x: x.try_into().expect("32 bytes") },
        cred_protect: 3,
        large_blob_key: Some(vec![0x44; 32]),
        third_party_payment: true,
    }
}

/// A sub-command whose proof is made under protocol one, and the parameters' hex.
fn both_ways(subcommand: Subcommand, parameters: Option<&str>) -> SubcommandRequest {
    let request = SubcommandRequest {
        subcommand: subcommand.number(),
        parameters: parameters.map(|hex| cbor::decode(&wire(hex)).expect("canonical")),
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 16], protocol: Some(1) }),
    };
    let head = match parameters {
        Some(parameters) => [wire("0a a4 01"), vec![subcommand.number() as u8], wire("02"), wire(parameters)].concat(),
        None => [wire("0a a3 01"), vec![subcommand.number() as u8]].concat(),
    };
    let expected = [head, wire("03 01 04 50 22222222222222222222222222222222")].concat();
    assert_eq!(Command::CredentialManagement.message(&request.to_bytes()), expected);
    let read = SubcommandRequest::from_bytes(&expected[1..]).expect("readable");
    assert_eq!(read, request);
    read
}

#[test]
fn the_message_for_the_metadata() {
    let request = SubcommandRequest {
        subcommand: Subcommand::GetCredsMetadata.number(),
        parameters: None,
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 32], protocol: Some(2) }),
    };
    let expected = wire(
        "0a                                  # credentialManagement
         a3                                  # map of 3
         01 01                               # subCommand: getCredsMetadata
         03 02                               # pinUvAuthProtocol: two
         04 5820 2222222222222222222222222222222222222222222222222222222222222222 # pinUvAuthParam",
    );
    assert_eq!(Command::CredentialManagement.message(&request.to_bytes()), expected);
    assert_eq!(SubcommandRequest::from_bytes(&expected[1..]).as_ref(), Ok(&request));
    assert_eq!(request.authenticated_message(Command::CredentialManagement), [1]);
}

#[test]
fn the_messages_that_begin_and_go_on_with_relying_parties() {
    let begin = both_ways(Subcommand::EnumerateRpsBegin, None);
    assert_eq!(begin.authenticated_message(Command::CredentialManagement), [2]);
    let next =
        SubcommandRequest { subcommand: Subcommand::EnumerateRpsGetNextRp.number(), ..SubcommandRequest::default() };
    assert_eq!(Command::CredentialManagement.message(&next.to_bytes()), wire("0a a1 01 03"));
}

#[test]
fn the_messages_that_begin_and_go_on_with_credentials() {
    let parameters = "
        a1                                   # map of 1
        01 5820                              # rpIDHash
           1111111111111111111111111111111111111111111111111111111111111111
    ";
    let begin = both_ways(Subcommand::EnumerateCredentialsBegin, Some(parameters));
    assert_eq!(rp_id_hash(&mut begin.fields().expect("a map")), Ok([0x11; 32]));
    let authenticated = [wire("04"), wire(parameters)].concat();
    assert_eq!(begin.authenticated_message(Command::CredentialManagement), authenticated);
    let next = SubcommandRequest {
        subcommand: Subcommand::EnumerateCredentialsGetNextCredential.number(),
        ..SubcommandRequest::default()
    };
    assert_eq!(Command::CredentialManagement.message(&next.to_bytes()), wire("0a a1 01 05"));
}

#[test]
fn the_message_that_deletes() {
    let parameters = format!("a1 02 {DESCRIPTOR}");
    let request = both_ways(Subcommand::DeleteCredential, Some(&parameters));
    assert_eq!(request.parameters, Some(int_map([(2, Some(descriptor().to_value()))])));
    assert_eq!(credential_id(&mut request.fields().expect("a map")), Ok(vec![0xee].into()));
    let authenticated = [wire("06"), wire(&parameters)].concat();
    assert_eq!(request.authenticated_message(Command::CredentialManagement), authenticated);
}

#[test]
fn the_message_that_gives_other_names() {
    let parameters = format!("a2 02 {DESCRIPTOR} 03 {USER}");
    let request = both_ways(Subcommand::UpdateUserInformation, Some(&parameters));
    let mut fields = request.fields().expect("a map");
    assert_eq!(credential_id(&mut fields), Ok(vec![0xee].into()));
    assert_eq!(user(&mut fields), Ok(alex()));
    let authenticated = [wire("07"), wire(&parameters)].concat();
    assert_eq!(request.authenticated_message(Command::CredentialManagement), authenticated);
}

#[test]
fn a_missing_parameter_is_named() {
    let mut none = SubcommandRequest::default().fields().expect("an empty map");
    assert_eq!(rp_id_hash(&mut none), Err(cbor::Error::Missing("rpIDHash")));
    assert_eq!(credential_id(&mut none), Err(cbor::Error::Missing("credentialId")));
    assert_eq!(user(&mut none), Err(cbor::Error::Missing("user")));
    assert_eq!(StatusCode::from(cbor::Error::Missing("user")), StatusCode::MissingParameter);
}

#[test]
fn parameters_of_another_size_or_type_are_named() {
    let mut short = fields("a1 01 4111");
    assert_eq!(rp_id_hash(&mut short), Err(cbor::Error::OutOfRange("rpIDHash")));
    let mut bare = fields("a2 02 41ee 03 420102");
    assert_eq!(credential_id(&mut bare), Err(cbor::Error::WrongType("credentialId")));
    assert_eq!(user(&mut bare), Err(cbor::Error::WrongType("user")));
    let mut nameless = fields("a2 02 a1 6474797065 6a7075626c69632d6b6579 03 a1 626964 40");
    assert_eq!(credential_id(&mut nameless), Err(cbor::Error::Missing("credentialId.id")));
    assert_eq!(user(&mut nameless), Err(cbor::Error::OutOfRange("user.id")));
}

fn fields(hex: &str) -> cbor::Fields {
    cbor::Fields::decode(&wire(hex), "subCommandParams").expect("a map")
}

#[test]
fn response_bytes_with_the_metadata() {
    let expected = wire(
        "a2                                  # map of 2
         01 03                               # existingResidentCredentialsCount: 3
         02 1903e8                           # maxPossibleRemainingResidentCredentialsCount: 1000",
    );
    assert_eq!(Response::Metadata { existing: 3, remaining: 1000 }.to_bytes(), expected);
}

#[test]
fn response_bytes_with_the_first_relying_party_and_with_the_next() {
    let first = RelyingParty { id: "example.org".into(), name: Some("Example".into()), id_hash: [0x11; 32] };
    let expected = wire(
        "a3                                  # map of 3
         03 a2                               # rp: map of 2
            626964 6b6578616d706c652e6f7267  #   'id': 'example.org'
            646e616d65 674578616d706c65      #   'name': 'Example'
         04 5820                             # rpIDHash
            1111111111111111111111111111111111111111111111111111111111111111
         05 02                               # totalRPs: 2",
    );
    assert_eq!(Response::RelyingParty(first, Some(2)).to_bytes(), expected);
    let next = RelyingParty { id: "other.test".into(), name: None, id_hash: [0x33; 32] };
    let expected = wire(
        "a2                                  # map of 2
         03 a1                               # rp: map of 1
            626964 6a6f746865722e74657374    #   'id': 'other.test'
         04 5820                             # rpIDHash
            3333333333333333333333333333333333333333333333333333333333333333",
    );
    assert_eq!(Response::RelyingParty(next, None).to_bytes(), expected);
}

#[test]
fn response_bytes_with_the_first_credential() {
    let expected = wire(&format!(
        "a7                                  # map of 7
         06 {USER}
         07 {DESCRIPTOR}
         08 {PUBLIC_KEY}
         09 02                               # totalCredentials: 2
         0a 03                               # credProtect: userVerificationRequired
         0b 5820                             # largeBlobKey
            4444444444444444444444444444444444444444444444444444444444444444
         0c f5                               # thirdPartyPayment: true"
    ));
    assert_eq!(Response::Credential(Box::new(credential()), Some(2)).to_bytes(), expected);
}

#[test]
fn response_bytes_with_the_next_credential() {
    let plain = Credential { cred_protect: 1, large_blob_key: None, third_party_payment: false, ..credential() };
    let expected = wire(&format!(
        "a5                                  # map of 5
         06 {USER}
         07 {DESCRIPTOR}
         08 {PUBLIC_KEY}
         0a 01                               # credProtect: userVerificationOptional
         0c f4                               # thirdPartyPayment: false"
    ));
    assert_eq!(Response::Credential(Box::new(plain), None).to_bytes(), expected);
}

#[test]
fn success_alone_is_no_bytes() {
    assert!(Response::Done.to_bytes().is_empty());
}
