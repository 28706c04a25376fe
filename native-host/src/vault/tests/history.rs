use super::*;
use crate::credential::MAX_USES;

const DAY: u64 = 24 * 60 * 60 * 1000;

fn used_at(vault: &Vault, id: &protocol::webauthn::CredentialId) -> Vec<u64> {
    vault.history(id).unwrap().iter().map(|used| used.at).collect()
}

fn rows(vault: &Vault) -> i64 {
    vault.connection.query_row("SELECT count(*) FROM history", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_use_is_remembered_as_it_was() {
    let home = Home::new();
    let vault = home.open();
    let [ada, bob] = ["ada", "bob"].map(|user| insert(&vault, "example.com", user, 1));
    let made = Use { kind: UseKind::Created, origin: None, verified: Verified::BuiltIn, ..sign_in(1) };
    vault.note_use(&ada, Some(&made), false).unwrap();
    assert_eq!(vault.get(&ada).unwrap().unwrap().last_used, None, "a creation is no sign-in");
    vault.note_use(&ada, Some(&sign_in(7)), false).unwrap();
    drop(vault);
    let vault = home.open();
    assert_eq!(vault.history(&ada), Ok(vec![made, sign_in(7)]));
    assert_eq!(vault.get(&ada).unwrap().unwrap().last_used, Some(7));
    assert_eq!(vault.history(&bob), Ok(Vec::new()));
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn the_newest_200_uses_are_kept() {
    let vault = Home::new().open();
    let id = insert(&vault, "example.com", "ada", 1);
    for at in 1..=203 {
        vault.note_use(&id, Some(&sign_in(at)), false).unwrap();
    }
    assert_eq!(MAX_USES, 200);
    assert_eq!(used_at(&vault, &id), (4..=203).collect::<Vec<_>>());
    assert_eq!(rows(&vault), 1);
}

#[test]
fn a_history_stays_with_its_passkey_in_the_trash_and_goes_with_it() {
    let vault = Home::new().open();
    let [ada, bob] = ["ada", "bob"].map(|user| insert(&vault, "example.com", user, 1));
    for id in [&ada, &bob] {
        vault.note_use(id, Some(&sign_in(2)), false).unwrap();
        vault.delete(id, 3).unwrap();
    }
    vault.note_use(&ada, Some(&sign_in(4)), true).unwrap();
    assert_eq!(used_at(&vault, &ada), [2], "it signs no more");
    assert!(vault.restore(&ada).unwrap());
    vault.note_use(&ada, Some(&sign_in(5)), false).unwrap();
    assert_eq!(used_at(&vault, &ada), [2, 5]);
    vault.purge(30 * DAY + 3).unwrap();
    assert_eq!((used_at(&vault, &ada), used_at(&vault, &bob)), (vec![2, 5], Vec::new()));
    assert_eq!(rows(&vault), 1);
}

#[test]
fn a_reset_takes_the_history_away_and_undoing_brings_it_back() {
    let vault = Home::new().open();
    let id = insert(&vault, "example.com", "ada", 1);
    vault.note_use(&id, Some(&sign_in(2)), false).unwrap();
    vault.reset(3).unwrap();
    assert_eq!((rows(&vault), used_at(&vault, &id)), (0, Vec::new()));
    assert!(vault.integrity().unwrap().is_clean());
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!(used_at(&vault, &id), [2]);
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn that_hmac_secret_was_evaluated_is_kept_and_nothing_is_written_twice_for_it() {
    let home = Home::new();
    let vault = home.open();
    let id = insert(&vault, "example.com", "ada", 1);
    let changes =
        |vault: &Vault| -> i64 { vault.connection.query_row("SELECT total_changes()", [], |row| row.get(0)).unwrap() };
    vault.note_use(&id, None, true).unwrap();
    let before = changes(&vault);
    vault.note_use(&id, None, true).unwrap();
    assert_eq!(changes(&vault), before);
    drop(vault);
    let vault = home.open();
    let source = vault.get(&id).unwrap().unwrap();
    assert!(source.prf_used && source.last_used.is_none());
    assert_eq!(vault.history(&id), Ok(Vec::new()));
    vault.note_use(&id, Some(&sign_in(9)), false).unwrap();
    assert!(vault.get(&id).unwrap().unwrap().prf_used);
}

/// A row that is put under another passkey, or whose bytes change, is no history; sign-ins go on.
#[test]
fn a_damaged_history_is_told_and_begun_anew() {
    let vault = Home::new().open();
    let [ada, bob] = ["ada", "bob"].map(|user| insert(&vault, "example.com", user, 1));
    vault.note_use(&ada, Some(&sign_in(2)), false).unwrap();
    let index = vault.keys.credential_index(&bob);
    vault.connection.execute("UPDATE history SET credential = ?1", [index.as_bytes()]).unwrap();
    assert_eq!(vault.history(&bob), Ok(Vec::new()));
    let damaged = vault.integrity().unwrap().damaged;
    assert!(damaged.len() == 1 && damaged[0].starts_with("history "), "{damaged:?}");
    vault.note_use(&bob, Some(&sign_in(3)), false).unwrap();
    assert_eq!(used_at(&vault, &bob), [3]);
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn nothing_of_it_can_be_read_on_the_disk() {
    let home = Home::new();
    let vault = home.open();
    let id = insert(&vault, "example.com", "ada", 1);
    vault.note_use(&id, Some(&sign_in(2)), false).unwrap();
    vault.update(&id, |source| source.label = "A label of mine".to_owned()).unwrap();
    let holds = |words: &str| {
        let files = std::fs::read_dir(home.file().parent().unwrap()).unwrap();
        let mut files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
    };
    assert!(holds("CREATE TABLE history"), "the file is read");
    for words in ["Firefox", "https://", "A label of mine"] {
        assert!(!holds(words), "{words}");
    }
}

#[test]
fn what_the_user_wrote_is_on_the_passkey_that_takes_the_place_and_stays_on_the_old_one() {
    let vault = Home::new().open();
    let old = insert(&vault, "example.com", "ada", 1);
    let other = insert(&vault, "example.com", "bob", 1);
    vault.update(&old, |source| (source.label, source.note) = ("Work".to_owned(), "Ask Bob".to_owned())).unwrap();
    vault.note_use(&old, Some(&sign_in(2)), true).unwrap();
    let new = insert(&vault, "example.com", "ada", 3);
    let account = |id| vault.get(id).unwrap().unwrap().account();
    assert_eq!((account(&new).label.as_str(), account(&new).note.as_str()), ("Work", "Ask Bob"));
    assert!(!account(&new).prf_used, "that is the old key's");
    assert_eq!(account(&other).label, "");
    vault.delete(&new, 4).unwrap();
    assert!(vault.restore(&old).unwrap());
    assert_eq!((account(&old).label.as_str(), account(&old).prf_used), ("Work", true));
    assert_eq!(used_at(&vault, &new), [0; 0]);
}
