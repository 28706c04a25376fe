//! What befalls a connection or a disk.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{is_root, not_here, open_folder};

/// What a proxy does to each connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cut {
    /// Nothing.
    Never,
    /// Cuts it after so many bytes to the server.
    Up(usize),
    /// Cuts it after so many bytes from the server.
    Down(usize),
}

/// Stands between a client and a server on loopback, and cuts connections.
pub struct Proxy {
    port: u16,
    cut: Arc<[AtomicUsize; 2]>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// In front of this port.
    pub fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new([AtomicUsize::new(usize::MAX), AtomicUsize::new(usize::MAX)]);
        let ended = Arc::new(AtomicBool::new(false));
        let (cuts, end) = (Arc::clone(&cut), Arc::clone(&ended));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(upstream) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                for (from, to, way) in [(&client, &upstream, 0), (&upstream, &client, 1)] {
                    let (from, to, cuts) = (from.try_clone().unwrap(), to.try_clone().unwrap(), Arc::clone(&cuts));
                    thread::spawn(move || carry(from, to, &cuts[way]));
                }
            }
        });
        Self { port, cut, ended }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on.
    pub fn set(&self, cut: Cut) {
        let (up, down) = match cut {
            Cut::Never => (usize::MAX, usize::MAX),
            Cut::Up(bytes) => (bytes, usize::MAX),
            Cut::Down(bytes) => (usize::MAX, bytes),
        };
        self.cut[0].store(up, Ordering::SeqCst);
        self.cut[1].store(down, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, most: &AtomicUsize) {
    let (mut bytes, mut carried) = ([0; 16 * 1024], 0);
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let left = most.load(Ordering::SeqCst).saturating_sub(carried);
        if to.write_all(&bytes[..count.min(left)]).is_err() {
            break;
        }
        carried += count;
        if count >= left {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// A server that takes connections and answers this to each request, or nothing at all.
pub struct SilentServer {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl SilentServer {
    /// Says nothing.
    pub fn start() -> Self {
        Self::saying("")
    }

    /// Answers with these bytes, and closes.
    pub fn saying(answer: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, asked) = (answer.to_owned(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            let mut held = Vec::new();
            for mut client in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                if answer.is_empty() {
                    held.push(client);
                    continue;
                }
                let mut bytes = [0; 16 * 1024];
                let _ = client.set_read_timeout(Some(Duration::from_secs(5)));
                let _ = client.read(&mut bytes);
                let _ = client.write_all(answer.as_bytes());
                let _ = client.shutdown(Shutdown::Write);
                let _ = client.read(&mut bytes);
            }
        });
        Self { port, asked }
    }

    /// Begins an answer that never ends.
    pub fn flooding() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let mut request = [0; 16 * 1024];
                let count = client.read(&mut request).unwrap_or(0);
                let head = if request[..count].starts_with(b"GET") {
                    "200 OK\r\nContent-Length: 1000000000000"
                } else {
                    "207 Multi-Status"
                };
                let _ = write!(client, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
                while client.write_all(&[b' '; 64 * 1024]).is_ok() {}
            }
        });
        Self { port, asked: Arc::default() }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections there were.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A server that refuses everything with this status.
pub fn refusing(status: &str, headers: &str, body: &str) -> SilentServer {
    let length = body.len();
    SilentServer::saying(&format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    ))
}

/// Calls with a folder on a disk of 1 MB of its own, and with whether to mount it read-only from then on. Takes root and mounts.
pub fn full_disk(test: impl FnOnce(&Path, &dyn Fn())) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk");
    open_folder(folder.path());
    open_folder(&path);
    let mount = |options: &str| {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&path);
        command.output().is_ok_and(|output| output.status.success())
    };
    if !is_root() || !mount("size=1m,mode=777") {
        not_here("a disk of 1 MB takes root and the right to mount");
        return;
    }
    let unmount = Unmount(&path);
    open_folder(&path.join("keystow"));
    test(&path, &|| assert!(mount("remount,ro,size=1m")));
    drop(unmount);
}

struct Unmount<'a>(&'a Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}
