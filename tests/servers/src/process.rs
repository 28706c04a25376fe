//! A program that runs until the test is over.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal, kill_process};

/// A process that is ended with this value.
pub struct Process {
    command: Command,
    child: Child,
    port: u16,
    log: PathBuf,
}

/// Where Debian's packages have their libraries, under the folder that a program is unpacked in.
const LIBRARIES: [&str; 4] =
    ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu"];

/// `program`, with the libraries that were unpacked with it.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    let root: PathBuf = program.ancestors().nth(3).unwrap_or(Path::new("/")).to_owned();
    if root != Path::new("/") {
        let libraries: Vec<_> = LIBRARIES.iter().map(|folder| root.join(folder).display().to_string()).collect();
        command.env("LD_LIBRARY_PATH", libraries.join(":"));
    }
    command
}

/// The program where a server that has become another user can read it and its libraries too: copied, where root's cache is closed to others.
pub fn readable(program: &Path, home: &Path) -> PathBuf {
    let Some(root) = program.ancestors().nth(3).filter(|root| *root != Path::new("/")) else {
        return program.to_owned();
    };
    let copy = home.join("unpacked");
    let program = program.strip_prefix(root).unwrap();
    for path in LIBRARIES.iter().map(Path::new).chain([program]).filter(|path| root.join(path).exists()) {
        let parent = copy.join(path.parent().unwrap());
        fs::create_dir_all(&parent).unwrap();
        let copied = Command::new("cp").arg("-r").arg(root.join(path)).arg(&parent).status();
        assert!(copied.unwrap().success());
    }
    copy.join(program)
}

/// A port of loopback that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Process {
    /// Starts it, and waits until it listens on `port`. What it says is in `log`.
    pub fn start(mut command: Command, port: u16, log: &Path) -> Self {
        let output = fs::File::create(log).unwrap();
        command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        let child = spawned(&mut command);
        let mut process = Self { command, child, port, log: log.to_owned() };
        process.listens();
        process
    }

    /// Starts it once more, after [`stop`](Self::stop).
    pub fn start_again(&mut self) {
        self.child = spawned(&mut self.command);
        self.listens();
    }

    fn listens(&mut self) {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            let waiting = ended.is_none() && begun.elapsed() < Duration::from_secs(60);
            assert!(waiting, "{:?} does not listen ({ended:?}): {}", self.command, said(&self.log));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it, and waits until it has.
    pub fn stop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(pid, Signal::TERM);
        }
        for _ in 0..100 {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawned(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn said(log: &Path) -> String {
    let mut text = String::new();
    let _ = fs::File::open(log).and_then(|mut file| file.read_to_string(&mut text));
    text
}
