//! How fast the host makes and asserts passkeys when it holds 1, 1,000 and 100,000 of them, beside the crates.io
//! `passkey-authenticator` in the same run. Prints a table, and leaves it in `target/criterion/host/table.md`.

mod keystow_host;
mod other;
mod table;

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Bencher, BenchmarkId, Criterion};

use other::OtherAuthenticator;
use table::{Operation, Who};

/// What the bench asks of an authenticator. `prepare_*` is not measured: it makes what the platform sends.
trait Subject {
    /// What asks for a passkey to be made.
    type Creation;
    /// What asks for an assertion.
    type Request;
    /// What either is answered; dropped unmeasured.
    type Answer;

    fn prepare_make(&mut self) -> Self::Creation;
    fn make(&mut self, creation: Self::Creation) -> Self::Answer;
    /// Takes the passkey made last away again, so that the size stays what it is.
    fn forget(&mut self, made: Self::Answer);

    /// A request for one of the passkeys, another one each time.
    fn prepare_get(&mut self, operation: Operation) -> Self::Request;
    fn get(&mut self, request: Self::Request) -> Self::Answer;
}

fn main() {
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion").join("host");
    if !is_only_tried() {
        // So that the table holds nothing of an earlier run.
        let _ = fs::remove_dir_all(&output);
    }
    let mut criterion = Criterion::default()
        .output_directory(&output)
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .nresamples(10_000)
        .configure_from_args();
    let sizes = sizes();
    let mut filled = keystow_host::Filling::new();
    for size in &sizes {
        let mut keystow = filled.up_to(*size);
        measure(&mut criterion, Who::Keystow, &Operation::ALL, *size, &mut keystow);
        drop(keystow);
        let mut other = OtherAuthenticator::with(*size);
        measure(&mut criterion, Who::Other, &Operation::WITH_ALLOW_LIST, *size, &mut other);
    }
    criterion.final_summary();
    if !is_only_tried() {
        write_table(&output, &table::markdown(&output, &sizes));
    }
}

fn measure(criterion: &mut Criterion, who: Who, operations: &[Operation], size: usize, subject: &mut impl Subject) {
    for operation in operations {
        let mut group = criterion.benchmark_group(operation.group());
        group.bench_with_input(BenchmarkId::new(who.name(), size), &size, |bencher, _| match operation {
            Operation::Make => measure_make(bencher, subject),
            _ => measure_get(bencher, *operation, subject),
        });
        group.finish();
    }
}

fn measure_make(bencher: &mut Bencher<'_>, subject: &mut impl Subject) {
    bencher.iter_custom(|iterations| {
        let mut spent = Duration::ZERO;
        for _ in 0..iterations {
            let creation = subject.prepare_make();
            let start = Instant::now();
            let made = subject.make(creation);
            spent += start.elapsed();
            subject.forget(made);
        }
        spent
    });
}

fn measure_get(bencher: &mut Bencher<'_>, operation: Operation, subject: &mut impl Subject) {
    let subject = RefCell::new(subject);
    bencher.iter_batched(
        || subject.borrow_mut().prepare_get(operation),
        |request| subject.borrow_mut().get(request),
        BatchSize::SmallInput,
    );
}

/// Filling a vault with 100,000 is for measuring only.
fn sizes() -> Vec<usize> {
    if is_only_tried() { vec![1] } else { vec![1, 1_000, 100_000] }
}

/// As criterion decides: `cargo bench` passes `--bench`, `cargo test` does not.
fn is_only_tried() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--test") || !has("--bench")
}

fn write_table(folder: &Path, table: &str) {
    println!("{table}");
    fs::create_dir_all(folder).expect("a folder beside the build");
    fs::write(folder.join("table.md"), table).expect("a file in it");
}
