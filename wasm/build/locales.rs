//! The keys of `extension/_locales`. The build fails where a language lacks one, where nothing uses one, and where a page or a script asks
//! for one that does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::variable;

/// The language whose keys all the others must have.
const FIRST: &str = "en";

/// Names of others in the screens' code that look like keys: JavaScript's, serde's, WebAuthn's, an element's.
#[rustfmt::skip]
const NAMES: [&str; 17] = [
    "allowCredentials", "authenticatorData", "authenticatorSelection", "camelCase", "clientDataJSON", "crossOrigin",
    "currentWindow", "dateStyle", "displayName", "namedCurve", "noMoreAdvice", "pubKeyCredParams",
    "publicKey", "residentKey", "timeStyle", "userVerification", "viewBox",
];

/// Keys and texts of a language.
type Texts = BTreeMap<String, String>;

/// Checks them all.
pub fn check() {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("..");
    let languages = languages(&root.join("extension/_locales"));
    let first = &languages[FIRST];
    for (language, texts) in &languages {
        same_keys(language, texts, first);
    }
    let all = sources(&root, &["extension", "manifest", "wasm/src"]);
    all_are_used(first, &all);
    none_is_missing(first, &all);
    no_name_is_unknown(first, &sources(&root, &["wasm/src/presentation", "wasm/src/screens"]));
    for folder in ["extension", "manifest", "wasm/src"] {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
    }
}

fn languages(folder: &Path) -> BTreeMap<String, Texts> {
    let read = |folder: PathBuf| {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        (name, texts(&folder.join("messages.json")))
    };
    children(folder).into_iter().map(read).collect()
}

fn texts(file: &Path) -> Texts {
    let json: BTreeMap<String, Value> =
        serde_json::from_str(&text_of(file)).unwrap_or_else(|error| wrong(file, &error));
    let text = |(key, value): (String, Value)| {
        let text = value["message"].as_str().unwrap_or_else(|| wrong(file, &format!("{key} has no message")));
        (key, text.to_owned())
    };
    json.into_iter().map(text).collect()
}

/// The same keys, and in each text the same placeholders.
fn same_keys(language: &str, texts: &Texts, first: &Texts) {
    let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
    let differing: Vec<_> = keys(texts).symmetric_difference(&keys(first)).cloned().collect();
    assert!(differing.is_empty(), "{language} and {FIRST} have not the same keys: {differing:?}");
    let placeholders =
        |text: &str| (1..=9).map(|number| text.matches(&format!("${number}")).count()).collect::<Vec<_>>();
    for (key, text) in texts {
        assert!(
            placeholders(text) == placeholders(&first[key]),
            "{language}: {key} has other placeholders than in {FIRST}"
        );
    }
}

fn all_are_used(keys: &Texts, sources: &[String]) {
    let is_used = |key: &str| {
        let forms = [format!("\"{key}\""), format!("'{key}'"), format!("__MSG_{key}__")];
        sources.iter().any(|source| forms.iter().any(|form| source.contains(form)))
    };
    let unused: Vec<_> = keys.keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "texts in extension/_locales that nothing uses: {unused:?}");
}

/// What a page, a script or a manifest asks for by name.
fn none_is_missing(keys: &Texts, sources: &[String]) {
    let asked = [
        ("data-i18n=\"", '"'),
        ("data-i18n-label=\"", '"'),
        ("data-i18n-placeholder=\"", '"'),
        ("getMessage(\"", '"'),
        ("__MSG_", '_'),
    ];
    for (begin, end) in asked {
        for after in sources.iter().flat_map(|source| source.split(begin).skip(1)) {
            let key = after.split(end).next().unwrap_or_default();
            let is_there = key.starts_with("@@") || keys.contains_key(key); // @@: the browser's own
            assert!(is_there, "{begin}{key} asks for a text that extension/_locales does not have");
        }
    }
}

/// In the screens' code whatever is written as keys are, `likeThis`, is one.
fn no_name_is_unknown(keys: &Texts, sources: &[String]) {
    let code = |line: &&str| !line.trim_start().starts_with("//");
    let between_quotes = |line: &str| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let is_like_a_key = |text: &String| {
        let letters = text.chars().all(|character| character.is_ascii_alphabetic());
        letters && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.contains(char::is_uppercase)
    };
    let found =
        sources.iter().flat_map(|source| source.lines().filter(code)).flat_map(between_quotes).filter(is_like_a_key);
    let unknown: BTreeSet<_> =
        found.filter(|text| !NAMES.contains(&text.as_str()) && !keys.contains_key(text)).collect();
    assert!(unknown.is_empty(), "the screens' code asks for texts that extension/_locales does not have: {unknown:?}");
}

/// The texts of everything that may use words, tests left out: they would keep a text alive that nobody sees.
fn sources(root: &Path, folders: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut files);
    }
    files.iter().map(|file| text_of(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in children(folder) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            if !["_locales", "icons", "tests"].contains(&name.as_str()) {
                collect(&path, files);
            }
        } else if name != "tests.rs"
            && ["rs", "js", "html", "json"].contains(&name.rsplit('.').next().unwrap_or_default())
        {
            files.push(path);
        }
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| wrong(folder, &error));
    entries.map(|entry| entry.unwrap_or_else(|error| wrong(folder, &error)).path()).collect()
}

fn text_of(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| wrong(file, &error))
}

fn wrong(file: &Path, error: &dyn std::fmt::Display) -> ! {
    panic!("{}: {error}", file.display())
}
