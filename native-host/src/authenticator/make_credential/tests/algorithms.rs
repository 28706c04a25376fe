use super::*;
use crate::credential::verifies;

fn made_with(bench: &mut Bench, algorithms: &[i64]) -> i64 {
    let made = bench.make(&Request { algorithms: algorithms.to_vec(), ..creation("example.com", 1) }).unwrap();
    let key = data(&made).attested_credential_data.unwrap().public_key;
    let source = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap();
    assert_eq!((source.algorithm.number(), &source.public_key), (key.algorithm(), &key));
    key.algorithm()
}

#[test]
fn the_relying_partys_order_decides() {
    let mut bench = Bench::new();
    // RS256 is tried alone: its keys take their time.
    for first in [-7, -8, -35, -48, -49] {
        let mut algorithms: Vec<i64> =
            CoseAlgorithmIdentifier::ALL.iter().map(|algorithm| algorithm.number()).collect();
        algorithms.retain(|number| *number != first);
        algorithms.insert(0, first);
        assert_eq!(made_with(&mut bench, &algorithms), first);
    }
    assert_eq!(made_with(&mut bench, &[-999, -257, -7]), -257);
    assert_eq!(made_with(&mut bench, &[-999, -37, -49, -7]), -49, "the first that Keystow has");
}

#[test]
fn each_algorithm_signs_when_it_is_made_and_when_it_is_used() {
    let mut bench = Bench::new();
    for algorithm in [-7, -8, -35, -257, -48, -49] {
        let attestation_formats = vec!["packed".to_owned()];
        let creation = Request { algorithms: vec![algorithm], attestation_formats, ..creation("example.com", 1) };
        let made = bench.make(&creation).unwrap();
        let key = data(&made).attested_credential_data.unwrap().public_key;
        let AttestationStatement::PackedSelf { algorithm: named, signature } = &made.attestation_object.statement
        else {
            panic!("no self attestation by {algorithm}")
        };
        assert_eq!(*named, algorithm);
        let message = [&made.attestation_object.auth_data[..], &HASH.0].concat();
        assert!(verifies(&key, &message, signature), "{algorithm}");
        let got = bench.get(&request("example.com")).unwrap();
        assert!(verifies(&key, &[&got.auth_data[..], &HASH.0].concat(), &got.signature), "{algorithm}");
    }
}
