use super::*;

const CHOOSE: PinFields = PinFields::Choose { min_length: 4 };
const ENTER: PinFields = PinFields::Enter { wrong: false };

#[test]
fn where_no_pin_is_asked_nothing_is_judged() {
    assert_eq!(check(PinFields::None, "", ""), Ok(()));
}

#[test]
fn a_pin_that_is_set_may_have_any_length_but_none() {
    assert_eq!(check(ENTER, "", ""), Err(Slip::Missing));
    assert_eq!(check(ENTER, "1", ""), Ok(()));
}

#[test]
fn a_new_pin_counts_in_code_points_and_must_be_repeated() {
    assert_eq!(check(CHOOSE, "", ""), Err(Slip::Missing));
    assert_eq!(check(CHOOSE, "äöü", "äöü"), Err(Slip::TooShort(4)));
    assert_eq!(check(CHOOSE, "äöüß", "äöü"), Err(Slip::Mismatch));
    assert_eq!(check(CHOOSE, "äöüß", "äöüß"), Ok(()));
}

#[test]
fn the_cursor_goes_where_the_slip_is() {
    assert_eq!(Slip::Missing.field(ENTER), "pin");
    assert_eq!(Slip::Missing.field(CHOOSE), "pin-new");
    assert_eq!(Slip::TooShort(4).field(CHOOSE), "pin-new");
    assert_eq!(Slip::Mismatch.field(CHOOSE), "pin-repeat");
}
