//! What the process does that is killed, told on stderr before and after; and what must be left of it then.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::machine::{Keystow, now};

pub const FOLDER: &str = "KEYSTOW_TEST_FOLDER";
pub const NAME: &str = "KEYSTOW_TEST_NAME";
pub const STORY: &str = "KEYSTOW_TEST_STORY";

/// The passkeys of a machine, by their users.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct State {
    /// With their labels.
    pub live: BTreeMap<String, String>,
    pub trash: BTreeSet<String>,
}

/// Is the machine, if this process was started as one.
pub fn run_if_asked() -> bool {
    let Ok(story) = std::env::var(STORY) else { return false };
    let root = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let machine = Keystow::open(&root, &std::env::var(NAME).unwrap());
    match story.parse() {
        Ok(passkeys) => be_busy(&machine, passkeys),
        Err(_) => tell(&machine),
    }
    true
}

/// Makes, labels, deletes and restores, with a pass now and then.
fn tell(machine: &Keystow) {
    step("insert ada", || machine.insert("ada"));
    step("pass", || drop(machine.sync()));
    step("label carl ours", || machine.label("carl", "ours"));
    step("insert bob", || machine.insert("bob"));
    let ada = machine.id("ada");
    step("delete ada", || assert!(machine.vault().delete(&ada, now()).unwrap().is_some()));
    step("pass", || drop(machine.sync()));
    step("restore ada", || assert!(machine.vault().restore(&ada).unwrap()));
    step("insert eve", || machine.insert("eve"));
    step("pass", || drop(machine.sync()));
}

/// So many passkeys, a pass after each.
fn be_busy(machine: &Keystow, passkeys: u32) {
    let process = std::process::id();
    for n in 0..passkeys {
        let user = format!("{process}.{n}");
        step(&format!("insert {user}"), || machine.insert(&user));
        step("pass", || drop(machine.sync()));
    }
}

fn step(what: &str, work: impl FnOnce()) {
    eprintln!("begin {what}");
    work();
    eprintln!("done");
}

/// What the machine must hold after `log`, which began with `state`: what was told to be done; and the same with the step that was under way.
/// Whatever is said in `news` comes with the first pass.
pub fn replay(state: &State, news: impl Fn(&mut State), log: &[String]) -> [State; 2] {
    let mut committed = state.clone();
    let mut under_way = state.clone();
    for line in log {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["begin", "pass"] => news(&mut under_way),
            ["begin", "insert", user] => drop(under_way.live.insert(user.to_owned(), String::new())),
            ["begin", "label", user, label] => drop(under_way.live.insert(user.to_owned(), label.to_owned())),
            ["begin", "delete", user] => {
                assert!(under_way.live.remove(user).is_some() && under_way.trash.insert(user.to_owned()));
            }
            ["begin", "restore", user] => {
                assert!(under_way.trash.remove(user));
                under_way.live.insert(user.to_owned(), String::new());
            }
            ["done"] => committed = under_way.clone(),
            _ => {}
        }
    }
    [committed, under_way]
}
