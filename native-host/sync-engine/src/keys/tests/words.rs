//! SYNC §11: the recovery key as words.

use proptest::prelude::*;

use crate::keys::{BadWords, PaperKey};
use crate::testing::{hex, rng};

/// BIP-39's own test vectors of 32 bytes (bip-0039, "Test vectors").
#[test]
fn the_words_are_bip_39s() {
    let twenty_three = |word: &str, last: &str| format!("{}{last}", format!("{word} ").repeat(23));
    for (entropy, words) in [
        ("00".repeat(32), twenty_three("abandon", "art")),
        ("ff".repeat(32), twenty_three("zoo", "vote")),
        (
            "7f".repeat(32),
            "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year \
             wave sausage worth title"
                .to_owned(),
        ),
        (
            "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f".to_owned(),
            "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten \
             exist slush involve unfold"
                .to_owned(),
        ),
    ] {
        let key = PaperKey::from_slice(&hex(&entropy)).unwrap();
        assert_eq!(*key.words(), words);
        assert!(PaperKey::from_words(&words).unwrap().same_as(&key));
    }
}

#[test]
fn words_are_read_as_people_type_them() {
    let key = PaperKey::generate(&mut rng(1));
    let words = key.words();
    let list: Vec<&str> = words.split(' ').collect();
    let numbered: String = list.iter().zip(1..).map(|(word, n)| format!("{n}. {}\n", word.to_uppercase())).collect();
    let short: Vec<_> = list.iter().map(|word| &word[..word.len().min(4)]).collect();
    for typed in [numbered, short.join(", "), format!("  {}\t", list.join("\u{a0}\n"))] {
        assert!(PaperKey::from_words(&typed).unwrap().same_as(&key), "{typed}");
    }
}

/// `act` is a word, and the beginning of `action`; `acti` is the beginning of `action` alone; `ac` and `abandonn` are nothing.
#[test]
fn four_letters_are_enough_and_three_are_the_word_itself() {
    let with = |word: &str| PaperKey::from_words(&format!("{}{word}", "abandon ".repeat(23))).err();
    assert_eq!(with("art"), None);
    for (word, wrong) in [
        ("act", BadWords::Checksum),
        ("acti", BadWords::Checksum),
        ("action", BadWords::Checksum),
        ("ac", BadWords::Unknown(24)),
        ("zzzz", BadWords::Unknown(24)),
        ("abandonn", BadWords::Unknown(24)),
        ("ärt", BadWords::Unknown(24)),
    ] {
        assert_eq!(with(word), Some(wrong), "{word}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    assert_eq!(PaperKey::from_words("").err(), Some(BadWords::Count(0)));
    assert_eq!(PaperKey::from_words(&"abandon ".repeat(23)).err(), Some(BadWords::Count(23)));
    assert_eq!(PaperKey::from_words(&"abandon ".repeat(25)).err(), Some(BadWords::Count(25)));
    let told = PaperKey::from_words(&format!("{} zebrra", "abandon ".repeat(23))).err().map(|error| error.to_string());
    assert!(told.is_some_and(|told| told.starts_with("Word 24 ") && !told.contains("zebrra")));
}

/// Eight bits of checksum: of wrong words one in 256 passes.
#[test]
fn a_word_taken_for_another_is_found_all_but_always() {
    let mut rng = rng(5);
    let list = bip39::Language::English.word_list();
    let mut passed = 0;
    for round in 0..2000 {
        let key = PaperKey::generate(&mut rng);
        let words = key.words();
        let mut words: Vec<&str> = words.split(' ').collect();
        let (place, word) = (round % 24, list[round * 7919 % 2048]);
        words[place] = if words[place] == word { list[(round * 7919 + 1) % 2048] } else { word };
        passed += usize::from(PaperKey::from_words(&words.join(" ")).is_ok());
    }
    assert!((1..25).contains(&passed), "{passed} of 2000 passed; 8 are to be expected");
}

proptest! {
    #[test]
    fn every_key_is_read_back_from_its_words(bytes in any::<[u8; 32]>()) {
        let key = PaperKey::from_slice(&bytes).unwrap();
        prop_assert!(PaperKey::from_words(&key.words()).unwrap().same_as(&key));
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,300}") {
        if let Ok(key) = PaperKey::from_words(&typed) {
            prop_assert!(PaperKey::from_words(&key.words()).unwrap().same_as(&key));
        }
    }
}
