//! The real vault beside a model of sixty lines, under random operations with reopenings.

use proptest::prelude::*;
use protocol::webauthn::CredentialId;

use super::*;

const DAY: u64 = 24 * 60 * 60 * 1000;

#[derive(Clone, Debug)]
enum Operation {
    Insert {
        rp: u8,
        user: u8,
    },
    Touch(usize),
    Label {
        which: usize,
        label: u8,
    },
    Delete(usize),
    Restore(usize),
    InsertUnasked {
        rp: u8,
        user: u8,
    },
    Unknown {
        rp: u8,
        which: usize,
    },
    /// The site accepts those of the account whose number, at this bit, is set.
    Accepted {
        rp: u8,
        user: u8,
        bit: u8,
    },
    Details {
        rp: u8,
        user: u8,
        name: u8,
    },
    Purge,
    Pass {
        days: u64,
    },
    Reopen,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (0..3_u8, 0..4_u8).prop_map(|(rp, user)| Operation::Insert { rp, user }),
        2 => any::<usize>().prop_map(Operation::Touch),
        2 => (any::<usize>(), 0..3_u8).prop_map(|(which, label)| Operation::Label { which, label }),
        2 => any::<usize>().prop_map(Operation::Delete),
        2 => any::<usize>().prop_map(Operation::Restore),
        2 => (0..3_u8, 0..4_u8).prop_map(|(rp, user)| Operation::InsertUnasked { rp, user }),
        1 => (0..3_u8, any::<usize>()).prop_map(|(rp, which)| Operation::Unknown { rp, which }),
        3 => (0..3_u8, 0..4_u8, 0..3_u8).prop_map(|(rp, user, bit)| Operation::Accepted { rp, user, bit }),
        1 => (0..3_u8, 0..4_u8, 0..2_u8).prop_map(|(rp, user, name)| Operation::Details { rp, user, name }),
        1 => Just(Operation::Purge),
        1 => (1..20_u64).prop_map(|days| Operation::Pass { days }),
        1 => Just(Operation::Reopen),
    ]
}

/// What the vault must hold. Every passkey ever made is in `all`, by the order of creation.
#[derive(Default)]
struct Model {
    all: Vec<Passkey>,
    now: u64,
}

struct Passkey {
    id: CredentialId,
    rp: String,
    user: String,
    name: String,
    earlier: Vec<String>,
    created: u64,
    last_used: Option<u64>,
    label: String,
    uses: Vec<u64>,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Live,
    Trashed(u64, TrashReason),
    Gone,
}

impl Model {
    fn insert(&mut self, id: CredentialId, rp: String, user: String) {
        let mut replaced: Vec<_> = self.all.iter_mut().filter(|old| old.rp == rp && old.user == user).collect();
        replaced.retain(|old| old.state == State::Live);
        replaced.sort_by_key(|old| std::cmp::Reverse((old.last_used.is_some(), old.last_used.unwrap_or(old.created))));
        replaced.iter_mut().for_each(|old| old.state = State::Trashed(self.now, TrashReason::Replaced));
        let label = replaced.iter().map(|old| old.label.clone()).find(|label| !label.is_empty());
        self.add(id, rp, user);
        self.all.last_mut().unwrap().label = label.unwrap_or_default();
    }

    fn add(&mut self, id: CredentialId, rp: String, user: String) {
        let (name, earlier) = (format!("{user}@mail.test"), Vec::new());
        let (created, last_used, state) = (self.now, None, State::Live);
        let (label, uses) = (String::new(), Vec::new());
        self.all.push(Passkey { id, rp, user, name, earlier, created, last_used, label, uses, state });
    }

    fn takes_unasked(&self, rp: &str, user: &str) -> bool {
        let keeps_away = |passkey: &&Passkey| match passkey.state {
            State::Live => true,
            State::Trashed(at, reason) => reason == TrashReason::Deleted && self.now < at + 30 * DAY,
            State::Gone => false,
        };
        !self.all.iter().filter(|passkey| passkey.rp == rp && passkey.user == user).any(|passkey| keeps_away(&passkey))
    }

    fn accept(&mut self, rp: &str, user: &str, accepted: &[CredentialId]) {
        let now = self.now;
        for passkey in self.all.iter_mut().filter(|passkey| passkey.rp == rp && passkey.user == user) {
            let is_accepted = accepted.contains(&passkey.id);
            match passkey.state {
                State::Live if !is_accepted => passkey.state = State::Trashed(now, TrashReason::NotAcceptedBySite),
                State::Trashed(_, TrashReason::UnknownToSite | TrashReason::NotAcceptedBySite) if is_accepted => {
                    passkey.state = State::Live;
                }
                _ => {}
            }
        }
    }

    fn purge(&mut self) -> u64 {
        let now = self.now;
        let due = |state| matches!(state, State::Trashed(at, _) if at + 30 * DAY <= now);
        let due: Vec<_> = self.all.iter_mut().filter(|passkey| due(passkey.state)).collect();
        let purged = due.len() as u64;
        due.into_iter().for_each(|passkey| (passkey.state, passkey.uses) = (State::Gone, Vec::new()));
        purged
    }

    fn live(&self, rp: &str) -> Vec<CredentialId> {
        let mut live: Vec<_> =
            self.all.iter().filter(|passkey| passkey.state == State::Live && passkey.rp == rp).collect();
        live.sort_by_key(|passkey| match passkey.last_used {
            Some(used) => (0, u64::MAX - used),
            None => (1, u64::MAX - passkey.created),
        });
        live.into_iter().map(|passkey| passkey.id.clone()).collect()
    }

    fn trashed(&self) -> Vec<(CredentialId, u64, TrashReason)> {
        let trashed = self.all.iter().filter_map(|passkey| match passkey.state {
            State::Trashed(at, reason) => Some((passkey.id.clone(), at, reason)),
            _ => None,
        });
        let mut trashed: Vec<_> = trashed.collect();
        trashed.sort_by(|a, b| a.0.cmp(&b.0));
        trashed
    }
}

fn step(vault: &Vault, model: &mut Model, operation: &Operation) {
    model.now += 1;
    let now = model.now;
    let pick = |n: usize| n.checked_rem(model.all.len());
    match *operation {
        Operation::Insert { rp, user } => {
            let (rp, user) = (format!("site{rp}.com"), format!("user{user}"));
            model.insert(insert(vault, &rp, &user, now), rp, user);
        }
        Operation::Touch(n) => {
            let Some(passkey) = pick(n).map(|n| &mut model.all[n]) else { return };
            vault.note_use(&passkey.id, Some(&sign_in(now)), false).unwrap();
            if passkey.state == State::Live {
                passkey.last_used = Some(now);
                passkey.uses.push(now);
            }
        }
        Operation::Label { which, label } => {
            let Some(passkey) = pick(which).map(|n| &mut model.all[n]) else { return };
            let label = if label == 0 { String::new() } else { format!("label{label}") };
            let live = vault.update(&passkey.id, |source| source.label.clone_from(&label)).unwrap();
            assert_eq!(live, passkey.state == State::Live);
            if live {
                passkey.label = label;
            }
        }
        Operation::Delete(n) => {
            let Some(passkey) = pick(n).map(|n| &mut model.all[n]) else { return };
            let live = passkey.state == State::Live;
            assert_eq!(vault.delete(&passkey.id, now).unwrap(), live.then_some(now + 30 * DAY));
            if live {
                passkey.state = State::Trashed(now, TrashReason::Deleted);
            }
        }
        Operation::Restore(n) => {
            let Some(passkey) = pick(n).map(|n| &mut model.all[n]) else { return };
            let trashed = matches!(passkey.state, State::Trashed(..));
            assert_eq!(vault.restore(&passkey.id).unwrap(), trashed);
            if trashed {
                passkey.state = State::Live;
            }
        }
        Operation::InsertUnasked { rp, user } => {
            let (rp, user) = (format!("site{rp}.com"), format!("user{user}"));
            let made = source(vault, &rp, &user, now);
            let added = vault.insert_unasked(&made, now).unwrap();
            assert_eq!(added, model.takes_unasked(&rp, &user));
            if added {
                model.add(made.credential_id, rp, user);
            }
        }
        Operation::Unknown { .. } | Operation::Accepted { .. } | Operation::Details { .. } => {
            signal(vault, model, operation);
        }
        Operation::Purge => assert_eq!(vault.purge(now).unwrap(), model.purge()),
        Operation::Pass { days } => model.now += days * DAY,
        Operation::Reopen => {}
    }
}

fn signal(vault: &Vault, model: &mut Model, operation: &Operation) {
    let now = model.now;
    let site = |rp: u8| format!("site{rp}.com");
    match *operation {
        Operation::Unknown { rp, which } => {
            let Some(passkey) = which.checked_rem(model.all.len()).map(|n| &mut model.all[n]) else { return };
            vault.signal_unknown_credential(&site(rp).into(), &passkey.id, now).unwrap();
            if passkey.state == State::Live && passkey.rp == site(rp) {
                passkey.state = State::Trashed(now, TrashReason::UnknownToSite);
            }
        }
        Operation::Accepted { rp, user, bit } => {
            let numbered = model.all.iter().enumerate().filter(|(n, _)| n >> bit & 1 == 1);
            let accepted: Vec<_> = numbered.map(|(_, passkey)| passkey.id.clone()).collect();
            let user = format!("user{user}");
            let handle = user.as_bytes().into();
            vault.signal_all_accepted_credentials(&site(rp).into(), &handle, &accepted, now).unwrap();
            model.accept(&site(rp), &user, &accepted);
        }
        Operation::Details { rp, user, name } => {
            let (user, name) = (format!("user{user}"), format!("name{name}"));
            let handle = user.as_bytes().into();
            vault.signal_current_user_details(&site(rp).into(), &handle, &name, "", now).unwrap();
            let is_of_account =
                |passkey: &&mut Passkey| passkey.state == State::Live && passkey.rp == site(rp) && passkey.user == user;
            for passkey in model.all.iter_mut().filter(is_of_account).filter(|passkey| passkey.name != name) {
                let earlier = std::mem::replace(&mut passkey.name, name.clone());
                passkey.earlier.push(earlier);
            }
        }
        _ => {}
    }
}

fn compare(vault: &Vault, model: &Model) {
    let mut count = 0;
    for rp in ["site0.com", "site1.com", "site2.com"] {
        let found: Vec<_> = vault.find(&rp.into()).unwrap().into_iter().map(|source| source.credential_id).collect();
        assert_eq!(found, model.live(rp));
        for source in vault.find(&rp.into()).unwrap() {
            let passkey = model.all.iter().find(|passkey| passkey.id == source.credential_id).unwrap();
            assert_eq!((&source.user_name, &source.label), (&passkey.name, &passkey.label));
            let first = source.earlier_names.first().map(|earlier| &earlier.user_name);
            // The first name is kept whatever comes later, unless a month has gone by.
            assert!(first.is_none_or(|name| passkey.earlier.contains(name)));
        }
        count += found.len() as u64;
    }
    assert_eq!(vault.count().unwrap(), count);
    assert_eq!(vault.list(None, 1000).unwrap().sources.len() as u64, count);
    let trash = vault.trash().unwrap().into_iter();
    let mut trash: Vec<_> = trash.map(|it| (it.source.credential_id, it.deleted, it.reason)).collect();
    trash.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(trash, model.trashed());
    for passkey in &model.all {
        let uses: Vec<_> = vault.history(&passkey.id).unwrap().iter().map(|used| used.at).collect();
        assert_eq!(uses, passkey.uses);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_vault_does_what_its_model_does(operations in prop::collection::vec(operation(), 1..40)) {
        let home = Home::new();
        let mut model = Model::default();
        let mut vault = home.open();
        for operation in &operations {
            if let Operation::Reopen = operation {
                drop(vault);
                vault = home.open();
            }
            step(&vault, &mut model, operation);
            compare(&vault, &model);
        }
        assert!(vault.integrity().unwrap().is_clean());
    }
}
