use super::*;

const SET: manage::Verification = manage::Verification { pin_set: true, retries: 5, min_pin_length: 4 };
const UNSET: manage::Verification = manage::Verification { pin_set: false, retries: 8, min_pin_length: 6 };

#[test]
fn required_asks_for_the_pin_or_for_a_new_one() {
    let required = Some(UserVerificationRequirement::Required);
    assert_eq!(effective(required, SET), Verification::Pin { retries: 5 });
    assert_eq!(effective(required, UNSET), Verification::NewPin { min_length: 6 });
}

#[test]
fn preferred_is_the_default_and_asks_only_for_a_pin_that_is_set() {
    for preferred in [None, Some(UserVerificationRequirement::Preferred)] {
        assert_eq!(effective(preferred, SET), Verification::Pin { retries: 5 });
        assert_eq!(effective(preferred, UNSET), Verification::None);
    }
}

#[test]
fn discouraged_asks_for_nothing() {
    for state in [SET, UNSET] {
        assert_eq!(effective(Some(UserVerificationRequirement::Discouraged), state), Verification::None);
    }
}

#[test]
fn a_locked_pin_is_said_at_once() {
    let locked = manage::Verification { retries: 0, ..SET };
    let verification = effective(None, locked);
    assert_eq!(verification, Verification::Pin { retries: 0 });
    assert_eq!(notice(verification), Some(Notice::PinLocked));
    assert_eq!(notice(Verification::Pin { retries: 1 }), None);
}
