use super::*;

#[test]
fn without_a_proof_nothing_is_told() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let cases = [
        (GetCredsMetadata, None),
        (EnumerateRpsBegin, None),
        (EnumerateCredentialsBegin, of_rp("example.com")),
        (DeleteCredential, of_credential(&id)),
        (UpdateUserInformation, of_user(&id, 1, None, None)),
    ];
    for (subcommand, parameters) in cases {
        let request = SubcommandRequest { subcommand: subcommand.number(), parameters, pin_uv_auth: None };
        let answer = bench.command(Command::CredentialManagement, &request.to_bytes());
        assert_eq!(answer, Err(StatusCode::PuatRequired), "{subcommand:?}, though there is no PIN");
    }
}

#[test]
fn a_token_needs_the_permission() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, 0x33, Some("example.com")).unwrap();
    for (subcommand, parameters) in
        [(GetCredsMetadata, None), (EnumerateRpsBegin, None), (EnumerateCredentialsBegin, of_rp("example.com"))]
    {
        let answer = bench.manage(subcommand.number(), parameters, &token);
        assert_eq!(answer.err(), Some(StatusCode::PinAuthInvalid), "mc, ga, lbw and acfg are not cm");
    }
}

#[test]
fn a_proof_is_for_its_subcommand_and_its_parameters() {
    for protocol in [One, Two] {
        let mut bench = Bench::new();
        let [mine, other] = [1, 2].map(|user| bench.register("example.com", user));
        bench.switch_os_on(Outcome::Verified);
        let token = bench.token_by_uv(protocol, CM, None).unwrap();
        let mut request = SubcommandRequest {
            subcommand: DeleteCredential.number(),
            parameters: of_credential(&mine),
            pin_uv_auth: None,
        };
        let message = request.authenticated_message(Command::CredentialManagement);
        request.pin_uv_auth = Some(super::super::super::testing::proof_of(&token, &message));
        let for_another = SubcommandRequest { parameters: of_credential(&other), ..request.clone() };
        let as_another = SubcommandRequest { subcommand: UpdateUserInformation.number(), ..request.clone() };
        for forged in [for_another, as_another] {
            let answer = bench.command(Command::CredentialManagement, &forged.to_bytes());
            assert_eq!(answer, Err(StatusCode::PinAuthInvalid));
        }
        assert_eq!(bench.command(Command::CredentialManagement, &request.to_bytes()), Ok(Vec::new()));
    }
}

#[test]
fn a_token_bound_to_an_rp_id_reaches_no_further() {
    let mut bench = Bench::new();
    let here = bench.register("example.com", 1);
    let there = bench.register("example.org", 1);
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, CM, Some("example.com")).unwrap();
    let refused = Some(StatusCode::PinAuthInvalid);
    assert_eq!(bench.manage(GetCredsMetadata.number(), None, &token).err(), refused);
    assert_eq!(bench.manage(EnumerateRpsBegin.number(), None, &token).err(), refused);
    let credentials = EnumerateCredentialsBegin.number();
    assert_eq!(bench.manage(credentials, of_rp("example.org"), &token).err(), refused);
    assert_eq!(bench.manage(DeleteCredential.number(), of_credential(&there), &token).err(), refused);
    let update = of_user(&there, 1, Some("eve"), None);
    assert_eq!(bench.manage(UpdateUserInformation.number(), update, &token).err(), refused);

    assert!(bench.manage(credentials, of_rp("example.com"), &token).is_ok());
    let update = of_user(&here, 1, Some("ada"), None);
    assert!(bench.manage(UpdateUserInformation.number(), update, &token).is_ok());
    assert!(bench.manage(DeleteCredential.number(), of_credential(&here), &token).is_ok());
}

#[test]
fn a_token_has_its_ten_minutes() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let token = managed(&mut bench);
    bench.environment.uptime += std::time::Duration::from_secs(29);
    assert_eq!(existing(&mut bench, &token), 1);
    bench.environment.uptime += std::time::Duration::from_secs(570);
    assert_eq!(existing(&mut bench, &token), 1);
    bench.environment.uptime += std::time::Duration::from_secs(1);
    let late = bench.manage(GetCredsMetadata.number(), None, &token);
    assert_eq!(late.err(), Some(StatusCode::PinAuthInvalid));
}

#[test]
fn members_that_a_subcommand_needs_are_missed() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 1);
    let token = managed(&mut bench);
    let short_hash = Some(int_map([(0x01, Some(vec![1; 31].into()))]));
    let cases = [
        (EnumerateCredentialsBegin, None, StatusCode::MissingParameter),
        (EnumerateCredentialsBegin, short_hash, StatusCode::InvalidParameter),
        (DeleteCredential, None, StatusCode::MissingParameter),
        (DeleteCredential, Some(Value::Array(Vec::new())), StatusCode::CborUnexpectedType),
        (UpdateUserInformation, of_credential(&id), StatusCode::MissingParameter),
    ];
    for (subcommand, parameters, status) in cases {
        let answer = bench.manage(subcommand.number(), parameters, &token);
        assert_eq!(answer.err(), Some(status), "{subcommand:?}");
    }
    assert_eq!(bench.manage(0x08, None, &token).err(), Some(StatusCode::InvalidSubcommand));
    assert_eq!(
        bench.manage(0x101, None, &token).err(),
        Some(StatusCode::InvalidSubcommand),
        "not the one of its low byte"
    );
}

#[test]
fn a_reset_is_the_end_of_what_follows() {
    let mut bench = Bench::new();
    bench.register("a.example", 1);
    bench.register("b.example", 1);
    let token = managed(&mut bench);
    bench.manage(EnumerateRpsBegin.number(), None, &token).unwrap();
    bench.environment.reset_confirmed = true;
    bench.command(Command::Reset, &[]).unwrap();
    assert_eq!(next(&mut bench, EnumerateRpsGetNextRp).err(), Some(StatusCode::NotAllowed));
    let after = bench.manage(GetCredsMetadata.number(), None, &token);
    assert_eq!(after.err(), Some(StatusCode::PinAuthInvalid));
}
