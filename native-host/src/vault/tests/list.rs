//! The list beside a sorted walk over all records, while two connections write.

use proptest::prelude::*;
use protocol::webauthn::CredentialId;

use super::*;

#[derive(Clone, Debug)]
enum Operation {
    Insert { rp: u8, user: u8 },
    Delete(usize),
    Restore(usize),
    Label(usize),
    Reset,
    RollBack,
    List { limit: usize },
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        5 => (0..3_u8, 0..9_u8).prop_map(|(rp, user)| Operation::Insert { rp, user }),
        2 => any::<usize>().prop_map(Operation::Delete),
        1 => any::<usize>().prop_map(Operation::Restore),
        2 => any::<usize>().prop_map(Operation::Label),
        1 => Just(Operation::Reset),
        1 => Just(Operation::RollBack),
        6 => (1..6_usize).prop_map(|limit| Operation::List { limit }),
    ]
}

/// What is listed of a passkey: site, label, credential ID; the time of creation stands between.
type Listed = (String, u64, CredentialId, String);

fn listed(source: PublicKeyCredentialSource) -> Listed {
    (source.rp_id.as_str().to_owned(), source.created, source.credential_id, source.label)
}

fn walked(vault: &Vault) -> Vec<Listed> {
    let mut all = Vec::new();
    vault.for_each(|source| all.push(listed(source))).unwrap();
    all.sort_by_key(|(rp_id, created, id, _)| (rp_id.clone(), *created, id.as_bytes().to_vec()));
    all
}

/// Page by page.
fn paged(vault: &Vault, limit: usize) -> Vec<Listed> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = vault.list(after.as_deref(), limit).unwrap();
        assert!(page.sources.len() <= limit && page.damaged == 0);
        all.extend(page.sources.into_iter().map(listed));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_list_is_the_sorted_walk_whoever_writes(steps in prop::collection::vec((any::<bool>(), operation()), 1..40)) {
        let home = Home::new();
        let vaults = [home.open(), home.open()];
        let mut made: Vec<CredentialId> = Vec::new();
        for (now, (other, operation)) in (1..).zip(steps) {
            let vault = &vaults[usize::from(other)];
            let which = |which: usize| made.get(which % made.len().max(1));
            match operation {
                // Several of one moment, so that the credential ID decides.
                Operation::Insert { rp, user } => {
                    made.push(insert(vault, &format!("{rp}.example"), &format!("{user}"), now / 4));
                }
                Operation::Delete(number) => {
                    which(number).map(|id| vault.delete(id, now).unwrap());
                }
                // One that is here cannot be brought back.
                Operation::Restore(number) => drop(which(number).map(|id| vault.restore(id))),
                Operation::Label(number) => {
                    which(number).map(|id| vault.update(id, |source| source.label = now.to_string()).unwrap());
                }
                Operation::Reset => vault.reset(now).unwrap(),
                Operation::RollBack => {
                    let failed = vault.write(|transaction| {
                        transaction.execute("DELETE FROM credentials", ())?;
                        Err::<(), _>(Error::Duplicate.into())
                    });
                    prop_assert!(failed.is_err());
                }
                Operation::List { limit } => prop_assert_eq!(paged(vault, limit), walked(vault)),
            }
        }
        for vault in &vaults {
            prop_assert_eq!(paged(vault, 4), walked(&home.open()));
        }
    }
}

#[test]
fn a_page_goes_on_where_the_one_before_ended_whatever_was_written_between() {
    let home = Home::new();
    let (vault, other) = (home.open(), home.open());
    for at in 1..=6 {
        insert(&vault, "example.com", &format!("user {at}"), at * 10);
    }
    let first = vault.list(None, 3).unwrap();
    insert(&other, "example.com", "earlier", 5);
    insert(&other, "example.com", "later", 45);
    let rest = vault.list(first.next.as_deref(), 10).unwrap();
    assert_eq!(rest.sources.iter().map(|source| source.created).collect::<Vec<_>>(), [40, 45, 50, 60]);
}
