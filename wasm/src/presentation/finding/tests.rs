use super::*;

#[test]
fn a_finding_is_in_our_words_and_a_command_in_none() {
    let missing = words(Some(Finding::ManifestMissing.into()));
    assert_eq!(missing, Some(Found { what: "foundManifestMissing", fix: None, by_pin: false }));
    let denied = words(Some(Finding::PolkitDenies.into()));
    assert_eq!(denied, Some(Found { what: "foundPolkitDenies", fix: Some("foundFixPolkitDenies"), by_pin: true }));
}

#[test]
fn an_error_is_said_as_notices_say_it() {
    let locked = words(Some(ErrorCode::KeychainLocked.into())).unwrap();
    assert_eq!((locked.what, locked.fix), ("noticeKeychainLocked", Some("remedyKeychainLocked")));
    assert_eq!(words(Some(ErrorCode::Internal.into())), None, "only the host knows what that was");
    assert_eq!(words(Some(ErrorCode::VaultUnreadable.into())), None, "the doctor is not sent to the doctor");
}

#[test]
fn what_has_no_code_or_one_of_a_newer_host_is_in_the_host_s_words() {
    assert_eq!(words(None), None);
    assert_eq!(words(Some(Finding::Other.into())), None);
}

#[test]
fn browsers_keep_their_names() {
    let check = |name: &str| Check {
        name: name.to_owned(),
        state: protocol::manage::CheckState::Good,
        code: None,
        details: Vec::new(),
        finding: String::new(),
        fix: None,
    };
    assert_eq!(name(&check("Firefox (Flatpak)")), None);
    assert_eq!(name(&check("keychain")), Some("welcomeKeychain"));
}
