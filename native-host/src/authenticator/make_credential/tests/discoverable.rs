use super::*;

fn hidden(user: u8) -> Request {
    Request { options: Options { rk: Some(false), ..Options::default() }, ..creation("example.com", user) }
}

fn id(made: &Response) -> CredentialId {
    data(made).attested_credential_data.unwrap().credential_id
}

#[test]
fn one_that_is_not_discoverable_is_kept_all_the_same() {
    let mut bench = Bench::new();
    for options in [Options { rk: Some(false), ..Options::default() }, Options::default()] {
        let made = bench.make(&Request { options, ..creation("example.com", 1) }).unwrap();
        let source = bench.environment.vault().get(&id(&made)).unwrap().unwrap();
        assert!(!source.discoverable, "{options:?}");
    }
}

#[test]
fn it_serves_whoever_names_it_and_nobody_else() {
    let mut bench = Bench::new();
    let hidden = id(&bench.make(&hidden(1)).unwrap());
    assert_eq!(bench.get(&request("example.com")), Err(StatusCode::NoCredentials));
    let named = protocol::ctap::get_assertion::Request {
        allow_list: exclude(std::slice::from_ref(&hidden)),
        ..request("example.com")
    };
    assert_eq!(bench.get(&named).unwrap().credential.id, hidden);
    let elsewhere = protocol::ctap::get_assertion::Request { rp_id: "example.org".into(), ..named };
    assert_eq!(bench.get(&elsewhere), Err(StatusCode::NoCredentials));
    let open = bench.register("example.com", 2);
    let got = bench.get(&request("example.com")).unwrap();
    assert_eq!((got.credential.id, got.number_of_credentials), (open, None));
}

#[test]
fn it_is_excluded_like_any_other() {
    let mut bench = Bench::new();
    let hidden_id = id(&bench.make(&hidden(1)).unwrap());
    let again = Request { exclude_list: exclude(&[hidden_id]), ..hidden(1) };
    assert_eq!(bench.make(&again), Err(StatusCode::CredentialExcluded));
}

#[test]
fn only_discoverable_ones_replace_each_other() {
    let mut bench = Bench::new();
    let open = bench.register("example.com", 1);
    let [first, second] = [1, 1].map(|user| id(&bench.make(&hidden(user)).unwrap()));
    let vault = bench.environment.vault();
    assert!([&open, &first, &second].iter().all(|id| vault.get(id).unwrap().is_some()));
    let newer = bench.register("example.com", 1);
    let vault = bench.environment.vault();
    assert!([&newer, &first, &second].iter().all(|id| vault.get(id).unwrap().is_some()));
    assert!(vault.get(&open).unwrap().is_none());
}
