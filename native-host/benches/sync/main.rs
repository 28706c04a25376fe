//! What keeping devices in step costs (SYNC §0): requests, bytes, time and memory, with 1,000 to 100,000 passkeys and with 20 devices, over a
//! folder and over a WebDAV server on loopback; beside copying the vault's whole file there, with rclone and with restic. `./build.sh bench`
//! unpacks these and writes the tables to `dist/bench.md`. Called without `--bench` it tries itself out with few passkeys; numbers are sizes
//! to measure instead of all.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A bench fails by panicking.

mod cost;
mod crowd;
#[path = "../../tests/sync_servers/device.rs"]
mod device;
mod filling;
mod ours;
mod rivals;
mod table;

use protocol::manage::sync::StorageConfig;

use cost::Meter;
use ours::Course;
use servers::{PASSWORD, Proxy, WebDav};

fn main() {
    print!("{}", table::HEAD);
    let mut beside = Vec::new();
    for size in sizes() {
        let server = WebDav::rclone().expect("rclone: ./build.sh setup gets it");
        let proxy = Proxy::before(server.port());
        let config = server.config_at(proxy.port(), "keystow", PASSWORD);
        let over_webdav = ours::measure(&config, &Meter::over(proxy.traffic()), size);
        let folder = tempfile::tempdir().unwrap();
        let config = StorageConfig::Folder { path: folder.path().display().to_string() };
        let over_folder = ours::measure(&config, &Meter::default(), size);
        print!("{}", table::of_courses(size, &over_webdav, &over_folder));
        beside.push((size, over_webdav, rivals::measure(&server, &proxy, size)));
    }
    print!("{}", table::beside(&beside));
    print!("{}", table::of_crowd(&crowd::measure(if is_measured() { 1000 } else { 10 })));
    print!("{}", table::METHOD);
}

fn sizes() -> Vec<usize> {
    let asked: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    match asked.is_empty() {
        false => asked,
        true if is_measured() => vec![1000, 10_000, 100_000],
        true => vec![10],
    }
}

/// `cargo bench` passes `--bench`, `cargo test` does not.
fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// A course and what it cost.
type Costs = Vec<(Course, cost::Cost)>;
