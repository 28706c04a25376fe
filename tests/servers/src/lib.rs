//! Real servers for the tests and the demo, each an ordinary process on loopback with a configuration and a folder of its own, ended with the
//! value that stands for it. Where a program is not installed the test says so and is skipped; `build.sh`, which installs them, takes no skipping
//! (`KEYSTOW_SERVERS=required`).

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod apache;
mod faults;
mod moto;
mod nginx;
mod process;
mod rclone;
mod ssh;
mod syncthing;
mod tls;

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use protocol::manage::sync::{Secret, StorageConfig};
use tempfile::TempDir;

pub use faults::{Cut, Proxy, SilentServer, full_disk, refusing};
pub use moto::{BUCKET, Moto};
pub use process::Process;
pub use ssh::{in_child_with_ssh, sftp_of_parent};
pub use syncthing::Syncthings;
pub use tls::TlsServer;

/// User of the WebDAV servers.
pub const USER: &str = "anna";

/// Password of the WebDAV servers.
pub const PASSWORD: &str = "secret";

/// A line for htpasswd files: user, and SHA-1 of the password.
const HTPASSWD: &str = "anna:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n";

/// A WebDAV server.
pub struct WebDav {
    process: Process,
    port: u16,
    files: PathBuf,
    _home: TempDir,
}

impl WebDav {
    /// Apache's mod_dav.
    pub fn apache() -> Option<Self> {
        apache::start(&files_in)
    }

    /// Apache's mod_dav over this folder.
    pub fn apache_over(files: &Path) -> Option<Self> {
        apache::start(&|_| files.to_owned())
    }

    /// nginx with its module for PROPFIND.
    pub fn nginx() -> Option<Self> {
        nginx::start(false)
    }

    /// nginx that answers 403 to everything that writes.
    pub fn nginx_that_only_reads() -> Option<Self> {
        nginx::start(true)
    }

    /// `rclone serve webdav`.
    pub fn rclone() -> Option<Self> {
        rclone::start()
    }

    /// The storage in the folder `keystow` there.
    pub fn config(&self) -> StorageConfig {
        self.config_at(self.port, "keystow", PASSWORD)
    }

    /// The storage at another port, folder or with another password.
    pub fn config_at(&self, port: u16, folder: &str, password: &str) -> StorageConfig {
        StorageConfig::WebDav {
            url: format!("http://127.0.0.1:{port}/{folder}"),
            user: USER.to_owned(),
            password: Secret::new(password.to_owned()),
        }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The storage's folder on this machine's disk.
    pub fn folder(&self) -> PathBuf {
        self.files.join("keystow")
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.process.stop();
    }

    /// Starts it again where it was, with all that it had.
    pub fn start_again(&mut self) {
        self.process.start_again();
    }
}

/// The folder of the server's files in its home, with the storage's folder in it, writable for whoever the server runs as.
fn files_in(home: &Path) -> PathBuf {
    let files = home.join("files");
    open_folder(&files.join("keystow"));
    open_folder(&files);
    files
}

/// Makes a folder that everybody may write in: a server started by root runs as nobody.
pub fn open_folder(path: &Path) {
    fs::create_dir_all(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o777)).unwrap();
}

/// A server's own folder, which it can reach as another user too.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    open_folder(home.path());
    home
}

/// A program or another file of Debian's packages: unpacked by `build.sh` in the cache, or installed.
pub fn installed(path: &str) -> Option<PathBuf> {
    let cache = env::var_os("KEYSTOW_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache/keystow")));
    let roots = cache.map(|cache| cache.join("servers")).into_iter().chain([PathBuf::from("/")]);
    roots.map(|root| root.join(path)).find(|path| path.exists())
}

/// Says that a server is not tested with, or fails where it must be.
pub fn skipped(what: &str) {
    assert!(env::var_os("KEYSTOW_SERVERS").is_none(), "{what}, and it must be");
    not_here(&format!("{what} (./build.sh setup gets it)"));
}

/// Says on standard error, where a test's own output is not shown, that this machine does not allow a test.
pub fn not_here(what: &str) {
    io::stderr().write_all(format!("skipped: {what}\n").as_bytes()).unwrap();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
