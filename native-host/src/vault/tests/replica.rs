//! The rows that are kept beside the passkeys for who replicates them, and the feed of changes.

use protocol::webauthn::CredentialId;
use zeroize::Zeroizing;

use super::*;

fn on(vault: &Vault) {
    vault.replicate(|replica| replica.set_state(b"on")).unwrap();
}

/// What is noted, and is then no more.
fn noted(vault: &Vault) -> Vec<Change> {
    vault
        .replicate(|replica| {
            let changes = replica.changes(99)?;
            changes.iter().try_for_each(|change| replica.seen_to(change.credential))?;
            Ok(changes)
        })
        .unwrap()
}

fn is_noted(vault: &Vault, ids: &[&CredentialId]) -> bool {
    let changes = noted(vault);
    let index = |id: &&CredentialId| vault.keys.credential_index(id);
    changes.iter().all(|change| change.at.is_some_and(|at| at > 1_600_000_000_000))
        && changes.len() == ids.len()
        && ids.iter().map(index).all(|index| changes.iter().any(|change| change.credential == index))
}

fn row(key: u8) -> Replicated {
    Replicated {
        key: [key; 16],
        credential: None,
        unpublished: false,
        pack: None,
        learned: None,
        content: Zeroizing::new(vec![key; 40]),
    }
}

/// The keys of what `walk` finds.
fn keys(vault: &Vault, walk: impl FnOnce(&Replica<'_>, &mut dyn FnMut(Replicated)) -> Result<(), Error>) -> Vec<u8> {
    let mut keys = Vec::new();
    vault.look_at_replica(|replica| walk(replica, &mut |row| keys.push(row.key[0]))).unwrap();
    keys.sort_unstable();
    keys
}

#[test]
fn every_change_is_noted_whoever_makes_it() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "ada", 1);
    let nobody = vault.look_at_replica(|replica| replica.changes(9)).unwrap();
    assert!(nobody.is_empty() && !vault.is_replicated().unwrap(), "nobody has asked");
    on(&vault);
    assert!(vault.is_replicated().unwrap());
    assert_eq!(noted(&vault).iter().map(|change| change.at).collect::<Vec<_>>(), [None]);
    on(&vault);
    assert!(is_noted(&vault, &[]), "it was on already");

    let old = insert(&vault, "example.org", "bob", 2);
    assert!(is_noted(&vault, &[&old]));
    let new = insert(&vault, "example.org", "bob", 3);
    assert!(is_noted(&vault, &[&old, &new]), "one took the other's place");
    vault.update(&new, |source| source.label = "x".to_owned()).unwrap();
    assert!(is_noted(&vault, &[&new]));
    vault.note_use(&new, Some(&sign_in(4)), true).unwrap();
    assert!(is_noted(&vault, &[&new]));
    vault.delete(&new, 5).unwrap();
    assert!(is_noted(&vault, &[&new]));
    vault.restore(&new).unwrap();
    assert!(is_noted(&vault, &[&new]));
    vault.signal_unknown_credential(&"example.org".into(), &new, 6).unwrap();
    assert!(is_noted(&vault, &[&new]));
    vault.signal_unknown_credential(&"example.org".into(), &new, 6).unwrap();
    assert!(is_noted(&vault, &[]), "the decoy of a signal is nothing");
    vault.purge(u64::MAX).unwrap();
    assert!(is_noted(&vault, &[&old, &new]));
    let refused = vault.update(&old, |_| ());
    assert_eq!((refused, is_noted(&vault, &[])), (Ok(false), true));
}

#[test]
fn what_is_written_by_who_replicates_is_no_change() {
    let vault = Home::new().open();
    let here = insert(&vault, "example.com", "ada", 1);
    on(&vault);
    noted(&vault);
    let mut source = vault.get(&here).unwrap().unwrap();
    let other = self::source(&vault, "example.com", "ada", 2);
    source.label = "from elsewhere".to_owned();
    vault
        .replicate(|replica| {
            replica.put_live(&source)?;
            replica.put_live(&other)?;
            replica.put_trashed(&other, TrashReason::Replaced, 3)
        })
        .unwrap();
    assert!(is_noted(&vault, &[]));
    let trash = vault.trash().unwrap();
    assert_eq!((trash.len(), trash[0].deleted, trash[0].reason), (1, 3, TrashReason::Replaced));
    assert_eq!(vault.get(&here).unwrap().unwrap().label, "from elsewhere");
    let both = |replica: &Replica<'_>| {
        replica.put_live(&other)?;
        let live = matches!(replica.standing(replica.index(&other.credential_id))?, Standing::Live(_));
        Ok(live && matches!(replica.standing(replica.index(&here))?, Standing::Live(_)))
    };
    assert_eq!(vault.replicate(both), Ok(true), "two of one account");
    assert!(vault.trash().unwrap().is_empty() && is_noted(&vault, &[]));
    assert_eq!(users(&vault, "example.com"), ["ada", "ada"]);
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn a_change_made_meanwhile_waits_and_is_noted() {
    let home = Home::new();
    let (vault, other) = (home.open(), home.open());
    let here = insert(&vault, "example.com", "ada", 1);
    on(&vault);
    let writer = std::sync::Mutex::new(other);
    std::thread::scope(|scope| {
        let started = vault.replicate(|replica| {
            let started = scope.spawn(|| insert(&writer.lock().unwrap(), "example.org", "eve", 2));
            std::thread::sleep(std::time::Duration::from_millis(50));
            replica.seen_to(replica.index(&here))?;
            Ok(started)
        });
        let made = started.unwrap().join().unwrap();
        assert!(is_noted(&vault, &[&made]));
    });
}

#[test]
fn rows_are_found_by_what_stands_beside_them() {
    let vault = Home::new().open();
    let id = insert(&vault, "example.com", "ada", 1);
    let index = vault.keys.credential_index(&id);
    let rows = [
        Replicated { unpublished: true, credential: Some(index), ..row(1) },
        Replicated { pack: Some([7; 32]), learned: Some(5), ..row(2) },
        Replicated { pack: Some([8; 32]), learned: Some(9), ..row(3) },
    ];
    vault.replicate(|replica| rows.iter().try_for_each(|row| replica.put_row(row))).unwrap();
    assert_eq!(keys(&vault, |replica, each| replica.each_row(each)), [1, 2, 3]);
    assert_eq!(keys(&vault, |replica, each| replica.each_unpublished(each)), [1]);
    assert_eq!(keys(&vault, |replica, each| replica.each_in_pack(&[7; 32], each)), [2]);
    assert_eq!(keys(&vault, |replica, each| replica.each_learned_before(5, each)), [2]);
    assert_eq!(keys(&vault, |replica, each| replica.each_learned_before(u64::MAX, each)), [2, 3]);
    let changed = Replicated { unpublished: false, pack: Some([7; 32]), ..rows[0].clone() };
    vault.replicate(|replica| replica.put_row(&changed)).unwrap();
    assert_eq!(keys(&vault, |replica, each| replica.each_in_pack(&[7; 32], each)), [1, 2]);
    let found = vault.look_at_replica(|replica| Ok((replica.row(&[1; 16])?, replica.row_of(index)?)));
    assert!(found == Ok((Some(changed.clone()), Some(changed))));
    assert!(vault.look_at_replica(|replica| replica.row(&[9; 16])).unwrap().is_none());
    assert!(vault.integrity().unwrap().is_clean());
}

#[test]
fn what_is_to_leave_stays_in_order() {
    let vault = Home::new().open();
    vault
        .replicate(|replica| {
            replica.put_outgoing("pack", &[1; 1000])?;
            replica.put_outgoing("circle", b"")?;
            replica.put_outgoing("head", b"head")?;
            replica.remove_outgoing("circle")?;
            replica.put_outgoing("pack", &[2; 1000])
        })
        .unwrap();
    let look = |replica: &Replica<'_>| Ok((replica.outbox()?, replica.outgoing("pack")?, replica.outgoing("circle")?));
    let (names, pack, circle) = vault.look_at_replica(look).unwrap();
    assert_eq!((names, pack, circle), (vec!["head".to_owned(), "pack".to_owned()], Some(vec![2; 1000]), None));
}

#[test]
fn an_error_takes_everything_back() {
    let vault = Home::new().open();
    let made = source(&vault, "example.com", "ada", 1);
    let failed: Result<(), _> = vault.replicate(|replica| {
        replica.set_state(b"on")?;
        replica.put_live(&made)?;
        replica.put_row(&row(1))?;
        Err(Error::BadCursor)
    });
    assert_eq!(failed, Err(Error::BadCursor));
    assert_eq!((vault.count(), vault.is_replicated()), (Ok(0), Ok(false)));
    assert!(keys(&vault, |replica, each| replica.each_row(each)).is_empty());
}

#[test]
fn the_trash_that_is_replicated_is_purged_by_who_replicates() {
    let vault = Home::new().open();
    let [own, replicated] = ["ada", "bob"].map(|user| insert(&vault, "example.com", user, 1));
    let index = vault.keys.credential_index(&replicated);
    vault.note_use(&replicated, Some(&sign_in(2)), false).unwrap();
    vault.replicate(|replica| replica.put_row(&Replicated { credential: Some(index), ..row(1) })).unwrap();
    for id in [&own, &replicated] {
        vault.delete(id, 3).unwrap();
    }
    assert_eq!(vault.purge(u64::MAX), Ok(1));
    assert_eq!(vault.trash().unwrap()[0].source.credential_id, replicated);
    vault.replicate(|replica| replica.forget_passkey(index)).unwrap();
    assert!(vault.trash().unwrap().is_empty() && vault.history(&replicated).unwrap().is_empty());
}

#[test]
fn a_reset_ends_it_here_and_its_undoing_does_not_begin_it_again() {
    let vault = Home::new().open();
    insert(&vault, "example.com", "ada", 1);
    on(&vault);
    vault
        .replicate(|replica| {
            replica.put_row(&row(1))?;
            replica.put_outgoing("head", b"head")
        })
        .unwrap();
    vault.reset(2).unwrap();
    let left = vault.look_at_replica(|replica| Ok((replica.changes(9)?, replica.outbox()?, replica.state()?)));
    assert!(matches!(left, Ok((changes, names, None)) if changes.is_empty() && names.is_empty()));
    assert!(keys(&vault, |replica, each| replica.each_row(each)).is_empty());
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!((vault.count(), vault.is_replicated()), (Ok(1), Ok(false)));
    on(&vault);
    assert_eq!(noted(&vault).len(), 1);
    vault.reset(3).unwrap();
    on(&vault);
    vault.undo_reset(&vault.last_reset().unwrap().unwrap()).unwrap();
    assert_eq!(noted(&vault).len(), 1, "what comes back to who has begun anew is a change");
}

#[test]
fn damage_is_named_and_a_damaged_row_counts_as_none() {
    let vault = Home::new().open();
    on(&vault);
    let index = vault.keys.credential_index(&CredentialId::from(vec![1; 32]));
    let sound = Replicated { credential: Some(index), pack: Some([7; 32]), learned: Some(5), ..row(1) };
    vault
        .replicate(|replica| {
            replica.put_row(&sound)?;
            replica.put_outgoing("head", b"head")
        })
        .unwrap();
    assert!(vault.integrity().unwrap().is_clean());
    for change in [
        "replica SET item = zeroblob(16)",
        "replica SET credential = NULL",
        "replica SET unpublished = 1",
        "replica SET pack = zeroblob(32)",
        "replica SET learned = 6",
        "replica SET sealed = zeroblob(length(sealed))",
        "outbox SET name = 'other'",
        "outbox SET sealed = zeroblob(length(sealed))",
        "replica_state SET sealed = zeroblob(length(sealed))",
    ] {
        let table = change.split(' ').next().unwrap();
        vault.connection.execute_batch(&format!("SAVEPOINT sound; UPDATE {change}")).unwrap();
        let damaged = vault.integrity().unwrap().damaged;
        assert!(damaged.len() == 1 && damaged[0].starts_with(&format!("{table} ")), "{change}: {damaged:?}");
        let look = |replica: &Replica<'_>| {
            Ok::<_, Error>((replica.row(&sound.key)?, replica.outgoing("head"), replica.state()))
        };
        let (row, head, state) = look(&Replica::over(&vault)).unwrap();
        match table {
            "replica" => assert!(row.is_none(), "{change}"),
            "outbox" => assert!(!matches!(head, Ok(Some(_))), "{change}"),
            _ => assert!(matches!(state, Err(Error::RecordDamaged { .. })), "{change}"),
        }
        vault.connection.execute_batch("ROLLBACK TO sound; RELEASE sound").unwrap();
    }
    assert!(vault.integrity().unwrap().is_clean());
    assert!(vault.look_at_replica(|replica| replica.row(&sound.key)).unwrap() == Some(sound));
}
