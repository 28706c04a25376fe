//! What is kept with a credential and told later: credBlob, largeBlobKey, thirdPartyPayment.

use super::*;

fn cred_blob(blob: &[u8]) -> CreationInputs {
    CreationInputs { cred_blob: Some(blob.to_vec()), ..CreationInputs::default() }
}

/// What is told of the credBlob when signing in.
fn told(bench: &mut Bench) -> Option<Vec<u8>> {
    let got = bench.get(&get_with(&AssertionInputs { cred_blob: true, ..AssertionInputs::default() })).unwrap();
    outputs(&got.auth_data).bytes("credBlob", "credBlob").unwrap()
}

#[test]
fn a_cred_blob_is_kept_and_told() {
    let longest = vec![7; 1024];
    for blob in [&b"a few bytes"[..], &longest, b""] {
        let mut bench = Bench::new();
        let made = bench.make(&make_with(1, &cred_blob(blob))).unwrap();
        assert_eq!(outputs(&made.attestation_object.auth_data).bool("credBlob", "credBlob"), Ok(Some(true)));
        bench.restart();
        assert_eq!(told(&mut bench).as_deref(), Some(blob));
        let plain = bench.get(&request("example.com")).unwrap();
        assert!(outputs(&plain.auth_data).rest().is_empty(), "only to who asks");
    }
}

#[test]
fn a_cred_blob_that_is_too_long_is_told_and_not_kept() {
    let mut bench = Bench::new();
    let made = bench.make(&make_with(1, &cred_blob(&[7; 1025]))).unwrap();
    assert_eq!(outputs(&made.attestation_object.auth_data).bool("credBlob", "credBlob"), Ok(Some(false)));
    assert_eq!(told(&mut bench).as_deref(), Some(&[][..]), "nothing of it");
}

#[test]
fn a_credential_without_a_cred_blob_tells_an_empty_one() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    assert_eq!(told(&mut bench).as_deref(), Some(&[][..]));
}

#[test]
fn a_large_blob_key_is_for_discoverable_credentials_and_true_alone() {
    let mut bench = Bench::new();
    let asked = |large_blob_key| CreationInputs { large_blob_key: Some(large_blob_key), ..CreationInputs::default() };
    assert_eq!(bench.make(&make_with(1, &asked(false))), Err(StatusCode::InvalidOption));
    for rk in [None, Some(false)] {
        let options = Options { rk, ..Options::default() };
        let make = make_credential::Request { options, ..make_with(1, &asked(true)) };
        assert_eq!(bench.make(&make), Err(StatusCode::InvalidOption), "{rk:?}");
    }
    assert_eq!(bench.environment.vault().count(), Ok(0));
    let made = bench.make(&make_with(1, &asked(true))).unwrap();
    assert_eq!(made.large_blob_key.unwrap().len(), 32);
    let get = get_with(&AssertionInputs { large_blob_key: Some(false), ..AssertionInputs::default() });
    assert_eq!(bench.get(&get), Err(StatusCode::InvalidOption));
}

#[test]
fn each_credential_has_a_large_blob_key_of_its_own_for_ever() {
    let mut bench = Bench::new();
    let inputs = CreationInputs { large_blob_key: Some(true), ..CreationInputs::default() };
    let keys = [1, 2].map(|user| bench.make(&make_with(user, &inputs)).unwrap().large_blob_key.unwrap());
    assert_ne!(keys[0], keys[1]);
    bench.restart();
    let get = get_with(&AssertionInputs { large_blob_key: Some(true), ..AssertionInputs::default() });
    let mut again = [bench.get(&get).unwrap(), bench.get_next().unwrap()].map(|got| got.large_blob_key.unwrap());
    again.sort();
    let mut keys = keys;
    keys.sort();
    assert_eq!(again, keys, "in another session too");
}

#[test]
fn third_party_payment_is_told_as_it_was_asked_for() {
    for asked in [true, false] {
        let mut bench = Bench::new();
        let inputs = CreationInputs { third_party_payment: asked, ..CreationInputs::default() };
        let made = bench.make(&make_with(1, &inputs)).unwrap();
        let mut at_creation = outputs(&made.attestation_object.auth_data);
        let expected = asked.then_some(true);
        assert_eq!(at_creation.bool("thirdPartyPayment", "thirdPartyPayment"), Ok(expected));
        let inputs = AssertionInputs { third_party_payment: true, ..AssertionInputs::default() };
        let got = bench.get(&get_with(&inputs)).unwrap();
        let mut later = outputs(&got.auth_data);
        assert_eq!(later.bool("thirdPartyPayment", "thirdPartyPayment"), Ok(Some(asked)));
        let plain = bench.get(&request("example.com")).unwrap();
        assert!(outputs(&plain.auth_data).rest().is_empty(), "only to who asks");
    }
}
