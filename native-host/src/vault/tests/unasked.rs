use super::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

fn unasked(vault: &Vault, user: &str, now: u64) -> bool {
    let source = source(vault, "example.com", user, now);
    vault.insert_unasked(&source, now).unwrap()
}

#[test]
fn an_account_without_a_passkey_gets_one() {
    let vault = Home::new().open();
    insert(&vault, "example.org", "ada", 1);
    insert(&vault, "example.com", "bob", 1);
    assert!(unasked(&vault, "ada", 2));
    assert_eq!(users(&vault, "example.com"), ["ada", "bob"]);
}

#[test]
fn it_takes_no_passkey_s_place() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "ada", 1);
    assert!(!unasked(&vault, "ada", 2));
    assert_eq!((vault.count().unwrap(), vault.trash().unwrap().len()), (1, 0));
    let not_discoverable = PublicKeyCredentialSource { discoverable: false, ..source(&vault, "example.com", "bob", 3) };
    assert!(vault.insert_unasked(&not_discoverable, 3).unwrap());
    assert!(!unasked(&vault, "bob", 4));
    assert_eq!(vault.insert_unasked(&not_discoverable, 5), Err(Error::Duplicate));
}

#[test]
fn one_that_the_user_has_deleted_does_not_come_again_for_a_month() {
    let vault = Home::new().open();
    assert!(unasked(&vault, "ada", 1));
    let id = vault.find(&"example.com".into()).unwrap().remove(0).credential_id;
    vault.delete(&id, 2).unwrap();
    assert!(!unasked(&vault, "ada", 3));
    assert!(!unasked(&vault, "ada", 30 * DAY + 1));
    assert!(unasked(&vault, "ada", 30 * DAY + 2));
}

#[test]
fn one_that_went_for_another_reason_keeps_none_away() {
    let vault = Home::new().open();
    let id = insert(&vault, "example.com", "ada", 1);
    vault.delete_unanswered(&id, 2).unwrap();
    assert!(unasked(&vault, "ada", 3));
    let bob = insert(&vault, "example.com", "bob", 1);
    vault.signal_unknown_credential(&"example.com".into(), &bob, 2).unwrap();
    assert!(unasked(&vault, "bob", 3));
    let reasons: Vec<_> = vault.trash().unwrap().iter().map(|trashed| trashed.reason).collect();
    assert!(reasons.contains(&TrashReason::Unanswered) && reasons.contains(&TrashReason::UnknownToSite));
}
