//! SYNC §15: what a storage does that is an enemy's, to those who join or recover.

use sync_engine::engine::{Outcome, Refusal, Task};
use sync_engine::ids::Slot;
use sync_engine::keys::JoinCode;
use sync_engine::storage::ObjectName;

use super::{all_is_well, vault_of};

fn code(number: u8) -> JoinCode {
    JoinCode::from_slice(&[number; 10]).unwrap()
}

fn slot(number: u8) -> Slot {
    code(number).mailbox().slot
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
