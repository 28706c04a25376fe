use super::*;

const UNSET: manage::Verification = manage::Verification {
    pin_set: false,
    retries: 8,
    min_pin_length: 6,
    must_change_pin: false,
    built_in: false,
    always: false,
};
const SET: manage::Verification = manage::Verification { pin_set: true, retries: 5, ..UNSET };
const BUILT_IN: manage::Verification = manage::Verification { built_in: true, ..UNSET };

const REQUIRED: Option<UserVerificationRequirement> = Some(UserVerificationRequirement::Required);
const PREFERRED: Option<UserVerificationRequirement> = Some(UserVerificationRequirement::Preferred);
const DISCOURAGED: Option<UserVerificationRequirement> = Some(UserVerificationRequirement::Discouraged);

#[test]
fn required_asks_for_the_pin_or_for_a_new_one() {
    assert_eq!(effective(REQUIRED, SET), Verification::Pin { retries: 5 });
    assert_eq!(effective(REQUIRED, UNSET), Verification::NewPin { min_length: 6 });
}

#[test]
fn preferred_is_the_default_and_asks_only_for_what_is_set_up() {
    for preferred in [None, PREFERRED] {
        assert_eq!(effective(preferred, SET), Verification::Pin { retries: 5 });
        assert_eq!(effective(preferred, BUILT_IN), Verification::BuiltIn { pin: false });
        assert_eq!(effective(preferred, UNSET), Verification::None);
    }
}

#[test]
fn discouraged_asks_for_nothing() {
    for state in [SET, UNSET, BUILT_IN] {
        assert_eq!(effective(DISCOURAGED, state), Verification::None);
    }
}

#[test]
fn always_asks_whatever_the_page_wants() {
    let always = |state| manage::Verification { always: true, ..state };
    for requirement in [None, REQUIRED, PREFERRED, DISCOURAGED] {
        assert_eq!(effective(requirement, always(SET)), Verification::Pin { retries: 5 });
        assert_eq!(effective(requirement, always(BUILT_IN)), Verification::BuiltIn { pin: false });
        assert_eq!(effective(requirement, always(UNSET)), Verification::NewPin { min_length: 6 });
    }
}

#[test]
fn the_os_goes_before_the_pin() {
    let both = manage::Verification { built_in: true, ..SET };
    for requirement in [REQUIRED, PREFERRED] {
        assert_eq!(effective(requirement, both), Verification::BuiltIn { pin: true });
    }
    assert_eq!(effective(REQUIRED, BUILT_IN), Verification::BuiltIn { pin: false });
}

#[test]
fn a_pin_that_is_not_good_now_is_no_other_way() {
    for not_good in [manage::Verification { retries: 0, ..SET }, manage::Verification { must_change_pin: true, ..SET }]
    {
        let both = manage::Verification { built_in: true, ..not_good };
        assert_eq!(effective(REQUIRED, both), Verification::BuiltIn { pin: false });
        assert_eq!(notice(effective(REQUIRED, both), both), None);
    }
}

#[test]
fn a_locked_pin_is_said_at_once() {
    let locked = manage::Verification { retries: 0, must_change_pin: true, ..SET };
    let verification = effective(None, locked);
    assert_eq!(verification, Verification::Pin { retries: 0 });
    assert_eq!(notice(verification, locked), Some(Notice::PinLocked));
    assert_eq!(notice(Verification::Pin { retries: 1 }, manage::Verification { retries: 1, ..SET }), None);
}

#[test]
fn a_pin_that_must_be_changed_is_said_at_once_where_it_would_be_asked_for() {
    let must_change = manage::Verification { must_change_pin: true, ..SET };
    assert_eq!(notice(effective(None, must_change), must_change), Some(Notice::PinMustChange));
    assert_eq!(notice(effective(DISCOURAGED, must_change), must_change), None);
}
