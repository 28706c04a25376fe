use proptest::prelude::*;

use super::*;

#[test]
fn plain_names_stay_as_they_are() {
    for name in ["", "ada@example.com", "Ada Lovelace", "Ада", "אדה", "👩‍💻 Ada", "می‌خواهم"] {
        assert_eq!(shown(name), name);
    }
}

#[test]
fn controls_and_invisible_characters_are_left_out() {
    for (name, expected) in [
        ("ada\u{202e}moc.live@", "adamoc.live@"),
        ("\u{2066}ada\u{2069}", "ada"),
        ("a\u{0}d\u{7f}a\u{9b}", "ada"),
        ("\u{feff}a\u{200b}d\u{ad}a\u{e0041}", "ada"),
        ("ada\nPress Allow", "ada Press Allow"),
        ("  ada \t\r\n\u{2028}\u{a0} lovelace  ", "ada lovelace"),
    ] {
        assert_eq!(shown(name), expected, "{name:?}");
    }
}

#[test]
fn long_names_are_cut() {
    let cut = shown(&"ä".repeat(100_000));
    assert_eq!(cut.chars().count(), MAX_SHOWN + 1);
    assert!(cut.ends_with("ä…"));
    assert_eq!(shown(&"ä".repeat(MAX_SHOWN)).chars().count(), MAX_SHOWN);
    assert_eq!(shown(&" a".repeat(1000)).chars().filter(|character| *character != '…').count(), MAX_SHOWN - 1);
}

proptest! {
    #[test]
    fn what_is_shown_is_short_and_inert(text in any::<String>()) {
        let shown = shown(&text);
        prop_assert!(shown.chars().count() <= MAX_SHOWN + 1);
        prop_assert!(!shown.chars().any(acts));
        prop_assert_eq!(shown.trim(), &shown);
    }
}
