//! How fast the host makes and asserts passkeys when it holds 1, 1,000 and 100,000 of them, beside the crates.io
//! `passkey-authenticator` in the same run; and whether the time of an answer tells what is held. Prints tables, and leaves them in
//! `target/criterion/host/table.md`.

mod answers;
mod keystow_host;
mod other;
mod table;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Bencher, BenchmarkId, Criterion};
use protocol::cose::CoseAlgorithmIdentifier::{self, EdDsa, Es256, Es384, MlDsa44, MlDsa65, Rs256};

use keystow_host::{Filling, Place};
use other::OtherAuthenticator;
use table::{Operation, Who};

/// What the bench asks of an authenticator.
trait Subject {
    /// What the platform sends.
    type Request;
    /// What it is answered.
    type Answer;

    /// Not measured: makes a request, for another passkey each time.
    fn prepare(&mut self, operation: Operation) -> Self::Request;
    /// Measured.
    fn answer(&mut self, operation: Operation, request: Self::Request) -> Self::Answer;
    /// Not measured: takes a passkey that was made away again, and does what the user need not wait for.
    fn settle(&mut self, operation: Operation, answer: Self::Answer);
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
    for algorithm in ALGORITHMS {
        measure_algorithm(&mut criterion, algorithm);
    }
    criterion.final_summary();
    let (size, rounds) = if is_only_tried() { (100, 1) } else { (1_000, 3_000) };
    let answers = answers::table(&answers::measure(size, rounds));
    if !is_only_tried() {
        write_table(&output, &[&table::speed(&output), &answers, table::METHOD].concat());
    }
}

fn measure_algorithm(criterion: &mut Criterion, algorithm: CoseAlgorithmIdentifier) {
    let mut filled = Filling::new(algorithm);
    for &size in sizes(algorithm) {
        let subject = &mut filled.up_to(size, Place::Disk);
        measure(criterion, Who::Keystow, table::of_keystow(algorithm), (algorithm, size), subject);
        if let Some(subject) = &mut filled.up_to_in_memory(size) {
            measure(criterion, Who::KeystowInMemory, &[Operation::Make], (algorithm, size), subject);
        }
        if let Some(subject) = &mut OtherAuthenticator::with(algorithm, size) {
            measure(criterion, Who::Other, &[Operation::Make, Operation::Get], (algorithm, size), subject);
        }
    }
}

fn measure(
    criterion: &mut Criterion,
    who: Who,
    operations: &[Operation],
    (algorithm, size): (CoseAlgorithmIdentifier, usize),
    subject: &mut impl Subject,
) {
    for operation in operations {
        let mut group = criterion.benchmark_group(operation.group(algorithm));
        if *operation == Operation::MakeAnnounced {
            group.sample_size(10);
        }
        group.bench_function(BenchmarkId::new(who.name(), size), |bencher| time(bencher, *operation, subject));
        group.finish();
    }
}

/// One by one, since each request has things before and after it that are not measured.
fn time(bencher: &mut Bencher<'_>, operation: Operation, subject: &mut impl Subject) {
    bencher.iter_custom(|iterations| {
        let mut spent = Duration::ZERO;
        for _ in 0..iterations {
            let request = subject.prepare(operation);
            let start = Instant::now();
            let answer = subject.answer(operation, request);
            spent += start.elapsed();
            subject.settle(operation, answer);
        }
        spent
    });
}

/// In the order of the table.
const ALGORITHMS: [CoseAlgorithmIdentifier; 6] = [Es256, EdDsa, Es384, MlDsa44, MlDsa65, Rs256];

/// Filling a vault is for measuring only; that of 100,000 shows whether passkeys are found as fast among many, whatever their algorithm.
fn sizes(algorithm: CoseAlgorithmIdentifier) -> &'static [usize] {
    match algorithm {
        _ if is_only_tried() => &[1],
        Es256 => &[1, 1_000, 100_000],
        _ => &[1, 1_000],
    }
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
