//! SYNC §9 and §11: what people type.

use crate::keys::{BadCode, BadWords, JoinCode, PaperKey};
use crate::testing::rng;

#[test]
fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
    let code = JoinCode::from_text("7QK4-M2XB-P9DT-3HWE").unwrap();
    assert_eq!(*code.text(), "7QK4-M2XB-P9DT-3HWE");
    for typed in ["7qk4m2xbp9dt3hwe", " 7QK4 M2XB P9DT 3HWE\n", "7QK4–M2XB.P9DT_3hwe"] {
        assert!(JoinCode::from_text(typed).unwrap().same_as(&code), "{typed}");
    }
    let look_alikes = JoinCode::from_text("OIL0-1uUv-0000-0000").unwrap();
    assert_eq!(*look_alikes.text(), "0110-1VVV-0000-0000");
    assert_eq!(JoinCode::from_text("7QK4-M2XB-P9DT-3HW").err(), Some(BadCode::Length(15)));
    assert_eq!(JoinCode::from_text("7QK4-M2XB-P9DT-3HWEE").err(), Some(BadCode::Length(17)));
    assert_eq!(JoinCode::from_text("7QK4-M2XB-P9DT-3HW!").err(), Some(BadCode::Character('!')));
}

#[test]
fn words_are_read_as_people_type_them_and_mistakes_are_told() {
    let key = PaperKey::generate(&mut rng(1));
    let words = key.words();
    assert!(PaperKey::from_words(&words).unwrap().same_as(&key));
    let list: Vec<&str> = words.split(' ').collect();
    assert_eq!(list.len(), 24);
    let numbered: String = list.iter().zip(1..).map(|(word, n)| format!("{n}. {}\n", word.to_uppercase())).collect();
    assert!(PaperKey::from_words(&numbered).unwrap().same_as(&key));
    let short: Vec<_> = list.iter().map(|word| &word[..word.len().min(4)]).collect();
    assert!(PaperKey::from_words(&short.join(", ")).unwrap().same_as(&key));
    assert_eq!(PaperKey::from_words(&list[1..].join(" ")).err(), Some(BadWords::Count(23)));
    let mut wrong = list.clone();
    wrong[6] = "abandonn";
    assert_eq!(PaperKey::from_words(&wrong.join(" ")).err(), Some(BadWords::Unknown(7)));
    wrong[6] = if list[6] == "zoo" { "zone" } else { "zoo" };
    assert_eq!(PaperKey::from_words(&wrong.join(" ")).err(), Some(BadWords::Checksum));
}
