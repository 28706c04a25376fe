mod bounds;
mod on_the_wire;

use protocol::cbor::{Value, int_map, text_map};
use protocol::ctap::Options;
use protocol::ctap::credential_management::Subcommand::{
    DeleteCredential, EnumerateCredentialsBegin, EnumerateCredentialsGetNextCredential, EnumerateRpsBegin,
    EnumerateRpsGetNextRp, GetCredsMetadata, UpdateUserInformation,
};
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol::{One, Two};
use protocol::ctap::pin_uv_auth::PinUvAuthToken;
use protocol::webauthn::CredentialId;

use super::super::testing::{Bench, creation, request};
use super::*;
use crate::verification::os::Outcome;

const CM: i64 = 0x04;

/// A bench whose user is verified by the OS, and a token to manage everything with.
fn managed(bench: &mut Bench) -> PinUvAuthToken {
    bench.switch_os_on(Outcome::Verified);
    bench.token_by_uv(Two, CM, None).unwrap()
}

fn of_rp(rp_id: &str) -> Option<Value> {
    Some(int_map([(0x01, Some(rp_id_hash(&rp_id.into()).to_vec().into()))]))
}

fn descriptor(id: &CredentialId) -> Value {
    text_map([("id", Some(id.as_bytes().to_vec().into())), ("type", Some("public-key".into()))])
}

fn of_credential(id: &CredentialId) -> Option<Value> {
    Some(int_map([(0x02, Some(descriptor(id)))]))
}

fn of_user(id: &CredentialId, user: u8, name: Option<&str>, display_name: Option<&str>) -> Option<Value> {
    let user = text_map([
        ("id", Some(vec![user].into())),
        ("name", name.map(Value::from)),
        ("displayName", display_name.map(Value::from)),
    ]);
    Some(int_map([(0x02, Some(descriptor(id))), (0x03, Some(user))]))
}

fn existing(bench: &mut Bench, token: &PinUvAuthToken) -> i64 {
    bench.manage(GetCredsMetadata.number(), None, token).unwrap().int(0x01, "existing").unwrap().unwrap()
}

/// RP ID and, with the first one alone, how many there are.
fn rp(mut answer: Fields) -> (String, Option<i64>) {
    let mut rp = answer.map(0x03, "rp").unwrap().unwrap();
    let id = rp.text("id", "id").unwrap().unwrap();
    assert_eq!(answer.bytes(0x04, "rpIDHash").unwrap().unwrap(), rp_id_hash(&id.as_str().into()));
    (id, answer.int(0x05, "totalRPs").unwrap())
}

/// Credential ID and, with the first one alone, how many there are.
fn credential(mut answer: Fields) -> (CredentialId, Option<i64>) {
    let id = answer.map(0x07, "credentialID").unwrap().unwrap().bytes("id", "id").unwrap().unwrap();
    (id.into(), answer.int(0x09, "totalCredentials").unwrap())
}

fn next(bench: &mut Bench, subcommand: Subcommand) -> Result<Fields, StatusCode> {
    let request = SubcommandRequest { subcommand: subcommand.number(), ..SubcommandRequest::default() };
    let answer = bench.command(Command::CredentialManagement, &request.to_bytes())?;
    Ok(Fields::decode(&answer, "answer").unwrap())
}

#[test]
fn the_metadata_count_what_is_discoverable() {
    let mut bench = Bench::new();
    let token = managed(&mut bench);
    assert_eq!(existing(&mut bench, &token), 0);
    let id = bench.register("example.com", 1);
    bench.register("example.org", 1);
    let hidden = Options { rk: Some(false), ..Options::default() };
    bench.make(&protocol::ctap::make_credential::Request { options: hidden, ..creation("example.com", 3) }).unwrap();
    let token = managed(&mut bench);
    assert_eq!(existing(&mut bench, &token), 2);
    bench.manage(DeleteCredential.number(), of_credential(&id), &token).unwrap();
    assert_eq!(existing(&mut bench, &token), 1);
    assert_eq!(bench.environment.vault().count(), Ok(2));
}

#[test]
fn relying_parties_are_told_one_by_one_in_their_order() {
    let mut bench = Bench::new();
    for (rp_id, user) in [("b.example", 1), ("a.example", 1), ("b.example", 2), ("c.example", 1)] {
        bench.register(rp_id, user);
    }
    let hidden = Options { rk: Some(false), ..Options::default() };
    bench.make(&protocol::ctap::make_credential::Request { options: hidden, ..creation("d.example", 1) }).unwrap();
    let token = managed(&mut bench);
    let first = rp(bench.manage(EnumerateRpsBegin.number(), None, &token).unwrap());
    assert_eq!(first, ("a.example".to_owned(), Some(3)));
    assert_eq!(rp(next(&mut bench, EnumerateRpsGetNextRp).unwrap()), ("b.example".to_owned(), None));
    assert_eq!(rp(next(&mut bench, EnumerateRpsGetNextRp).unwrap()), ("c.example".to_owned(), None));
    assert_eq!(next(&mut bench, EnumerateRpsGetNextRp).err(), Some(StatusCode::NotAllowed));
}

#[test]
fn credentials_of_a_relying_party_are_told_the_oldest_first() {
    let mut bench = Bench::new();
    let ids = [1, 2, 3].map(|user| bench.register("example.com", user));
    bench.register("example.org", 1);
    let token = managed(&mut bench);
    let begin = bench.manage(EnumerateCredentialsBegin.number(), of_rp("example.com"), &token).unwrap();
    assert_eq!(credential(begin), (ids[0].clone(), Some(3)));
    for id in &ids[1..] {
        let next = next(&mut bench, EnumerateCredentialsGetNextCredential).unwrap();
        assert_eq!(credential(next), (id.clone(), None));
    }
    let end = next(&mut bench, EnumerateCredentialsGetNextCredential);
    assert_eq!(end.err(), Some(StatusCode::NotAllowed));
}

#[test]
fn where_there_is_nothing_there_are_no_credentials() {
    let mut bench = Bench::new();
    let token = managed(&mut bench);
    assert_eq!(bench.manage(EnumerateRpsBegin.number(), None, &token).err(), Some(StatusCode::NoCredentials));
    bench.register("example.org", 1);
    let token = managed(&mut bench);
    let begin = bench.manage(EnumerateCredentialsBegin.number(), of_rp("example.com"), &token);
    assert_eq!(begin.err(), Some(StatusCode::NoCredentials));
}

#[test]
fn what_follows_follows_its_own_beginning_and_nothing_in_between() {
    let mut bench = Bench::new();
    for (rp_id, user) in [("a.example", 1), ("a.example", 2), ("b.example", 1)] {
        bench.register(rp_id, user);
    }
    let token = managed(&mut bench);
    for subcommand in [EnumerateRpsGetNextRp, EnumerateCredentialsGetNextCredential] {
        assert_eq!(next(&mut bench, subcommand).err(), Some(StatusCode::NotAllowed), "nothing has begun");
    }
    bench.manage(EnumerateRpsBegin.number(), None, &token).unwrap();
    let other = next(&mut bench, EnumerateCredentialsGetNextCredential);
    assert_eq!(other.err(), Some(StatusCode::NotAllowed), "relying parties were begun with");
    assert_eq!(next(&mut bench, EnumerateRpsGetNextRp).err(), Some(StatusCode::NotAllowed), "and forgotten by that");
    bench.manage(EnumerateRpsBegin.number(), None, &token).unwrap();
    bench.info();
    assert_eq!(next(&mut bench, EnumerateRpsGetNextRp).err(), Some(StatusCode::NotAllowed), "getInfo in between");
    bench.manage(EnumerateCredentialsBegin.number(), of_rp("a.example"), &token).unwrap();
    assert_eq!(bench.get_next(), Err(StatusCode::NotAllowed), "no getAssertion");
}

#[test]
fn one_that_goes_in_the_middle_is_not_told() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let second = bench.register("example.com", 2);
    let token = managed(&mut bench);
    bench.manage(EnumerateCredentialsBegin.number(), of_rp("example.com"), &token).unwrap();
    bench.environment.vault().delete(&second, bench.environment.now).unwrap();
    let gone = next(&mut bench, EnumerateCredentialsGetNextCredential);
    assert_eq!(gone.err(), Some(StatusCode::NoCredentials));
}

#[test]
fn what_is_deleted_signs_no_more_and_can_be_restored() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let token = managed(&mut bench);
    bench.manage(DeleteCredential.number(), of_credential(&id), &token).unwrap();
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::NoCredentials));
    let again = bench.manage(DeleteCredential.number(), of_credential(&id), &token);
    assert_eq!(again.err(), Some(StatusCode::NoCredentials));
    assert!(bench.environment.vault().restore(&id).unwrap());
    assert_eq!(bench.get(&request("example.com")).unwrap().credential.id, id);
}

#[test]
fn names_are_updated_and_absent_ones_are_taken_away() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let token = managed(&mut bench);
    let names = |bench: &Bench| {
        let source = bench.environment.vault().get(&id).unwrap().unwrap();
        (source.user_name, source.user_display_name)
    };
    let long = "é".repeat(100);
    let update = of_user(&id, 1, Some("ada@example.com"), Some(&long));
    bench.manage(UpdateUserInformation.number(), update, &token).unwrap();
    assert_eq!(names(&bench), ("ada@example.com".to_owned(), "é".repeat(64)), "shortened as at creation");
    bench.manage(UpdateUserInformation.number(), of_user(&id, 1, Some(""), None), &token).unwrap();
    assert_eq!(names(&bench), (String::new(), String::new()));
    assert!(bench.get(&request("example.com")).is_ok(), "it signs as before");
}

#[test]
fn the_user_handle_is_not_changed() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let token = managed(&mut bench);
    let update = bench.manage(UpdateUserInformation.number(), of_user(&id, 2, Some("eve"), None), &token);
    assert_eq!(update.err(), Some(StatusCode::InvalidParameter));
    let unknown = CredentialId::from(vec![9; 32]);
    let update = bench.manage(UpdateUserInformation.number(), of_user(&unknown, 1, Some("eve"), None), &token);
    assert_eq!(update.err(), Some(StatusCode::NoCredentials));
    assert_eq!(bench.environment.vault().get(&id).unwrap().unwrap().user_name, "user 1");
}

#[test]
fn what_is_not_discoverable_is_not_managed() {
    let mut bench = Bench::new();
    let hidden = Options { rk: Some(false), ..Options::default() };
    bench.make(&protocol::ctap::make_credential::Request { options: hidden, ..creation("example.com", 1) }).unwrap();
    let id = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap().credential_id;
    let token = managed(&mut bench);
    assert_eq!(bench.manage(EnumerateRpsBegin.number(), None, &token).err(), Some(StatusCode::NoCredentials));
    let begin = bench.manage(EnumerateCredentialsBegin.number(), of_rp("example.com"), &token);
    assert_eq!(begin.err(), Some(StatusCode::NoCredentials));
    for (subcommand, parameters) in
        [(DeleteCredential, of_credential(&id)), (UpdateUserInformation, of_user(&id, 1, Some("eve"), None))]
    {
        assert_eq!(bench.manage(subcommand.number(), parameters, &token).err(), Some(StatusCode::NoCredentials));
    }
}
