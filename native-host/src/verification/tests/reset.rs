use super::*;

const HOUR: u64 = 60 * 60 * 1000;
const ASKED: u64 = 1_700_000_000_000;

fn reset(store: &Memory, pin: &str, now: u64) -> Result<(), ResetError<std::convert::Infallible>> {
    reset_pin(store, &NewPin::from_text(pin, MIN_PIN_LENGTH).unwrap(), now)
}

#[test]
fn a_reset_is_asked_for_and_done_a_day_later() {
    let store = with_pin("1234");
    assert!(matches!(reset(&store, "5678", ASKED), Err(ResetError::NotAsked)));
    let at = ask_to_reset(&store, ASKED).unwrap();
    assert_eq!(at, ASKED + 24 * HOUR);
    assert!(matches!(reset(&store, "5678", at - 1), Err(ResetError::TooEarly { at: told }) if told == at));
    assert_eq!(ask_to_reset(&store, ASKED + HOUR).unwrap(), at, "asking again does not begin anew");
    reset(&store, "5678", at).unwrap();
    assert_eq!(retries(&store), 8);
    verify(&mut PinVerifier::default(), &store, "5678").unwrap();
    assert!(matches!(reset(&store, "9999", at + HOUR), Err(ResetError::NotAsked)), "one request, one reset");
}

#[test]
fn the_right_pin_takes_the_request_back_and_a_wrong_one_does_not() {
    let store = with_pin("1234");
    let at = ask_to_reset(&store, ASKED).unwrap();
    assert!(verify(&mut PinVerifier::default(), &store, "0000").is_err());
    assert_eq!(store.pin().unwrap().unwrap().reset_asked(), Some(ASKED));
    verify(&mut PinVerifier::default(), &store, "1234").unwrap();
    assert!(matches!(reset(&store, "5678", at), Err(ResetError::NotAsked)));
}

#[test]
fn a_locked_pin_has_a_way_back() {
    let store = with_pin("1234");
    for _ in 0..8 {
        assert!(verify(&mut PinVerifier::default(), &store, "0000").is_err());
    }
    let at = ask_to_reset(&store, ASKED).unwrap();
    assert!(matches!(verify(&mut PinVerifier::default(), &store, "1234"), Err(PinError::Blocked)), "still locked");
    reset(&store, "5678", at).unwrap();
    verify(&mut PinVerifier::default(), &store, "5678").unwrap();
}

#[test]
fn without_a_pin_there_is_nothing_to_reset() {
    let store = Memory::default();
    assert!(matches!(ask_to_reset(&store, ASKED), Err(PinError::NotSet)));
    assert!(matches!(reset(&store, "5678", ASKED), Err(ResetError::Pin(PinError::NotSet))));
}

#[test]
fn a_pin_that_must_be_changed_is_not_changed_into_itself() {
    let store = with_pin("1234");
    store.update_pin(&mut |pin| pin.map(|pin| pin.with_must_change(true))).unwrap();
    let replace = |pin: &str| PinVerifier::default().replace_pin(&store, &NewPin::from_text(pin, 4).unwrap());
    assert!(matches!(replace("1234"), Err(PinError::Unchanged)));
    assert!(store.pin().unwrap().unwrap().must_change());
    replace("5678").unwrap();
    assert!(!store.pin().unwrap().unwrap().must_change());
}

#[test]
fn a_new_pin_ends_the_persistent_token_of_the_old_one_and_a_refused_one_does_not() {
    let store = with_pin("1234");
    let give =
        || store.update_settings(&mut |settings| settings.persistent_token = PersistentToken::from_slice(&[7; 32]));
    let is_given = || store.settings().unwrap().persistent_token.is_some();
    give().unwrap();
    let change = |from: &str, to: &str| {
        let (from, to) = (PinHash::derive(from.as_bytes()), NewPin::from_text(to, MIN_PIN_LENGTH).unwrap());
        PinVerifier::default().change_pin(&store, &from, &to)
    };
    assert!(change("0000", "5678").is_err() && is_given());
    assert!(change("1234", "5678").is_ok() && !is_given());
    give().unwrap();
    assert!(reset(&store, "9999", ASKED).is_err() && is_given(), "not asked for");
    let at = ask_to_reset(&store, ASKED).unwrap();
    assert!(reset(&store, "9999", at - 1).is_err() && is_given(), "too early");
    assert!(reset(&store, "9999", at).is_ok() && !is_given());
}
