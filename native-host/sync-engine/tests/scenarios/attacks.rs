//! SYNC §15: what a storage does that is an enemy's.

use std::collections::BTreeSet;
use std::rc::Rc;

use sync_engine::engine::{Alarm, Outcome, Refusal, Task};
use sync_engine::ids::Slot;
use sync_engine::keys::JoinCode;
use sync_engine::record::Record;
use sync_engine::storage::{ObjectName, Request};

use super::world::people::{CORE, LABEL};
use super::world::random::Random;
use super::world::{DAY, HOUR, World};
use super::{all_is_well, cries, state_of, values, vault_of};

const YEAR: i64 = 365 * 24 * HOUR.cast_signed();

fn code(number: u8) -> JoinCode {
    JoinCode::from_slice(&[number; 10]).unwrap()
}

fn slot(number: u8) -> Slot {
    code(number).mailbox().slot
}

fn heads_of(world: &World, machine: usize) -> Vec<ObjectName> {
    let device = world.device(machine).unwrap();
    let names = world.storage.objects.keys();
    names.filter(|name| matches!(name, ObjectName::Head(author, _) if *author == device)).cloned().collect()
}

fn passkeys(world: &World, machine: usize) -> usize {
    world.machines[machine].memory.look(|disk| disk.records.len())
}

#[test]
fn attack_1_one_devices_head_is_hidden_from_one_reader() {
    let mut world = vault_of(3);
    let before: BTreeSet<_> = heads_of(&world, 1).into_iter().collect();
    world.create(1);
    world.sync(1);
    let new: BTreeSet<_> = heads_of(&world, 1).into_iter().filter(|name| !before.contains(name)).collect();
    let look = |world: &mut World| {
        world.storage.hidden.clone_from(&new);
        world.sync(0);
        world.storage.hidden.clear();
        world.sync(2);
    };
    look(&mut world);
    look(&mut world);
    assert!(!cries(&world, 0, |alarm| matches!(alarm, Alarm::Withheld(_))), "it may still be on its way");
    for _ in 0..3 {
        world.pass(13 * HOUR);
        look(&mut world);
    }
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::Withheld(_))));
    all_is_well(&mut world);
}

#[test]
fn attack_2_the_whole_storage_is_rolled_back() {
    let mut world = vault_of(2);
    let before = world.storage.objects.clone();
    for _ in 0..3 {
        world.create(1);
        world.sync_all(2);
    }
    let device = world.device(1).unwrap();
    world.storage.objects = before;
    for _ in 0..4 {
        world.pass(HOUR);
        world.sync(0);
    }
    assert!(cries(&world, 0, |alarm| matches!(alarm, Alarm::RolledBack(_))));
    assert_eq!(passkeys(&world, 0), 3, "nothing is lost here");
    // The one whose own head is gone publishes everything again, by itself.
    all_is_well(&mut world);
    assert_eq!(world.blank().unwrap().len(), 3);
    assert_eq!(world.device(1), Some(device), "and keeps its name");
}

#[test]
fn attack_3_an_old_head_under_a_newer_number_or_anothers_name() {
    let mut world = vault_of(2);
    let id = world.create(1);
    world.sync_all(2);
    let newer = world.rename(1, id);
    world.sync_all(2);
    let (of_0, of_1) = (world.device(0).unwrap(), world.device(1).unwrap());
    let (n, bytes) = world.newest_head(of_1);
    let (own, _) = world.newest_head(of_0);
    for name in [ObjectName::Head(of_1, n + 1), ObjectName::Head(of_1, n + 900), ObjectName::Head(of_0, own + 1)] {
        world.put(name, bytes.to_vec());
    }
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[0], newer);
    }
    assert_eq!((world.device(0), world.device(1)), (Some(of_0), Some(of_1)));
    all_is_well(&mut world);
}

#[test]
fn attack_4_any_object_is_altered_cut_short_or_swapped_for_any_other() {
    let mut random = Random::new(4);
    let mut quiet = vault_of(2);
    quiet.create(0);
    quiet.create(1);
    quiet.sync_all(2);
    let objects = quiet.storage.objects.clone();
    for name in objects.keys() {
        for kind in 0..4 {
            let mut world = vault_of(2);
            world.create(0);
            world.create(1);
            world.sync_all(2);
            // The same world, to the last byte.
            assert_eq!(world.storage.objects, objects);
            let mut bytes = objects[name].to_vec();
            match kind {
                0 => {
                    let at = random.below(bytes.len());
                    bytes[at] ^= 1 << random.below(8);
                }
                1 => bytes.truncate(random.below(bytes.len())),
                2 => bytes.clear(),
                _ => bytes = random.pick(&objects.values().cloned().collect::<Vec<_>>()).unwrap().to_vec(),
            }
            world.storage.objects.insert(name.clone(), Rc::new(bytes));
            let third = world.recover();
            world.create(0);
            world.sync_all(3);
            for machine in 0..2 {
                assert_eq!(passkeys(&world, machine), 3, "{} altered ({kind})", name.path());
            }
            let _ = third;
            world.storage.objects.insert(name.clone(), objects[name].clone());
            world.machines[third].unwanted = !world.machines[third].is_on();
            all_is_well(&mut world);
        }
    }
}

#[test]
fn attack_8_a_wrong_code_and_an_altered_ask_or_yes() {
    let mut world = vault_of(1);
    let new = world.add_machine();
    let ask = Task::Ask { code: code(1), name: "new".to_owned() };
    assert_eq!(world.outcome(new, ask), Some(Outcome::Done));
    assert_eq!(
        world.outcome(0, Task::AwaitAsk { code: code(2) }),
        Some(Outcome::NotYet),
        "another code, another mailbox"
    );

    let (ask, yes) = (ObjectName::Ask(slot(1)), ObjectName::Yes(slot(1)));
    let honest = world.storage.objects[&ask].to_vec();
    let mut altered = honest.clone();
    altered[40] ^= 1;
    world.put(ask.clone(), altered);
    assert_eq!(world.outcome(0, Task::AwaitAsk { code: code(1) }), Some(Outcome::Refused(Refusal::Altered)));
    world.put(ask, honest);
    let Some(Outcome::Asked(newcomer)) = world.outcome(0, Task::AwaitAsk { code: code(1) }) else {
        panic!("nobody asks")
    };
    assert_eq!(world.outcome(0, Task::Admit { code: code(1), newcomer }), Some(Outcome::Done));

    let honest = world.storage.objects[&yes].to_vec();
    let mut altered = honest.clone();
    altered[40] ^= 1;
    world.put(yes.clone(), altered);
    assert_eq!(world.outcome(new, Task::AwaitYes { code: code(1) }), Some(Outcome::Refused(Refusal::Altered)));
    world.put(yes, honest);
    assert!(matches!(world.outcome(new, Task::AwaitYes { code: code(1) }), Some(Outcome::Joined { .. })));
    all_is_well(&mut world);
}

#[test]
fn attack_9_another_vault_is_put_under_one_who_joins() {
    let mut world = vault_of(1);
    let mut theirs = vault_of(1);
    theirs.create(0);
    theirs.sync_all(1);
    let new = world.add_machine();
    assert_eq!(world.outcome(new, Task::Ask { code: code(1), name: "new".to_owned() }), Some(Outcome::Done));
    // The enemy knows the slot, and not the code: it lets a machine of its own into its vault, under another code, and puts that answer here.
    theirs.add_machine();
    theirs.outcome(1, Task::Ask { code: code(9), name: "new".to_owned() });
    let Some(Outcome::Asked(newcomer)) = theirs.outcome(0, Task::AwaitAsk { code: code(9) }) else {
        panic!("nobody asks")
    };
    theirs.outcome(0, Task::Admit { code: code(9), newcomer });
    let answer = theirs.storage.objects[&ObjectName::Yes(slot(9))].to_vec();
    world.storage.objects.extend(theirs.storage.objects);
    world.put(ObjectName::Yes(slot(1)), answer);
    assert_eq!(world.outcome(new, Task::AwaitYes { code: code(1) }), Some(Outcome::Refused(Refusal::Altered)));
    assert!(!world.machines[new].is_on());
}

#[test]
fn attack_10_another_vault_is_put_under_a_recovery_key() {
    let mut world = vault_of(1);
    world.create(0);
    world.sync_all(1);
    // A member that knows the recovery key's card founds a vault that names it, and seals it for it.
    let paper = world.paper().identity();
    let card = paper.card("", true, None);
    let thief = world.identity(0);
    let at = world.state(0).stamp(world.now);
    let founder = (&thief, thief.card("thief", false, None));
    let mut forged = sync_engine::circle::Circle::found(founder, (&thief, card.clone()), at, &mut world.random);
    let membership = forged.evaluate();
    forged.keys_mut().make(at, &membership, &mut world.random);
    let hash = world.put_circle(&forged, &[card]);
    let (mut head, _, key) = world.open_newest_head(0);
    head.vault = forged.vault();
    world.put_head(&head, &hash, &key, &thief);

    let new = world.add_machine();
    let Some(Outcome::Looked(found)) = world.outcome(new, Task::Look { paper: world.paper() }) else {
        panic!("nothing came of it")
    };
    assert!(found.iter().all(|found| found.vault != forged.vault()));
    let task = Task::Recover { paper: world.paper(), vault: forged.vault(), name: "new".to_owned() };
    assert!(matches!(world.outcome(new, task), Some(Outcome::Refused(_))));
    assert!(!world.machines[new].is_on());
}

#[test]
fn attack_11_a_clock_in_the_future() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.machines[1].skew = YEAR;
    world.rename(1, id);
    world.sync_all(2);
    let corrected = world.rename(0, id);
    world.sync_all(2);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[0], corrected, "the next edit by anyone goes past it");
    }
    all_is_well(&mut world);
}

#[test]
fn attack_11_a_clock_in_the_future_purges_nothing_early() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    world.delete(0, id);
    world.sync_all(2);
    world.machines[1].skew = YEAR;
    world.sync_all(3);
    assert!(!values(&world, 1, &id, CORE).is_empty(), "the other's head shows which year it is");
    all_is_well(&mut world);
}

#[test]
fn attack_12_an_ask_is_replayed() {
    let mut world = vault_of(1);
    let new = world.add_machine();
    world.outcome(new, Task::Ask { code: code(1), name: "new".to_owned() });
    let ask = world.storage.objects[&ObjectName::Ask(slot(1))].to_vec();
    let Some(Outcome::Asked(newcomer)) = world.outcome(0, Task::AwaitAsk { code: code(1) }) else {
        panic!("nobody asks")
    };
    world.outcome(0, Task::Admit { code: code(1), newcomer });
    world.outcome(new, Task::AwaitYes { code: code(1) });
    world.outcome(0, Task::Close { code: code(1) });
    assert!(!world.storage.objects.keys().any(|name| matches!(name, ObjectName::Ask(_) | ObjectName::Yes(_))));
    // Put back as it was, and into the mailbox of the next code.
    world.put(ObjectName::Ask(slot(1)), ask.clone());
    assert_eq!(world.outcome(0, Task::AwaitAsk { code: code(2) }), Some(Outcome::NotYet));
    world.put(ObjectName::Ask(slot(2)), ask);
    assert_eq!(world.outcome(0, Task::AwaitAsk { code: code(2) }), Some(Outcome::Refused(Refusal::Altered)));
    all_is_well(&mut world);
}

#[test]
fn attack_13_a_flood_of_junk_heads_and_huge_files() {
    let mut world = vault_of(2);
    let id = world.create(1);
    world.sync(1);
    let mut random = Random::new(13);
    for _ in 0..1000 {
        let mut bytes = [0; 16];
        rand_core::Rng::fill_bytes(&mut random, &mut bytes);
        let device = sync_engine::ids::DeviceId::from_slice(&bytes).unwrap();
        world.put(ObjectName::Head(device, 1), vec![7; 100]);
    }
    let member = world.device(1).unwrap();
    let (n, _) = world.newest_head(member);
    world.put(ObjectName::Head(member, n + 1), vec![0; 80 << 20]);
    let (calls, read) = (world.storage.calls, world.storage.read);
    world.sync(0);
    assert!(world.storage.calls - calls < 60, "{} calls", world.storage.calls - calls);
    assert!(world.storage.read - read < 1 << 20, "{} bytes", world.storage.read - read);
    assert!(!values(&world, 0, &id, CORE).is_empty(), "what is true still arrives");
}

#[test]
fn attack_14_bytes_that_are_nothing_at_all() {
    let mut random = Random::new(14);
    let mut world = vault_of(2);
    let id = world.create(1);
    world.sync_all(2);
    let names: Vec<_> = world.storage.objects.keys().cloned().collect();
    for _ in 0..200 {
        let name = random.pick(&names).unwrap();
        let mut bytes = vec![0; random.below(400)];
        rand_core::Rng::fill_bytes(&mut random, &mut bytes);
        // Sometimes it begins as it should.
        if random.per_mille(500) {
            let begin: Vec<u8> = world.storage.objects[&name].iter().copied().take(44).collect();
            bytes.splice(0..0, begin);
        }
        let honest = world.storage.objects.insert(name.clone(), Rc::new(bytes));
        world.sync(0);
        world.blank();
        world.storage.objects.insert(name, honest.unwrap());
    }
    assert!(!values(&world, 0, &id, CORE).is_empty());
    all_is_well(&mut world);
}

#[test]
fn attack_16_no_nonce_is_used_twice() {
    let mut world = vault_of(2);
    let mut nonces = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let copy = world.copy_machine(1);
    for _ in 0..6 {
        for machine in [0, 1, copy] {
            world.create(machine);
            world.sync(machine);
        }
        for (name, bytes) in &world.storage.objects {
            let at = match name {
                ObjectName::Head(..) => 4 + 32,
                ObjectName::Pack(..) => 4,
                _ => continue,
            };
            if seen.insert((name.clone(), bytes.clone())) {
                let key_and_nonce = bytes[at..at + 8 + 24].to_vec();
                assert!(nonces.insert(key_and_nonce), "{} repeats a nonce", name.path());
            }
        }
    }
    assert!(nonces.len() > 20);
}

#[test]
fn attack_17_the_storage_learns_names() {
    let mut world = vault_of(2);
    for machine in 0..2 {
        world.create(machine);
    }
    world.sync_all(3);
    let mut secrets: Vec<Vec<u8>> = vec![b"machine 0".to_vec(), b"machine 1".to_vec()];
    let records: Vec<Record> =
        world.machines[0].memory.look(|disk| disk.records.values().map(|kept| kept.record.clone()).collect());
    for record in &records {
        secrets.extend(record.fields().flat_map(|(_, values)| values.iter().map(|(_, value)| value.to_vec())));
    }
    assert!(secrets.len() > 5);
    for (name, bytes) in &world.storage.objects {
        for secret in secrets.iter().filter(|secret| secret.len() > 4) {
            assert!(!bytes.windows(secret.len()).any(|window| window == *secret), "{} tells a secret", name.path());
        }
    }
    // Lengths come in steps: a name that is a little longer does not show.
    let sizes: BTreeSet<usize> = (10..14)
        .map(|length| {
            let mut world = vault_of(1);
            let id = world.create_numbered(0, 1);
            world.edit(0, id, super::world::disk::Change::Write(vec![(LABEL, vec![b'n'; length])]));
            world.sync(0);
            world
                .storage
                .objects
                .iter()
                .filter(|(name, _)| matches!(name, ObjectName::Pack(..)))
                .map(|(_, bytes)| bytes.len())
                .sum()
        })
        .collect();
    assert_eq!(sizes.len(), 1, "{sizes:?}");
}

#[test]
fn attack_18_the_storage_deletes_everything() {
    let mut world = vault_of(3);
    for machine in 0..3 {
        world.create(machine);
    }
    world.sync_all(3);
    for _ in 0..3 {
        world.storage.objects.clear();
        world.sync_all(2);
        assert_eq!(world.blank().map(|records| records.len()), Some(3));
    }
    all_is_well(&mut world);
}

#[test]
fn attack_21_junk_in_ones_own_name() {
    let mut world = vault_of(2);
    let device = world.device(0).unwrap();
    let (n, bytes) = world.newest_head(device);
    for (ahead, junk) in [(1, vec![1; 300]), (2, bytes.to_vec()), (1_000_000, vec![]), (u64::MAX - n, vec![2; 10])] {
        world.put(ObjectName::Head(device, n + ahead), junk);
        world.create(0);
        world.sync_all(2);
        assert_eq!(world.device(0), Some(device), "it keeps its name");
    }
    assert!(!state_of(&world, 1).alarms.iter().any(|alarm| matches!(alarm, Alarm::Twice(_))));
    all_is_well(&mut world);
}

#[test]
fn attack_22_an_orphan_circle_holds_a_removal_that_was_never_completed() {
    let mut world = vault_of(3);
    let id = world.create(2);
    world.sync_all(2);
    let remover = world.machines[1].memory.copy();
    let device = world.device(2).unwrap();
    world.storage.refuses = |request| matches!(request, Request::Put(ObjectName::Head(..), _));
    let outcome = world.outcome(1, Task::Remove { devices: vec![device], paper: None });
    assert_eq!(outcome, Some(Outcome::NotYet), "removed only when the head is there");
    world.storage.refuses = |_| false;
    // The remover dies with its disk; what it knew is gone.
    drop(remover);
    world.lose(1);
    let blank = world.blank().unwrap();
    assert!(blank.contains_key(&id));
    let new = world.recover();
    world.pass(DAY);
    world.sync_all(2);
    let state = world.machines[new].memory.state().unwrap();
    assert!(state.membership().is_member(&device));
    all_is_well(&mut world);
}
