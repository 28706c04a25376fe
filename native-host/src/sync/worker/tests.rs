//! A machine keeps itself in step, and a creation learns whether its passkey is backed up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use protocol::cose::CoseAlgorithmIdentifier;
use sync_engine::engine::Backing;
use sync_engine::storage::{Answer, Request};

use super::*;
use crate::sync::Machine;
use crate::sync::machine::{CarriesOut, open_storage};
use crate::sync::testing::{MemoryKeychain, World, done, source};

/// A storage that a test holds up, or lets fail; a server to all who ask.
#[derive(Clone, Default)]
struct Knobs {
    delay_ms: Arc<AtomicU64>,
    fails: Arc<AtomicBool>,
    panics: Arc<AtomicBool>,
    requests: Arc<AtomicU64>,
}

struct Knobbed(Box<dyn CarriesOut>, Knobs);

impl CarriesOut for Knobbed {
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        self.1.requests.fetch_add(1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(self.1.delay_ms.load(Ordering::SeqCst)));
        assert!(!self.1.panics.load(Ordering::SeqCst), "as a test wants it");
        match self.1.fails.load(Ordering::SeqCst) {
            true => requests.iter().map(|_| Answer::Failed(Trouble::Unreachable("away".to_owned()))).collect(),
            false => self.0.carry_out(requests),
        }
    }

    fn backing(&self) -> Backing {
        Backing::Server
    }
}

fn in_step(world: &World, name: &str, machine: &Machine<MemoryKeychain>, knobs: &Knobs) -> InStep {
    let (file, keychain, knobs) = (world.file(name), machine.keychain().clone(), knobs.clone());
    InStep::new(Arc::new(move || {
        let machine = Machine::open(&file, keychain.clone()).map_err(|error| Broken(error.to_string()))?;
        let knobs = knobs.clone();
        let knobbed =
            move |config: &_| Ok(Box::new(Knobbed(open_storage(config)?, knobs.clone())) as Box<dyn CarriesOut>);
        Ok(Box::new(machine.with_storages(knobbed)))
    }))
}

fn insert(vault: &Vault, user: &str) -> CredentialId {
    let made = source(vault, CoseAlgorithmIdentifier::Es256, user);
    vault.insert(&made, 1).unwrap();
    made.credential_id
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn where_sync_is_off_nothing_is_begun() {
    let world = World::new();
    let machine = world.machine("one");
    let id = insert(machine.vault(), "ada");
    let knobs = Knobs::default();
    let in_step = in_step(&world, "one", &machine, &knobs);
    in_step.nudge(machine.vault());
    in_step.ask(machine.vault());
    assert!(!in_step.publish_within(machine.vault(), Duration::from_secs(4), &id));
    assert!(in_step.worker.get().is_none() && !in_step.is_busy() && in_step.failure().is_none());
    in_step.watch(machine.vault(), |_| panic!("there is nothing to tell"));
    assert_eq!(knobs.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn a_passkey_is_published_within_a_creations_patience() {
    let world = World::new();
    let machine = world.first("one");
    let in_step = in_step(&world, "one", &machine, &Knobs::default());
    for user in ["ada", "bob"] {
        let id = insert(machine.vault(), user);
        assert!(in_step.publish_within(machine.vault(), Duration::from_secs(20), &id));
        assert!(machine.vault().get(&id).unwrap().unwrap().backup_state);
    }
    let other = world.joined("other", &machine);
    assert_eq!(other.vault().count(), Ok(2));
}

#[test]
fn a_change_goes_on_its_way_by_itself_and_a_use_alone_does_not() {
    let world = World::new();
    let machine = world.first("one");
    let knobs = Knobs::default();
    let in_step = in_step(&world, "one", &machine, &knobs);
    in_step.nudge(machine.vault());
    until("the first pass ends", || !in_step.is_busy());
    let id = insert(machine.vault(), "ada");
    in_step.nudge(machine.vault());
    until("it is published", || machine.vault().get(&id).unwrap().unwrap().backup_state);
    until("the pass ends", || !in_step.is_busy() && !in_step.worker.get().unwrap().board().running);
    let requests = knobs.requests.load(Ordering::SeqCst);
    machine.vault().update(&id, |source| source.last_used = Some(9)).unwrap();
    (0..5).for_each(|_| in_step.nudge(machine.vault()));
    thread::sleep(Duration::from_millis(200));
    assert_eq!(knobs.requests.load(Ordering::SeqCst), requests, "the storage is left alone");
}

#[test]
fn a_slow_storage_is_waited_for_no_longer_than_the_patience() {
    let world = World::new();
    let machine = world.first("one");
    let knobs = Knobs::default();
    let in_step = in_step(&world, "one", &machine, &knobs);
    knobs.delay_ms.store(400, Ordering::SeqCst);
    let id = insert(machine.vault(), "ada");
    let begun = Instant::now();
    assert!(!in_step.publish_within(machine.vault(), Duration::from_millis(150), &id));
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert!(in_step.is_busy());
    // The vault is free meanwhile.
    assert!(machine.vault().update(&id, |source| source.label = "meanwhile".to_owned()).unwrap());
    assert!(in_step.is_busy(), "and the pass still goes on");
    until("in the end it is there", || machine.vault().get(&id).unwrap().unwrap().backup_state);
}

#[test]
fn a_storage_that_fails_is_told_and_not_waited_for_again() {
    let world = World::new();
    let machine = world.first("one");
    let knobs = Knobs::default();
    knobs.fails.store(true, Ordering::SeqCst);
    let in_step = in_step(&world, "one", &machine, &knobs);
    let id = insert(machine.vault(), "ada");
    assert!(!in_step.publish_within(machine.vault(), Duration::from_secs(20), &id));
    until("the first failure is told", || in_step.failure().is_some());
    until("the pass ends", || !in_step.is_busy());
    let requests = knobs.requests.load(Ordering::SeqCst);
    knobs.delay_ms.store(60_000, Ordering::SeqCst);
    assert!(!in_step.publish_within(machine.vault(), Duration::from_secs(60), &id));
    assert_eq!(knobs.requests.load(Ordering::SeqCst), requests);
    assert!(in_step.failure().unwrap().to_string().contains("away"));
    knobs.delay_ms.store(0, Ordering::SeqCst);
    knobs.fails.store(false, Ordering::SeqCst);
    in_step.ask(machine.vault());
    until("the user may ask all the same", || in_step.failure().is_none());
    assert!(machine.vault().get(&id).unwrap().unwrap().backup_state);
}

#[test]
fn what_fails_on_this_machine_is_told() {
    let world = World::new();
    let machine = world.first("one");
    let in_step = InStep::new(Arc::new(|| Err(Broken("The keychain is locked.".to_owned()))));
    in_step.nudge(machine.vault());
    until("it is told", || in_step.failure().is_some());
    assert_eq!(in_step.failure(), Some(Failure::Here(Broken("The keychain is locked.".to_owned()))));
    done(&machine, Task::Sync);
}

#[test]
fn a_mistake_in_a_pass_is_told_and_the_next_one_goes_on() {
    let world = World::new();
    let machine = world.first("one");
    let knobs = Knobs::default();
    knobs.panics.store(true, Ordering::SeqCst);
    let in_step = in_step(&world, "one", &machine, &knobs);
    in_step.ask(machine.vault());
    until("it is told", || in_step.failure().is_some());
    assert!(!in_step.is_busy());
    knobs.panics.store(false, Ordering::SeqCst);
    in_step.ask(machine.vault());
    until("it goes on", || !in_step.is_busy());
    assert_eq!(in_step.failure(), None);
}
