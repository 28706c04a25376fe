use super::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

#[test]
fn what_is_deleted_can_be_restored_for_thirty_days() {
    let home = Home::new();
    let vault = home.open();
    let id = insert(&vault, "example.com", "ada", 1);
    assert_eq!(vault.delete(&id, DAY).unwrap(), Some(31 * DAY));
    assert!(users(&vault, "example.com").is_empty());
    assert!(vault.get(&id).unwrap().is_none());
    assert_eq!(vault.delete(&id, DAY).unwrap(), None, "it is gone already");
    assert_eq!(vault.purge(31 * DAY - 1).unwrap(), 0);
    drop(vault);

    let vault = home.open();
    let trashed = vault.trash().unwrap();
    assert_eq!((trashed[0].reason, trashed[0].restorable_until()), (TrashReason::Deleted, 31 * DAY));
    assert!(vault.restore(&id).unwrap());
    assert_eq!(users(&vault, "example.com"), ["ada"]);
    assert!(vault.trash().unwrap().is_empty());
    assert!(!vault.restore(&id).unwrap(), "it is back already");
}

#[test]
fn after_thirty_days_it_is_gone_for_good() {
    let home = Home::new();
    let vault = home.open();
    let old = insert(&vault, "example.com", "ada", 1);
    let new = insert(&vault, "example.com", "bob", 2);
    vault.delete(&old, DAY).unwrap();
    vault.delete(&new, 2 * DAY).unwrap();
    assert_eq!(vault.purge(31 * DAY).unwrap(), 1);
    assert!(!vault.restore(&old).unwrap());
    assert!(vault.restore(&new).unwrap());
    // A clock that was set back purges nothing.
    vault.delete(&new, 100 * DAY).unwrap();
    assert_eq!(vault.purge(1).unwrap(), 0);
}

#[test]
fn restoring_what_was_replaced_keeps_both() {
    let home = Home::new();
    let vault = home.open();
    let first = insert(&vault, "example.com", "ada", 1);
    let second = insert(&vault, "example.com", "ada", 2);
    assert!(vault.restore(&first).unwrap());
    let kept: Vec<_> =
        vault.find(&"example.com".into()).unwrap().into_iter().map(|source| source.credential_id).collect();
    assert_eq!(kept, [second, first]);
}
