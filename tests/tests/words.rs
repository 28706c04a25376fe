//! The words of the screens: complete in every language, each one used, and none asked for that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const LANGUAGES: [&str; 2] = ["en", "de"];

/// Texts in the screens' code that look like keys and are names of JavaScript's.
const NO_KEYS: [&str; 4] = ["camelCase", "currentWindow", "dateStyle", "timeStyle"];

#[test]
fn every_language_has_every_key_with_its_place() {
    let [english, german] = LANGUAGES.map(messages);
    let keys = |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&english), keys(&german));
    for (key, text) in &english {
        assert!(!text.is_empty() && !german[key].is_empty(), "{key} is empty");
        assert_eq!(text.matches("$1").count(), german[key].matches("$1").count(), "{key}: $1");
    }
}

#[test]
fn every_key_is_used() {
    let used = used_in_code(|text, key| text.contains(&format!("\"{key}\"")));
    let unused: Vec<_> = messages("en").into_keys().filter(|key| !used(key)).collect();
    assert!(unused.is_empty(), "in _locales and nowhere else: {unused:?}");
}

#[test]
fn every_key_that_is_asked_for_is_there() {
    let there = messages("en");
    let mut missing = BTreeSet::new();
    // The browser's own, of the text's direction and the like.
    let is_missing = |key: &str| !key.starts_with("@@") && !there.contains_key(key);
    for file in files("extension", &["html"]) {
        missing.extend(after(&read(&file), "data-i18n=\"", '"').into_iter().filter(|key| !there.contains_key(key)));
    }
    for file in files("extension", &["js"]) {
        missing.extend(after(&read(&file), "getMessage(\"", '"').into_iter().filter(|key| is_missing(key)));
    }
    let screens = ["wasm/src/presentation", "wasm/src/screens"].map(|folder| files(folder, &["rs"])).concat();
    for file in screens.iter().filter(|file| !file.ends_with("tests.rs")) {
        let looks_like_one = |text: &String| {
            let is_word = text.chars().all(|character| character.is_ascii_alphabetic());
            is_word && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.contains(char::is_uppercase)
        };
        let asked = after(&read(file), "\"", '"').into_iter().filter(looks_like_one);
        missing.extend(asked.filter(|text| !NO_KEYS.contains(&text.as_str()) && !there.contains_key(text)));
    }
    assert!(missing.is_empty(), "not in _locales: {missing:?}");
}

fn used_in_code(is_in: fn(&str, &str) -> bool) -> impl Fn(&String) -> bool {
    let all = [files("wasm/src", &["rs"]), files("extension", &["html", "js"])].concat();
    let texts: Vec<_> = all.iter().filter(|file| !file.ends_with("tests.rs")).map(|file| read(file)).collect();
    move |key| texts.iter().any(|text| is_in(text, key))
}

/// What stands between each `before` and the `end` that follows. Where both are the same character, each begins where one has ended.
fn after(text: &str, before: &str, end: char) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }) {
        let mut rest = line;
        while let Some((_, begun)) = rest.split_once(before) {
            let Some((inner, left)) = begun.split_once(end) else { break };
            found.push(inner.to_owned());
            rest = left;
        }
    }
    found
}

fn messages(language: &str) -> BTreeMap<String, String> {
    let text = read(&root().join("extension/_locales").join(language).join("messages.json"));
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    all.into_iter().map(|(key, entry)| (key, entry["message"].as_str().expect("a message").to_owned())).collect()
}

fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
                found.push(path);
            }
        }
    }
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}
