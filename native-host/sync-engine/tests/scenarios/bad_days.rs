//! The bad days of storages and machines that SYNC §12 to §15 speak of beside the attacks: whoever must act is told, everybody else is left in
//! peace, and no key is lost.

use sync_engine::circle::Circle;
use sync_engine::engine::{Alarm, Outcome, PaperKey, Refusal, Task};
use sync_engine::ids::RecordId;
use sync_engine::storage::{ObjectName, Request};

use super::world::people::{CORE, LABEL};
use super::world::storage::Knobs;
use super::world::{DAY, HOUR, SECOND, World};
use super::{all_is_well, cries, is_deleted, state_of, values, vault_of};

const YEAR: i64 = 365 * 24 * HOUR.cast_signed();

/// Whether a machine leaves its user in peace. That something strange lay on the storage is among the details.
fn is_at_peace(world: &World, machine: usize) -> bool {
    state_of(world, machine).alarms.iter().all(|alarm| matches!(alarm, Alarm::Strange(_)))
}

fn all_have(world: &World, machines: usize, id: &RecordId) -> bool {
    (0..machines).all(|machine| !values(world, machine, id, CORE).is_empty())
}

/// For hours everyone has something to say, over a storage like this.
fn hours_over(knobs: Knobs) -> World {
    let mut world = vault_of(3);
    world.storage.knobs = knobs;
    for number in 0..30 {
        for machine in 0..3 {
            world.create_numbered(machine, 3 * number + machine);
            world.sync(machine);
            world.pass(5 * 60 * SECOND);
            assert!(is_at_peace(&world, machine), "{:?}", state_of(&world, machine).alarms);
        }
    }
    world.storage.turn_honest();
    world
}

#[test]
fn torn_uploads() {
    let mut world = hours_over(Knobs { torn_write: 300, ..Knobs::HONEST });
    all_is_well(&mut world);
    assert_eq!(world.blank().unwrap().len(), 90);
}

#[test]
fn a_torn_head_is_told_to_its_writer_and_believed_by_nobody() {
    let mut world = vault_of(2);
    let id = world.create(1);
    world.storage.knobs.torn_write = 1000;
    let report = world.sync(1).unwrap();
    assert!(report.trouble.is_some(), "what was not done is told");
    assert_eq!(report.pending, 1);
    world.storage.turn_honest();
    world.sync(0);
    assert!(world.record(0, &id).is_none());
    assert!(is_at_peace(&world, 0));
    world.sync(1);
    world.sync(0);
    assert!(all_have(&world, 2, &id), "the next pass makes it whole");
    all_is_well(&mut world);
}

#[test]
fn stale_lists() {
    let mut world = hours_over(Knobs { stale: 300, ..Knobs::HONEST });
    all_is_well(&mut world);
    assert_eq!(world.blank().unwrap().len(), 90);
}

#[test]
fn lost_acknowledgements() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.storage.knobs.lost_answer = 1000;
    assert!(world.sync(0).unwrap().trouble.is_some(), "nobody knows whether it was done");
    assert!(!world.machines[0].memory.look(|disk| disk.records[&id].backed_up), "so it does not count as done");
    world.storage.turn_honest();
    assert_eq!(world.sync(0).unwrap().trouble, None);
    assert!(world.machines[0].memory.look(|disk| disk.records[&id].backed_up));
    world.sync(1);
    assert!(all_have(&world, 2, &id));
    assert!((0..2).all(|machine| is_at_peace(&world, machine)));
    assert!(world.storage.renamed.is_empty(), "what is sent once more is the same");
    all_is_well(&mut world);
}

#[test]
fn two_heads_with_one_number() {
    let mut world = vault_of(3);
    let copy = world.copy_machine(1);
    let before = world.storage.objects.clone();
    let ids = [world.create(1), world.create(copy)];
    world.sync(1);
    world.sync(0);
    let seen_by_one = std::mem::replace(&mut world.storage.objects, before);
    world.sync(copy);
    world.sync(2);
    for (name, bytes) in seen_by_one {
        world.storage.objects.entry(name).or_insert(bytes);
    }
    for reader in [0, 2] {
        world.sync(reader);
    }
    assert!(
        [0, 2].into_iter().any(|reader| cries(&world, reader, |alarm| matches!(alarm, Alarm::Twice(_)))),
        "one has seen the one, one the other"
    );
    world.sync_all(6);
    for id in ids {
        assert!([0, 1, 2, copy].into_iter().all(|machine| !values(&world, machine, &id, CORE).is_empty()));
    }
    all_is_well(&mut world);
}

#[test]
fn an_invented_device() {
    let mut world = vault_of(2);
    let id = world.create(0);
    world.sync_all(2);
    // It is a member of a vault of its own, signs well, and says that it stands by a circle of this one.
    let mut theirs = World::new(8, Knobs::HONEST);
    theirs.found();
    let stranger = theirs.identity(0);
    let (mut head, _, key) = theirs.open_newest_head(0);
    let circle = Circle::remembered(world.vault().unwrap(), theirs.state(0).circle().contents());
    let recipients = world.recipients(0);
    let hash = world.put_circle(&circle, &recipients);
    head.vault = world.vault().unwrap();
    world.put_head(&head, &hash, &key, &stranger);
    world.sync_all(2);
    for machine in 0..2 {
        assert!(is_at_peace(&world, machine));
        assert_eq!(world.state(machine).others().count(), 1, "nobody new is in");
    }
    assert!(all_have(&world, 2, &id));
    all_is_well(&mut world);
}

#[test]
fn wrong_recovery_words() {
    let mut world = vault_of(1);
    world.create(0);
    world.sync_all(1);
    let before = world.storage.objects.clone();
    let other = || PaperKey::from_slice(&[0x5a; PaperKey::SIZE]).unwrap();
    let new = world.add_machine();
    let found = world.outcome(new, Task::Look { paper: other() });
    assert_eq!(found, Some(Outcome::Refused(Refusal::NothingFound)), "it is told, and not taken for an empty vault");
    let vault = world.vault().unwrap();
    let task = Task::Recover { paper: other(), vault, name: "new".to_owned() };
    assert_eq!(world.outcome(new, task), Some(Outcome::Refused(Refusal::NothingFound)));
    assert!(!world.machines[new].is_on());
    assert!(world.storage.objects == before, "nothing was written");
    // As well-formed words of the right key do, from the same machine.
    world.recover_on(new);
    assert!(world.machines[new].is_on());
    all_is_well(&mut world);
}

#[test]
fn a_clock_a_year_behind() {
    let mut world = vault_of(2);
    let (id, deleted) = (world.create(0), world.create(0));
    world.sync_all(2);
    world.machines[1].skew = -YEAR;
    let newest = world.rename(1, id);
    world.delete(1, deleted);
    world.sync_all(3);
    for machine in 0..2 {
        assert_eq!(values(&world, machine, &id, LABEL)[0], newest, "an edit goes past what it was made upon");
        assert!(is_deleted(&world, machine, &deleted));
        assert!(!values(&world, machine, &deleted, CORE).is_empty(), "nothing is purged early");
        assert!(is_at_peace(&world, machine), "{:?}", state_of(&world, machine).alarms);
    }
    // Somebody sets it right: no year has passed.
    world.machines[1].skew = 0;
    world.create(0);
    world.sync_all(2);
    for machine in 0..2 {
        assert!(!values(&world, machine, &deleted, CORE).is_empty());
        assert!(is_at_peace(&world, machine), "{:?}", state_of(&world, machine).alarms);
    }
    all_is_well(&mut world);
}

#[test]
fn a_storage_that_is_out_of_reach_for_a_month_and_a_half() {
    let mut world = vault_of(2);
    world.storage.refuses = |_| true;
    let ids = [world.create(0), world.create(1)];
    for _ in 0..45 {
        world.pass(DAY);
        for machine in 0..2 {
            let report = world.sync(machine).unwrap();
            assert!(report.trouble.is_some());
            assert_eq!(report.pending, 1);
        }
    }
    for machine in 0..2 {
        let alarms = state_of(&world, machine).alarms;
        assert!(
            alarms.iter().all(|alarm| matches!(alarm, Alarm::Silent(_))),
            "the other's date is old, and nobody is accused: {alarms:?}"
        );
    }
    world.storage.refuses = |_: &Request| false;
    world.sync_all(2);
    for id in ids {
        assert!(all_have(&world, 2, &id));
    }
    assert!((0..2).all(|machine| is_at_peace(&world, machine)));
    all_is_well(&mut world);
}

#[test]
fn one_file_that_is_gone_for_ever() {
    let mut world = vault_of(2);
    let ids = [world.create(0), world.create(1)];
    world.sync_all(2);
    let packs: Vec<_> =
        world.storage.objects.keys().filter(|name| matches!(name, ObjectName::Pack(..))).cloned().collect();
    assert!(packs.len() > 1);
    for pack in packs {
        world.storage.objects.remove(&pack);
        world.create(0);
        world.create(1);
        world.sync_all(4);
        assert!((0..2).all(|machine| is_at_peace(&world, machine)));
    }
    for id in ids {
        assert!(all_have(&world, 2, &id), "nothing that was read is taken back");
    }
    // Whoever comes now still gets in, with what can be read.
    let new = world.join(0);
    assert!(world.machines[new].is_on());
}
