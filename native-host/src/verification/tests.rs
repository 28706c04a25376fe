mod reset;
mod settings;

use std::cell::{Cell, RefCell};

use super::*;
use crate::secret::PersistentToken;

/// A store that keeps the bytes of the PIN's record and of the settings', as the vault does.
#[derive(Default)]
struct Memory(RefCell<Option<Vec<u8>>>, RefCell<Option<Vec<u8>>>);

impl PinStore for Memory {
    type Error = std::convert::Infallible;

    fn pin(&self) -> Result<Option<PinRecord>, Self::Error> {
        Ok(self.0.borrow().as_deref().map(|bytes| PinRecord::decode(bytes).unwrap()))
    }

    fn update_pin(&self, change: &mut dyn FnMut(Option<&PinRecord>) -> Option<PinRecord>) -> Result<(), Self::Error> {
        let before = self.pin()?;
        if let Some(after) = change(before.as_ref()) {
            *self.0.borrow_mut() = Some(after.encode());
        }
        Ok(())
    }
}

impl SettingsStore for Memory {
    type Error = std::convert::Infallible;

    fn settings(&self) -> Result<Settings, Self::Error> {
        Ok(self.1.borrow().as_deref().map_or_else(Settings::default, |bytes| Settings::decode(bytes).unwrap()))
    }

    fn update_settings(&self, change: &mut dyn FnMut(&mut Settings)) -> Result<(), Self::Error> {
        let mut settings = self.settings()?;
        change(&mut settings);
        *self.1.borrow_mut() = Some(settings.encode().to_vec());
        Ok(())
    }
}

/// A store that takes so many writes and then no more, as when the host is killed.
struct Failing(Memory, Cell<u8>);

impl PinStore for Failing {
    type Error = &'static str;

    fn pin(&self) -> Result<Option<PinRecord>, Self::Error> {
        Ok(self.0.pin().unwrap())
    }

    fn update_pin(&self, change: &mut dyn FnMut(Option<&PinRecord>) -> Option<PinRecord>) -> Result<(), Self::Error> {
        let left = self.1.get().checked_sub(1).ok_or("no more writes")?;
        self.1.set(left);
        self.0.update_pin(change).unwrap();
        Ok(())
    }
}

fn with_pin(pin: &str) -> Memory {
    let store = Memory::default();
    PinVerifier::default().set_pin(&store, &NewPin::from_text(pin, MIN_PIN_LENGTH).unwrap()).unwrap();
    store
}

fn verify<S: PinStore>(session: &mut PinVerifier, store: &S, pin: &str) -> Outcome<S> {
    session.verify(store, &PinHash::derive(pin.as_bytes()))
}

fn retries(store: &Memory) -> u8 {
    store.pin().unwrap().map_or(MAX_RETRIES, |pin| pin.retries())
}

#[test]
fn without_a_pin_nothing_is_verified() {
    let store = Memory::default();
    let mut session = PinVerifier::default();
    assert!(matches!(verify(&mut session, &store, "1234"), Err(PinError::NotSet)));
}

#[test]
fn the_right_pin_verifies_and_gives_all_tries_back() {
    let store = with_pin("1234");
    let mut session = PinVerifier::default();
    assert!(matches!(verify(&mut session, &store, "1235"), Err(PinError::Invalid { retries: 7 })));
    assert_eq!(retries(&store), 7);
    verify(&mut session, &store, "1234").unwrap();
    assert_eq!(retries(&store), 8);
}

#[test]
fn three_wrong_in_a_row_block_the_session_and_cost_no_more_tries() {
    let store = with_pin("1234");
    let mut session = PinVerifier::default();
    for _ in 0..2 {
        assert!(matches!(verify(&mut session, &store, "0000"), Err(PinError::Invalid { .. })));
    }
    assert!(matches!(verify(&mut session, &store, "0000"), Err(PinError::AuthBlocked)));
    assert!(matches!(verify(&mut session, &store, "1234"), Err(PinError::AuthBlocked)), "even the right one");
    assert_eq!(retries(&store), 5);
    verify(&mut PinVerifier::default(), &store, "1234").unwrap();
}

#[test]
fn a_right_one_in_between_begins_the_count_in_a_row_anew() {
    let store = with_pin("1234");
    let mut session = PinVerifier::default();
    for pin in ["0000", "0000", "1234", "0000", "0000"] {
        let outcome = verify(&mut session, &store, pin);
        assert!(matches!(outcome, Ok(()) | Err(PinError::Invalid { .. })), "{outcome:?}");
    }
    assert!(matches!(verify(&mut session, &store, "0000"), Err(PinError::AuthBlocked)));
}

#[test]
fn eight_wrong_lock_the_pin_for_every_session() {
    let store = with_pin("1234");
    for _ in 0..7 {
        assert!(verify(&mut PinVerifier::default(), &store, "0000").is_err());
    }
    assert!(matches!(verify(&mut PinVerifier::default(), &store, "0000"), Err(PinError::Blocked)));
    assert_eq!(retries(&store), 0);
    assert!(matches!(verify(&mut PinVerifier::default(), &store, "1234"), Err(PinError::Blocked)));
}

#[test]
fn a_try_is_taken_before_looking_and_given_back_after() {
    for pin in ["1234", "0000"] {
        let unwritable = Failing(with_pin("1234"), Cell::new(0));
        let outcome = verify(&mut PinVerifier::default(), &unwritable, pin);
        assert!(matches!(outcome, Err(PinError::Store(_))), "without a try taken nothing is told");
    }
    let killed = Failing(with_pin("1234"), Cell::new(1));
    assert!(matches!(verify(&mut PinVerifier::default(), &killed, "1234"), Err(PinError::Store(_))));
    assert_eq!(retries(&killed.0), 7, "killed before the tries were given back");
}

#[test]
fn a_pin_is_set_once_and_then_changed() {
    let store = with_pin("1234");
    let mut session = PinVerifier::default();
    let new = NewPin::from_text("5678", MIN_PIN_LENGTH).unwrap();
    assert!(matches!(session.set_pin(&store, &new), Err(PinError::AlreadySet)));
    let wrong = session.change_pin(&store, &PinHash::derive(b"0000"), &new);
    assert!(matches!(wrong, Err(PinError::Invalid { retries: 7 })));
    session.change_pin(&store, &PinHash::derive(b"1234"), &new).unwrap();
    assert!(verify(&mut session, &store, "1234").is_err());
    verify(&mut session, &store, "5678").unwrap();
}

#[test]
fn a_pin_has_four_code_points_and_at_most_63_bytes() {
    let fits = |pin: &str| NewPin::from_text(pin, MIN_PIN_LENGTH).is_ok();
    assert!(fits("1234") && fits("äöüß") && fits(&"1".repeat(63)));
    assert!(!fits("123") && !fits("äöü") && !fits("") && !fits(&"1".repeat(64)) && !fits("12\x003"));
    assert!(NewPin::from_text("1234567", 8).is_err() && NewPin::from_text("äöüßäöüß", 8).is_ok());
}

#[test]
fn a_padded_pin_is_read_up_to_its_padding() {
    let mut padded = [0; 64];
    padded[..4].copy_from_slice(b"1234");
    let pin = NewPin::from_padded(&padded, MIN_PIN_LENGTH).unwrap();
    assert!(pin.hash().same_as(&PinHash::derive(b"1234")));
    assert!(NewPin::from_padded(&padded[..63], MIN_PIN_LENGTH).is_err());
    assert!(NewPin::from_padded(&[b'1'; 64], MIN_PIN_LENGTH).is_err(), "no padding");
    assert!(NewPin::from_padded(&[0; 64], MIN_PIN_LENGTH).is_err());
    padded[..4].copy_from_slice(&[0xff; 4]);
    assert!(NewPin::from_padded(&padded, MIN_PIN_LENGTH).is_err(), "not UTF-8");
}

#[test]
fn the_record_has_neither_pin_nor_its_hash() {
    let store = with_pin("1234");
    let bytes = store.0.borrow().clone().unwrap();
    let hash = PinHash::derive(b"1234");
    assert!(!bytes.windows(4).any(|window| window == b"1234"));
    assert!(!bytes.windows(16).any(|window| window == hash.expose_secret()));
    // {1: 1, 2: 16 bytes, 3: 32 bytes, 4: [65536, 3, 1], 5: 8, 6: 4}
    assert_eq!(bytes[..5], [0xa6, 0x01, 0x01, 0x02, 0x50]);
    let end = [0x04, 0x83, 0x1a, 0x00, 0x01, 0x00, 0x00, 0x03, 0x01, 0x05, 0x08, 0x06, 0x04];
    assert_eq!(bytes[bytes.len() - 13..], end);
}

#[test]
fn a_record_with_impossible_numbers_is_refused() {
    let store = with_pin("1234");
    let sound = store.0.borrow().clone().unwrap();
    let changed = |at: usize, byte: u8| {
        let mut bytes = sound.clone();
        let at = bytes.len() - at;
        bytes[at] = byte;
        PinRecord::decode(&bytes)
    };
    assert!(changed(3, 9).is_err(), "nine tries");
    assert!(changed(10, 0xff).is_err(), "terabytes");
    assert!(changed(3, 7).is_ok());
}
