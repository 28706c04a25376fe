use protocol::cose::CoseKey;
use protocol::ctap::make_credential::Request;

use super::super::testing::{Bench, creation};
use super::*;

const ES256: i64 = -7;
const RS256: i64 = -257;

fn made(bench: &mut Bench, algorithm: i64) -> CoseKey {
    let made = bench.make(&Request { algorithms: vec![algorithm], ..creation("example.com", 1) }).unwrap();
    let data = made.attestation_object.authenticator_data().unwrap();
    data.attested_credential_data.unwrap().public_key
}

#[test]
fn the_key_made_ahead_is_the_one_that_is_used_and_used_once() {
    let mut bench = Bench::new();
    let ahead = KeyPair::generate(SLOW).unwrap();
    let public_key = ahead.public_key.clone();
    bench.authenticator.spare_key.0 = Some(thread::spawn(|| Ok(ahead)));
    assert_ne!(made(&mut bench, ES256), public_key, "another algorithm leaves it there");
    assert!(bench.authenticator.spare_key.0.is_some());
    assert_eq!(made(&mut bench, RS256), public_key);
    assert!(bench.authenticator.spare_key.0.is_none());
}

#[test]
fn one_is_made_ahead_where_it_will_be_asked_for_first() {
    let mut bench = Bench::new();
    for algorithms in [&[][..], &[-999], &[ES256, RS256]] {
        bench.authenticator.prepare(algorithms);
        assert!(bench.authenticator.spare_key.0.is_none(), "{algorithms:?}");
    }
    bench.authenticator.prepare(&[-999, RS256, ES256]);
    let thread = bench.authenticator.spare_key.0.as_ref().unwrap().thread().id();
    bench.authenticator.prepare(&[RS256]);
    assert_eq!(bench.authenticator.spare_key.0.as_ref().unwrap().thread().id(), thread, "one is enough");
    assert_eq!(made(&mut bench, RS256).algorithm(), RS256);
}

#[test]
fn where_making_it_ahead_failed_it_is_made_now() {
    let mut bench = Bench::new();
    bench.authenticator.spare_key.0 = Some(thread::spawn(|| panic!("as out of memory")));
    assert_eq!(made(&mut bench, RS256).algorithm(), RS256);
}

#[test]
fn what_fails_for_want_of_randomness_is_told() {
    let mut spare = SpareKey(Some(thread::spawn(|| Err(NoRandomness))));
    assert_eq!(spare.take_or_generate(SLOW).err(), Some(NoRandomness));
}
