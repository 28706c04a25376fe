use super::*;

#[test]
fn what_the_user_can_mend_has_words_of_its_own() {
    let said = host_error(ErrorCode::KeychainLocked, "The keychain is locked. Unlock it.");
    assert_eq!((said.what, said.remedy), (plain("noticeKeychainLocked"), Some(plain("remedyKeychainLocked"))));
    assert_eq!((said.tone, said.verbatim), (Tone::Problem, None));
}

#[test]
fn a_mistake_of_ours_is_told_in_the_hosts_own_sentence() {
    let said = host_error(ErrorCode::Internal, "Keystow made a mistake (7). Please report it; nothing is lost.");
    assert_eq!(said.what, plain("noticeHostError"));
    assert_eq!(said.verbatim.as_deref(), Some("Keystow made a mistake (7). Please report it; nothing is lost."));
}
