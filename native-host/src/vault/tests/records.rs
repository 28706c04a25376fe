use protocol::cbor::Value;
use protocol::webauthn::CredentialId;

use super::*;

#[test]
fn what_is_inserted_is_there_after_reopening() {
    let home = Home::new();
    let made = source(&home.open(), "example.com", "ada", 5);
    assert_eq!(home.open().insert(&made, 5).unwrap(), Inserted::default());
    let vault = home.open();
    let kept = vault.get(&made.credential_id).unwrap().unwrap();
    assert_eq!(kept.account(), made.account());
    assert_eq!(kept.secrets, made.secrets);
    assert!(vault.open_secrets(&kept).is_ok());
    assert_eq!(vault.count().unwrap(), 1);
    assert!(vault.get(&CredentialId::from(vec![0; 32])).unwrap().is_none());
}

#[test]
fn last_used_comes_first_then_the_newest() {
    let home = Home::new();
    let vault = home.open();
    let ids: Vec<_> = (1..=4_u64).map(|n| insert(&vault, "example.com", &format!("user{n}"), n)).collect();
    insert(&vault, "elsewhere.com", "other", 9);
    assert_eq!(users(&vault, "example.com"), ["user4", "user3", "user2", "user1"]);
    vault.note_use(&ids[0], Some(&sign_in(10)), false).unwrap();
    vault.note_use(&ids[2], Some(&sign_in(20)), false).unwrap();
    assert_eq!(users(&vault, "example.com"), ["user3", "user1", "user4", "user2"]);
    assert!(users(&vault, "nowhere.com").is_empty());
}

#[test]
fn an_allow_list_gives_only_its_own_of_that_rp_id() {
    let home = Home::new();
    let vault = home.open();
    let [a, b, other] = [("example.com", "a", 1), ("example.com", "b", 2), ("elsewhere.com", "c", 3)]
        .map(|(rp, user, now)| insert(&vault, rp, user, now));
    let unknown = CredentialId::from(vec![7; 32]);
    let among = |ids: &[&CredentialId]| {
        let ids: Vec<_> = ids.iter().map(|id| (*id).clone()).collect();
        let found = vault.find_among(&"example.com".into(), &ids).unwrap();
        found.into_iter().map(|source| source.credential_id).collect::<Vec<_>>()
    };
    assert_eq!(among(&[&a, &b]), [b.clone(), a.clone()]);
    assert_eq!(among(&[&a, &a, &unknown]), std::slice::from_ref(&a));
    assert!(among(&[&other, &unknown]).is_empty(), "another RP ID's is not found");
    assert!(among(&[]).is_empty());
}

#[test]
fn a_second_registration_for_one_account_puts_the_first_into_the_trash() {
    let home = Home::new();
    let vault = home.open();
    let first = insert(&vault, "example.com", "ada", 1);
    insert(&vault, "example.com", "bob", 2);
    insert(&vault, "elsewhere.com", "ada", 3);
    let second = source(&vault, "example.com", "ada", 4);
    assert_eq!(vault.insert(&second, 4).unwrap().replaced, std::slice::from_ref(&first));
    assert_eq!(users(&vault, "example.com"), ["ada", "bob"]);
    assert_eq!(users(&vault, "elsewhere.com"), ["ada"]);
    let trashed = vault.trash().unwrap();
    assert_eq!(trashed.len(), 1);
    assert_eq!(trashed[0].source.credential_id, first);
    assert_eq!((trashed[0].reason, trashed[0].deleted), (TrashReason::Replaced, 4));
}

#[test]
fn one_credential_id_is_there_once() {
    let home = Home::new();
    let vault = home.open();
    let one = source(&vault, "example.com", "ada", 1);
    vault.insert(&one, 1).unwrap();
    assert_eq!(vault.insert(&one, 2), Err(Error::Duplicate));
    assert_eq!(vault.count().unwrap(), 1);
    assert!(vault.trash().unwrap().is_empty(), "nothing was replaced");
}

#[test]
fn members_of_later_versions_survive_a_rewrite() {
    let home = Home::new();
    let vault = home.open();
    let mut later = source(&vault, "example.com", "ada", 1);
    later.unknown = vec![(Value::from(99), Value::from("of a later version"))];
    vault.insert(&later, 1).unwrap();
    vault.note_use(&later.credential_id, Some(&sign_in(2)), false).unwrap();
    vault.delete(&later.credential_id, 3).unwrap();
    vault.restore(&later.credential_id).unwrap();
    let kept = vault.get(&later.credential_id).unwrap().unwrap();
    assert_eq!(kept.unknown, later.unknown);
    assert_eq!(kept.last_used, Some(2));
}

#[test]
fn a_touch_of_what_is_gone_does_nothing() {
    let home = Home::new();
    let vault = home.open();
    let id = insert(&vault, "example.com", "ada", 1);
    vault.delete(&id, 2).unwrap();
    vault.note_use(&id, Some(&sign_in(3)), false).unwrap();
    assert_eq!(vault.count().unwrap(), 0);
}

#[test]
fn a_list_goes_page_by_page_by_rp_id_and_creation() {
    let home = Home::new();
    let vault = home.open();
    for (n, rp_id) in ["b.com", "a.com", "c.com", "a.com", "b.com", "a.com", "b.com"].iter().enumerate() {
        insert(&vault, rp_id, &format!("user{n}"), 100 - n as u64);
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = vault.list(after.as_deref(), 3).unwrap();
        assert!(page.sources.len() <= 3);
        seen.extend(page.sources.iter().map(|source| (source.rp_id.as_str().to_owned(), source.created)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected =
        [("a.com", 95), ("a.com", 97), ("a.com", 99), ("b.com", 94), ("b.com", 96), ("b.com", 100), ("c.com", 98)];
    assert_eq!(seen, expected.map(|(rp_id, created)| (rp_id.to_owned(), created)));
    assert_eq!(vault.list(None, usize::MAX).unwrap().sources.len(), 7);
    assert!(vault.list(None, 7).unwrap().next.is_none(), "a full last page has no next");
    for wrong in ["", "!", "AA", "gA"] {
        assert_eq!(vault.list(Some(wrong), 3).err(), Some(Error::BadCursor), "{wrong}");
    }
}

#[test]
fn two_connections_see_each_others_writes() {
    let home = Home::new();
    let (a, b) = (home.open(), home.open());
    insert(&a, "example.com", "ada", 1);
    assert_eq!(users(&b, "example.com"), ["ada"]);
    insert(&b, "example.com", "bob", 2);
    assert_eq!(users(&a, "example.com"), ["bob", "ada"]);
}
