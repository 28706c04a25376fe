//! A WebDriver server as a child process: found, started on a free port, ended by id.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::{Error, Kind};

/// A running chromedriver or geckodriver. Dropping it ends it, and every process below it.
pub(super) struct DriverProcess {
    child: Child,
    port: u16,
}

impl DriverProcess {
    pub(super) fn start(kind: Kind, env: &[(String, String)]) -> Result<Self, Error> {
        let (program, announcement) = match kind {
            Kind::Chromium => ("chromedriver", "started successfully on port "),
            Kind::Firefox => ("geckodriver", "Listening on 127.0.0.1:"),
        };
        let mut command = Command::new(find(&[program])?);
        command.arg("--port=0").envs(env.iter().cloned());
        if kind == Kind::Firefox {
            command.arg("--allow-system-access");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("{program} did not start: {error}"))?;
        let stdout = child.stdout.take().ok_or("the driver's output is piped")?;
        let ports = announced_port(BufReader::new(stdout), announcement);
        let mut process = Self { child, port: 0 };
        process.port = ports
            .recv_timeout(Duration::from_secs(20))
            .map_err(|_| format!("{program} named no port within 20 seconds"))?;
        Ok(process)
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        let below = descendants(self.child.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
        for id in below {
            let _ = Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

/// Finds a program: Keystow's tools cache first, then `PATH`.
pub(super) fn find(names: &[&str]) -> Result<PathBuf, Error> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = tools().into_iter().chain(env::split_paths(&path)).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("no {} on this machine. Run ./build.sh setup.", names.join(" or ")).into())
}

fn tools() -> Option<PathBuf> {
    let from_home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let cache = || env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(from_home);
    let keystow = env::var_os("KEYSTOW_CACHE").map(PathBuf::from).or_else(|| Some(cache()?.join("keystow")))?;
    Some(keystow.join("tools/bin"))
}

/// Reads the driver's output on a thread of its own (to the end, or the pipe would fill) and sends the port it names.
fn announced_port(output: impl BufRead + Send + 'static, announcement: &'static str) -> mpsc::Receiver<u16> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let digits = line.split(announcement).nth(1).map(|rest| rest.trim_end_matches('.'));
            if let Some(Ok(port)) = digits.map(str::parse) {
                let _ = sender.send(port);
            }
        }
    });
    receiver
}

/// Process ids of all processes below `id`, children before grandchildren.
fn descendants(id: u32) -> Vec<u32> {
    let mut found = vec![id];
    let mut next = 0;
    while next < found.len() {
        found.extend(children(found[next]));
        next += 1;
    }
    found.split_off(1)
}

fn children(id: u32) -> Vec<u32> {
    let tasks = Path::new("/proc").join(id.to_string()).join("task");
    std::fs::read_dir(tasks)
        .into_iter()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<u32>>())
        .collect()
}
