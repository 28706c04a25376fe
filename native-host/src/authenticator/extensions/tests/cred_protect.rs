use super::*;

fn protected(policy: i64) -> CreationInputs {
    CreationInputs { cred_protect: Some(policy), ..CreationInputs::default() }
}

/// A bench whose OS verifies whoever asks for it, and a passkey under `policy`.
fn with(policy: i64) -> (Bench, CredentialId) {
    let mut bench = Bench::new();
    bench.switch_os_on(Outcome::Verified);
    let made = bench.make(&make_with(1, &protected(policy))).unwrap();
    (bench, id(&made))
}

#[test]
fn who_hears_of_a_credential_when_signing_in() {
    // policy, verified, listed: is it used?
    let cases = [
        (1, false, false, true),
        (1, false, true, true),
        (1, true, false, true),
        (1, true, true, true),
        (2, false, false, false),
        (2, false, true, true),
        (2, true, false, true),
        (2, true, true, true),
        (3, false, false, false),
        (3, false, true, false),
        (3, true, false, true),
        (3, true, true, true),
    ];
    for (policy, verified, is_listed, used) in cases {
        let (mut bench, id) = with(policy);
        let allow_list = if is_listed { listed(&id) } else { Vec::new() };
        let get = get_assertion::Request { allow_list, ..request("example.com") };
        let got = bench.get(&if verified { get_verified(get) } else { get });
        let expected = if used { Ok(id) } else { Err(StatusCode::NoCredentials) };
        let got = got.map(|response| response.credential.id);
        assert_eq!(got, expected, "policy {policy}, verified {verified}, listed {is_listed}");
    }
}

#[test]
fn who_hears_of_an_excluded_credential() {
    for (policy, verified, told) in
        [(1, false, true), (1, true, true), (2, false, true), (2, true, true), (3, false, false), (3, true, true)]
    {
        let (mut bench, id) = with(policy);
        let make = make_credential::Request { exclude_list: listed(&id), ..creation("example.com", 2) };
        let made = bench.make(&if verified { make_verified(make) } else { make });
        let expected = told.then_some(StatusCode::CredentialExcluded);
        assert_eq!(made.err(), expected, "policy {policy}, verified {verified}");
    }
}

#[test]
fn one_that_is_told_of_hides_none_that_is_not() {
    let (mut bench, hidden) = with(3);
    let open = id(&bench.make(&creation("example.com", 2)).unwrap());
    let got = bench.get(&request("example.com")).unwrap();
    assert_eq!((got.credential.id, got.number_of_credentials), (open.clone(), None), "no count gives it away");
    let allow_list = [listed(&hidden), listed(&open)].concat();
    let get = get_assertion::Request { allow_list, ..request("example.com") };
    assert_eq!(bench.get(&get).unwrap().credential.id, open);
    let verified = bench.get(&get_verified(request("example.com"))).unwrap();
    assert_eq!(verified.number_of_credentials, Some(2));
}

#[test]
fn only_looking_does_not_reveal_it_either() {
    let (mut bench, id) = with(3);
    let options = Options { up: Some(false), ..Options::default() };
    let look = get_assertion::Request { allow_list: listed(&id), options, ..request("example.com") };
    assert_eq!(bench.get(&look), Err(StatusCode::NoCredentials));
}

#[test]
fn the_policy_is_told_back_and_to_whoever_manages() {
    for policy in [1, 2, 3] {
        let (mut bench, _) = with(policy);
        let made = bench.make(&make_with(2, &protected(policy))).unwrap();
        let mut outputs = outputs(&made.attestation_object.auth_data);
        assert_eq!(outputs.int("credProtect", "credProtect"), Ok(Some(policy)));
        let token = bench.token_by_uv(Two, 0x04, None).unwrap();
        let hash = protocol::webauthn::authenticator_data::rp_id_hash(&"example.com".into());
        let parameters = protocol::cbor::int_map([(0x01, Some(hash.to_vec().into()))]);
        let mut first = bench.manage(0x04, Some(parameters), &token).unwrap();
        assert_eq!(first.int(0x0a, "credProtect"), Ok(Some(policy)));
        let request = SubcommandRequest { subcommand: 0x05, ..SubcommandRequest::default() };
        let next = bench.command(Command::CredentialManagement, &request.to_bytes()).unwrap();
        assert_eq!(Fields::decode(&next, "next").unwrap().int(0x0a, "credProtect"), Ok(Some(policy)));
    }
}

#[test]
fn there_is_no_fourth_policy() {
    let mut bench = Bench::new();
    for policy in [0, 4, -1] {
        assert_eq!(bench.make(&make_with(1, &protected(policy))), Err(StatusCode::InvalidOption), "{policy}");
    }
    assert_eq!(bench.environment.vault().count(), Ok(0));
}
