use std::thread;

use super::*;
use crate::secret::PinHash;
use crate::verification::{MIN_PIN_LENGTH, NewPin, PinError, PinStore, PinVerifier};

#[test]
fn the_tries_are_kept_across_hosts() {
    let home = Home::new();
    PinVerifier::default().set_pin(&home.open(), &NewPin::from_text("1234", MIN_PIN_LENGTH).unwrap()).unwrap();
    let wrong = PinVerifier::default().verify(&home.open(), &PinHash::derive(b"0000"));
    assert!(matches!(wrong, Err(PinError::Invalid { retries: 7 })));
    assert_eq!(home.open().pin().unwrap().unwrap().retries(), 7);
    PinVerifier::default().verify(&home.open(), &PinHash::derive(b"1234")).unwrap();
    assert_eq!(home.open().pin().unwrap().unwrap().retries(), 8);
}

#[test]
fn hosts_at_once_share_eight_tries_and_no_more() {
    let home = Home::new();
    PinVerifier::default().set_pin(&home.open(), &NewPin::from_text("1234", MIN_PIN_LENGTH).unwrap()).unwrap();
    let hosts = [home.open(), home.open(), home.open()];
    let guessing = hosts.map(|vault| {
        thread::spawn(move || {
            let guess = || PinVerifier::default().verify(&vault, &PinHash::derive(b"0000"));
            (0..4).map(|_| guess()).collect::<Vec<_>>()
        })
    });
    let outcomes: Vec<_> = guessing.into_iter().flat_map(|host| host.join().unwrap()).collect();
    let mut left: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Err(PinError::Invalid { retries }) => *retries,
            Err(PinError::Blocked) => 0,
            other => panic!("{other:?}"),
        })
        .collect();
    left.sort();
    // The eighth try and the four after it are answered as blocked.
    assert_eq!(left, [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]);
    let right = PinVerifier::default().verify(&home.open(), &PinHash::derive(b"1234"));
    assert!(matches!(right, Err(PinError::Blocked)));
}
