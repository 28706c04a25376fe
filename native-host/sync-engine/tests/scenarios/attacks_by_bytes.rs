//! SYNC §15: floods, junk, and what bytes tell.

use std::collections::BTreeSet;
use std::rc::Rc;

use sync_engine::engine::Alarm;
use sync_engine::record::Record;
use sync_engine::storage::ObjectName;

use super::world::people::{CORE, LABEL};
use super::world::random::Random;
use super::{all_is_well, state_of, values, vault_of};

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
