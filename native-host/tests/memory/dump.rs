//! All memory that a process may write to: heap, stacks, whatever it has mapped.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::traces::Needles;

/// What was in the writable mappings of a process at one moment.
pub struct Memory(Vec<Mapping>);

struct Mapping {
    name: String,
    start: u64,
    bytes: Vec<u8>,
}

impl Memory {
    /// Stops the process, reads, and lets it go on.
    ///
    /// # Errors
    /// Where the OS keeps the process's memory from us.
    pub fn of(process: u32) -> io::Result<Self> {
        let pid = Pid::from_raw(process.try_into().unwrap()).unwrap();
        kill_process(pid, Signal::STOP)?;
        wait_until_stopped(process);
        let memory = read(process);
        kill_process(pid, Signal::CONT)?;
        memory
    }

    /// Where traces are, a line for each, which begins with the secret's name.
    pub fn search(&self, needles: &Needles) -> Vec<String> {
        let mut found = Vec::new();
        for Mapping { name, start, bytes } in &self.0 {
            let told = |(at, what)| format!("{what} at {:#x}, {at} bytes into {name}", start + at as u64);
            found.extend(needles.find_in(bytes).into_iter().map(told));
        }
        found
    }
}

fn read(process: u32) -> io::Result<Memory> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let mappings: Vec<Mapping> = maps.lines().filter_map(|line| mapping(&memory, line)).collect();
    assert!(mappings.iter().any(|mapping| mapping.name == "[stack]"), "the first thread's stack was not read");
    Ok(Memory(mappings))
}

/// From a line as `7f0000000000-7f0000021000 rw-p 00000000 00:00 0    [heap]`.
fn mapping(memory: &File, line: &str) -> Option<Mapping> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    words.next().filter(|rights| rights.starts_with("rw"))?;
    let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
    let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
    memory.read_exact_at(&mut bytes, start).unwrap_or_else(|error| panic!("{line}: {error}"));
    Some(Mapping { name: words.nth(3).unwrap_or("anonymous memory").to_owned(), start, bytes })
}

fn wait_until_stopped(process: u32) {
    let stopped = || {
        let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let state = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        threads.map(|thread| state(thread.unwrap())).all(|stat| stat.contains(") T "))
    };
    for _ in 0..1000 {
        if stopped() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("the host does not stop");
}
