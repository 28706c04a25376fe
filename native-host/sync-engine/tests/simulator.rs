//! A world of devices over a storage that fails, and lies: many lives, each drawn from a number, the same each time (SYNC §16).
//!
//! `cargo test -p sync-engine --test simulator -- --seed N` lives one of them again and tells what happens in it; `KEYSTOW_SEED=N` does the
//! same. `--runs N` lives so many, from `--first` on. Without any of them: those that every test run lives.

#[path = "simulator/life.rs"]
mod life;
#[path = "world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use life::{Ended, Plan, live};
use world::storage::Knobs;

/// How many runs every test run lives.
const RUNS: u64 = 200;

/// How many things happen in one.
const STEPS: usize = 150;

fn main() -> ExitCode {
    let wishes = Wishes::read();
    match wishes.seed {
        Some(seed) => tell(seed),
        None => many(&wishes),
    }
}

/// What the command line asks for. What it does not know is left alone: it is meant for other tests.
struct Wishes {
    seed: Option<u64>,
    first: u64,
    runs: u64,
}

impl Wishes {
    fn read() -> Self {
        let arguments: Vec<_> = std::env::args().collect();
        let number = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1)?.parse().ok()
        };
        let seed = number("--seed").or_else(|| std::env::var("KEYSTOW_SEED").ok()?.parse().ok());
        Self { seed, first: number("--first").unwrap_or(1), runs: number("--runs").unwrap_or(RUNS) }
    }
}

/// A seed's storage, by its number: of eight one is honest, three fail, four lie.
fn plan(seed: u64) -> (&'static str, Plan) {
    let (name, knobs) = match seed % 8 {
        0 => ("honest", Knobs::HONEST),
        1..=3 => ("flaky", Knobs::FLAKY),
        _ => ("evil", Knobs::EVIL),
    };
    (name, Plan { knobs, steps: STEPS, look_each: 8 })
}

fn tell(seed: u64) -> ExitCode {
    let (name, plan) = plan(seed);
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
        let (name, plan) = plan(seed);
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
    let failed: u64 = sums.values().map(|sum| sum.failed).sum();
    println!("\n{} passed, {failed} failed", wishes.runs - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
