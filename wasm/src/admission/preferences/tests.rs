use serde_json::json;

use super::{Language, Preferences, Theme};

#[test]
fn at_first_everything_is_on() {
    let preferences: Preferences = serde_json::from_value(json!({})).unwrap();
    assert_eq!(preferences, Preferences::default());
    assert!(preferences.serve(false) && preferences.serve(true));
    assert!(preferences.offer(false) && preferences.offer(true));
}

#[test]
fn without_autofill_nothing_is_offered_and_all_is_served() {
    let preferences = Preferences { autofill: false, ..Preferences::default() };
    assert!(preferences.serve(false) && preferences.serve(true));
    assert!(!preferences.offer(false) && !preferences.offer(true));
}

#[test]
fn private_windows_can_be_left_to_the_browser() {
    let preferences = Preferences { private_windows: false, ..Preferences::default() };
    assert!(preferences.serve(false) && !preferences.serve(true));
    assert!(preferences.offer(false) && !preferences.offer(true));
}

/// The screens' loader reads `theme` and `language` itself.
#[test]
fn what_the_loader_reads() {
    let preferences = Preferences { theme: Theme::Dark, language: Some(Language::De), ..Preferences::default() };
    let written = json!({"theme": "dark", "language": "de", "autofill": true, "privateWindows": true});
    assert_eq!(serde_json::to_value(&preferences).unwrap(), written);
    let unsaid = serde_json::to_value(Preferences::default()).unwrap();
    assert_eq!((&unsaid["theme"], unsaid.get("language")), (&json!("system"), None));
}
