//! SYNC §9: the code with which a device joins.

use proptest::prelude::*;

use crate::keys::{BadCode, JoinCode};
use crate::testing::rng;

#[test]
fn a_code_is_80_bits_in_groups_of_four() {
    // 5 bits each, the first bits first: 00000 00000 00000 10000 00100 …
    let code = JoinCode::from_slice(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).unwrap();
    assert_eq!(*code.text(), "000G-40R4-0M30-E209");
    assert_eq!(*JoinCode::from_slice(&[0xff; 10]).unwrap().text(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    assert!(!JoinCode::generate(&mut rng(1)).same_as(&JoinCode::generate(&mut rng(2))));
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let code = JoinCode::from_text("7QK4-M2XB-P9DT-3HWE").unwrap();
    assert_eq!(*code.text(), "7QK4-M2XB-P9DT-3HWE");
    for typed in ["7qk4m2xbp9dt3hwe", " 7QK4 M2XB P9DT 3HWE\n", "7QK4–M2XB.P9DT_3hwe", "7Q K4-M2\u{a0}XBP9DT3HWE"] {
        assert!(JoinCode::from_text(typed).unwrap().same_as(&code), "{typed}");
    }
}

#[test]
fn look_alikes_are_read_as_what_was_shown() {
    assert_eq!(*JoinCode::from_text("OoIi-Ll00-1uUv-0000").unwrap().text(), "0011-1100-1VVV-0000");
}

#[test]
fn what_is_no_code_is_refused_and_the_reason_told() {
    for (typed, wrong) in [
        ("", BadCode::Length(0)),
        ("7QK4-M2XB-P9DT-3HW", BadCode::Length(15)),
        ("7QK4-M2XB-P9DT-3HWEE", BadCode::Length(17)),
        ("7QK4-M2XB-P9DT-3HW!", BadCode::Character('!')),
        ("7QK4-M2XB-P9DT-3HWÉ", BadCode::Character('É')),
    ] {
        assert_eq!(JoinCode::from_text(typed).err(), Some(wrong), "{typed}");
    }
}

proptest! {
    #[test]
    fn every_code_is_read_back_from_its_text(bytes in any::<[u8; 10]>()) {
        let code = JoinCode::from_slice(&bytes).unwrap();
        let text = code.text();
        prop_assert!(JoinCode::from_text(&text).unwrap().same_as(&code));
        prop_assert!(JoinCode::from_text(&text.to_lowercase().replace('-', "")).unwrap().same_as(&code));
        prop_assert!(!text.contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn every_mistyped_character_makes_another_code_or_none(bytes in any::<[u8; 10]>(), at in 0_usize..19, typed in any::<char>()) {
        let code = JoinCode::from_slice(&bytes).unwrap();
        let mut text: Vec<char> = code.text().chars().collect();
        let was = std::mem::replace(&mut text[at], typed);
        let text: String = text.iter().collect();
        if let Ok(read) = JoinCode::from_text(&text) {
            let look_alikes = [('0', "Oo"), ('1', "IiLl"), ('V', "Uu")];
            let meant = typed.to_ascii_uppercase() == was
                || look_alikes.iter().any(|(shown, typed_for)| was == *shown && typed_for.contains(typed))
                || was == '-';
            prop_assert_eq!(read.same_as(&code), meant, "{}", text);
        }
    }

    #[test]
    fn two_codes_have_two_mailboxes(a in any::<[u8; 10]>(), b in any::<[u8; 10]>()) {
        let [first, second] = [a, b].map(|bytes| JoinCode::from_slice(&bytes).unwrap().mailbox());
        prop_assert_eq!(first.slot == second.slot, a == b);
        prop_assert_eq!(first.ask.same_as(&second.ask), a == b);
        prop_assert!(!first.ask.same_as(&first.yes));
    }
}
