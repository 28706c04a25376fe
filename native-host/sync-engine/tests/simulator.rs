//! A world of devices over a storage that fails, and lies: many lives, each drawn from a number, the same each time (SYNC §16).
//!
//! `cargo test -p sync-engine --test simulator -- --seed N` lives one of them again and tells what happens in it; `KEYSTOW_SEED=N` does the
//! same. `--runs N` lives so many, from `--first` on, and `--steps N` makes each longer; `--mutations` adds what is broken on purpose. Without any of them: those that every test run lives.

#[path = "simulator/life.rs"]
mod life;
#[path = "world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use life::{Ended, Plan, live};
use sync_engine::mutations::{Mutation, break_on_purpose};
use world::storage::Knobs;

/// How many runs every test run lives.
const RUNS: u64 = 200;

/// How many things happen in one.
const STEPS: usize = 60;

fn main() -> ExitCode {
    let wishes = Wishes::read();
    match wishes.seed {
        Some(seed) => tell(seed, wishes.steps),
        None => many(&wishes),
    }
}

/// What is broken on purpose (SYNC §16.2), and from which seed on it is looked for.
const MUTATIONS: [(Mutation, u64); 8] = [
    (Mutation::WallClock, 1),
    (Mutation::NoAdoption, 1),
    (Mutation::KeyNotRotated, 1),
    (Mutation::ReadWithoutPack, 1),
    (Mutation::BytesNotKept, 1),
    (Mutation::OldNameGoesOn, 1),
    (Mutation::NewestByArrival, 1),
    (Mutation::DeletedBeforeHead, 1),
];

/// In so many runs each of them must have shown.
const SHOWN_IN: u64 = 60;

/// Whether a run fails when this is broken.
fn is_noticed(mutation: Mutation, first: u64) -> bool {
    for seed in first..first + SHOWN_IN {
        break_on_purpose(Some(mutation));
        let Ended { broken, .. } = live(seed, plan(seed, STEPS).1);
        break_on_purpose(None);
        if let Some(broken) = broken {
            println!("{mutation:?}: noticed by seed {seed}: {}", broken.lines().next().unwrap_or_default());
            return true;
        }
    }
    println!("{mutation:?}: not noticed in {SHOWN_IN} runs from seed {first} on");
    false
}

/// What the command line asks for. What it does not know is left alone: it is meant for other tests.
struct Wishes {
    seed: Option<u64>,
    first: u64,
    runs: u64,
    steps: usize,
    mutations: bool,
}

impl Wishes {
    fn read() -> Self {
        let arguments: Vec<_> = std::env::args().collect();
        let number = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1)?.parse().ok()
        };
        let seed = number("--seed").or_else(|| std::env::var("KEYSTOW_SEED").ok()?.parse().ok());
        let runs = number("--runs");
        let steps = number("--steps").and_then(|steps| usize::try_from(steps).ok()).unwrap_or(STEPS);
        let mutations = runs.is_none() || arguments.iter().any(|argument| argument == "--mutations");
        Self { seed, first: number("--first").unwrap_or(1), runs: runs.unwrap_or(RUNS), steps, mutations }
    }
}

/// A seed's storage, by its number: of eight one is honest, three fail, four lie.
fn plan(seed: u64, steps: usize) -> (&'static str, Plan) {
    let (name, knobs) = match seed % 8 {
        0 => ("honest", Knobs::HONEST),
        1..=3 => ("flaky", Knobs::FLAKY),
        _ => ("evil", Knobs::EVIL),
    };
    (name, Plan { knobs, steps, look_each: 8 })
}

fn tell(seed: u64, steps: usize) -> ExitCode {
    let (name, plan) = plan(seed, steps);
    println!("seed {seed}, {name} storage");
    let Ended { broken, world } = live(seed, plan);
    world.log.iter().for_each(|line| println!("{line}"));
    let failed = usize::from(broken.is_some());
    if let Some(broken) = broken {
        println!("\nseed {seed}: {broken}");
    }
    println!("\n{} passed, {failed} failed", 1 - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Sum {
    runs: u64,
    failed: u64,
    calls: u64,
    counts: BTreeMap<&'static str, u64>,
}

fn many(wishes: &Wishes) -> ExitCode {
    let start = Instant::now();
    let mut sums: BTreeMap<&'static str, Sum> = BTreeMap::new();
    for seed in wishes.first..wishes.first + wishes.runs {
        let (name, plan) = plan(seed, wishes.steps);
        let Ended { broken, world } = live(seed, plan);
        let sum = sums.entry(name).or_default();
        sum.runs += 1;
        sum.calls += world.storage.calls;
        world.counts.iter().for_each(|(what, count)| *sum.counts.entry(what).or_default() += count);
        if let Some(broken) = broken {
            sum.failed += 1;
            println!("seed {seed} ({name} storage): {broken}");
        }
    }
    for (name, sum) in &sums {
        let counts: Vec<_> = sum.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        println!(
            "{name}: {} runs, {} failed, {} storage calls; {}",
            sum.runs,
            sum.failed,
            sum.calls,
            counts.join(", ")
        );
    }
    println!("{:.1} s", start.elapsed().as_secs_f64());
    let mut failed: u64 = sums.values().map(|sum| sum.failed).sum();
    let mut passed = wishes.runs - failed;
    if wishes.mutations {
        let unnoticed = MUTATIONS.iter().filter(|(mutation, first)| !is_noticed(*mutation, *first)).count() as u64;
        passed += MUTATIONS.len() as u64 - unnoticed;
        failed += unnoticed;
        println!("{:.1} s", start.elapsed().as_secs_f64());
    }
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
