use super::*;

fn manifest(path: &Path, allowed: &str) -> String {
    format!(r#"{{"name": "org.keystow.host", "description": "", "path": {path:?}, "type": "stdio", {allowed}}}"#)
}

const CHROMIUM: &str = r#""allowed_origins": ["chrome-extension://kgckkhcbepgohlebaepifclndmlpapih/"]"#;
const FIREFOX: &str = r#""allowed_extensions": ["keystow@keystow.org"]"#;

#[test]
fn a_manifest_for_this_executable_is_ready() {
    let executable = env::current_exe().unwrap();
    assert_eq!(judge(&manifest(&executable, CHROMIUM), Family::Chromium, &executable), Manifest::Ready);
    assert_eq!(judge(&manifest(&executable, FIREFOX), Family::Firefox, &executable), Manifest::Ready);
}

#[test]
fn a_manifest_in_the_other_familys_form_is_unusable() {
    let executable = env::current_exe().unwrap();
    assert_eq!(judge(&manifest(&executable, FIREFOX), Family::Chromium, &executable), Manifest::Unusable);
    assert_eq!(judge(&manifest(&executable, CHROMIUM), Family::Firefox, &executable), Manifest::Unusable);
}

#[test]
fn a_manifest_that_lets_in_another_extension_alone_is_unusable() {
    let executable = env::current_exe().unwrap();
    let other = CHROMIUM.replace("kgck", "aaaa");
    assert_eq!(judge(&manifest(&executable, &other), Family::Chromium, &executable), Manifest::Unusable);
}

#[test]
fn a_manifest_for_another_file_names_it() {
    let executable = env::current_exe().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("keystow");
    assert_eq!(judge(&manifest(&other, CHROMIUM), Family::Chromium, &executable), Manifest::Dangling(other.clone()));
    fs::write(&other, "").unwrap();
    assert_eq!(judge(&manifest(&other, CHROMIUM), Family::Chromium, &executable), Manifest::Elsewhere(other));
}

#[test]
fn what_is_no_manifest_is_unusable() {
    let executable = env::current_exe().unwrap();
    let other_name = manifest(&executable, CHROMIUM).replace("org.keystow", "org.example");
    for text in ["", "[]", "{}", "not json", &other_name] {
        assert_eq!(judge(text, Family::Chromium, &executable), Manifest::Unusable, "{text}");
    }
}

#[test]
fn browsers_are_in_the_order_of_their_keys_and_have_names() {
    let keys: Vec<_> = Browser::all().iter().map(Browser::key).collect();
    assert!(keys.is_sorted());
    for key in ["chrome", "chromium", "firefox"] {
        assert!(keys.contains(&key), "{key} in {keys:?}");
    }
    assert_eq!(Browser::named("chrome").unwrap().name(), "Chrome");
    for browser in Browser::all() {
        assert_ne!(browser.name(), browser.key(), "has no name of its own");
    }
    assert_eq!(Browser::named("netscape"), None);
}

#[test]
fn a_chromium_id_is_32_letters_from_a_to_p() {
    assert!(is_chromium_id(CHROMIUM_ID));
    for id in
        ["", "kgckkhcbepgohlebaepifclndmlpapi", "kgckkhcbepgohlebaepifclndmlpapiq", "KGCKKHCBEPGOHLEBAEPIFCLNDMLPAPIH"]
    {
        assert!(!is_chromium_id(id), "{id}");
    }
}
