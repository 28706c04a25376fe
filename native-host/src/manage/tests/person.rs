//! What the person writes, looks up and settles.

use super::*;

fn edit(vault: &Vault, id: &CredentialId, label: Option<&str>, note: Option<&str>) -> Result<Account, Error> {
    let [label, note] = [label, note].map(|text| text.map(str::to_owned));
    match ask(vault, 5, &Request::Edit(EditRequest { credential_id: id.clone(), label, note }))? {
        Response::Edit(edited) => Ok(*edited.account),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_user_writes_is_kept_through_trash_and_signals() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "ada");
    let edited = edit(&vault, &id, Some("  Work "), None).unwrap();
    assert_eq!((edited.label.as_str(), edited.note.as_str(), edited.algorithm), ("Work", "", -7));
    assert_eq!(edit(&vault, &id, None, Some("one\ntwo")).unwrap().label, "Work", "what is absent stays");
    vault.delete(&id, 6).unwrap();
    assert_eq!(gone_account(&vault, &id).label, "Work");
    restore(&vault, 7, &id).unwrap();
    let user_id = 1_u32.to_be_bytes().to_vec().into();
    let (name, display_name) = ("countess".to_owned(), String::new());
    signal(&vault, 8, Signal::CurrentUserDetails { rp_id: "example.com".into(), user_id, name, display_name });
    restore(&vault, 9, &id).unwrap();
    vault.signal_unknown_credential(&"example.com".into(), &id, 10).unwrap();
    restore(&vault, 11, &id).unwrap();
    let [account] = &page(&vault, None).accounts[..] else { panic!("one passkey") };
    assert_eq!((account.label.as_str(), account.note.as_str()), ("Work", "one\ntwo"));
    assert_eq!(edit(&vault, &id, Some(""), Some("")).unwrap().label, "");
}

fn gone_account(vault: &Vault, id: &CredentialId) -> Account {
    let Response::Trash(trash) = ask(vault, 6, &Request::Trash(ListRequest::default())).unwrap() else {
        panic!("no trash")
    };
    trash.gone.into_iter().find(|gone| gone.account.credential_id == *id).unwrap().account
}

#[test]
fn what_is_too_long_or_steers_is_refused_and_changes_nothing() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "ada");
    edit(&vault, &id, Some("Work"), Some("note")).unwrap();
    let long = |length: usize| "é".repeat(length / 2);
    let refused = |label: Option<&str>, note: Option<&str>| match edit(&vault, &id, label, note) {
        Err(Error::Text(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Some(&long(258)), None), BadText::LongLabel);
    assert_eq!(refused(Some("a\u{1b}[2J"), Some("new")), BadText::SteeringLabel);
    assert_eq!(refused(Some("two\nlines"), None), BadText::SteeringLabel);
    assert_eq!(refused(Some("new"), Some(&long(4098))), BadText::LongNote);
    assert_eq!(refused(Some("new"), Some("a\u{7}")), BadText::SteeringNote);
    let kept = vault.get(&id).unwrap().unwrap().account();
    assert_eq!((kept.label.as_str(), kept.note.as_str()), ("Work", "note"));
    assert_eq!(edit(&vault, &id, Some(&long(256)), Some(&long(4096))).unwrap().note.len(), 4096);
    let unknown = CredentialId::from(vec![9; 32]);
    assert!(matches!(edit(&vault, &unknown, Some("x"), None), Err(Error::NotFound)));
}

#[test]
fn the_last_use_is_told_first() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "ada");
    let history = |id: &CredentialId| {
        let Response::History(history) =
            ask(&vault, 9, &Request::History(HistoryRequest { credential_id: id.clone() }))?
        else {
            panic!("no history")
        };
        Ok::<_, Error>(history.uses.into_iter().map(|used| used.at).collect::<Vec<_>>())
    };
    assert_eq!(history(&id).unwrap(), [0; 0]);
    for at in [3, 4] {
        vault.note_use(&id, Some(&sign_in(at)), false).unwrap();
    }
    assert_eq!(history(&id).unwrap(), [4, 3]);
    vault.delete(&id, 5).unwrap();
    assert_eq!(history(&id).unwrap(), [4, 3], "also of one that is in the trash");
    assert!(matches!(history(&vec![9; 32].into()), Err(Error::NotFound)));
}

#[test]
fn settings_tell_how_verification_is_settled() {
    let (vault, _folder) = vault();
    let settings = |os: Availability| match answer(&vault, &Says(os), 0, &Request::Settings {}).unwrap() {
        Response::Settings(settings) => (settings.verification.built_in, settings.os_verification, settings.os),
        other => panic!("{other:?}"),
    };
    let not_set_up = OsVerification::NotSetUp {
        code: Some(Obstacle::NoAction.code().into()),
        finding: Obstacle::NoAction.finding().to_owned(),
        fix: Obstacle::NoAction.fix().to_owned(),
    };
    assert_eq!(settings(Availability::Unsupported), (false, false, OsVerification::Unsupported));
    let refused = set_os_verification(&vault, &Says(Availability::NotSetUp(Obstacle::NoAction)), true);
    assert!(matches!(refused, Err(Error::OsVerification(why)) if why == Obstacle::NoAction.to_string()));
    assert!(!vault.settings().unwrap().os_verification);
    let settled = set_os_verification(&vault, &Says(Availability::Ready), true).unwrap();
    assert!(settled.os_verification && settled.verification.built_in);
    assert_eq!(settings(Availability::NotSetUp(Obstacle::NoAction)), (false, true, not_set_up));
    let settled = set_os_verification(&vault, &Says(Availability::Unsupported), false).unwrap();
    assert!(!settled.os_verification);
}
