//! OpenSSH's sshd, for SFTP. It is asked through the system's `ssh`, which is shown keys and known hosts of its own: the user's are not touched.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use protocol::manage::sync::StorageConfig;
use tempfile::TempDir;

use super::process::{Process, command, free_port, readable};
use super::{USER, files_in, home, installed, is_root, not_here, open_folder, skipped};

/// Where a child of the test finds the server that its parent started: `user@host:port`.
const HOST: &str = "KEYSTOW_TEST_SSH";

/// The server's folder on this machine's disk, for that child.
const FILES: &str = "KEYSTOW_TEST_SSH_FILES";

/// The server.
pub struct Ssh {
    _process: Process,
    port: u16,
    user: String,
    home: TempDir,
    files: PathBuf,
}

/// Where the parent's server is, in the child that [`in_child_with_ssh`] starts.
pub fn sftp_of_parent() -> Option<(StorageConfig, PathBuf)> {
    let (host, files) = (env::var(HOST).ok()?, PathBuf::from(env::var_os(FILES)?));
    let folder = files.join("keystow");
    Some((StorageConfig::Sftp { host, path: folder.display().to_string() }, folder))
}

/// Runs this test once more, in a child for which `ssh` knows the server; what is found first on the path is for a process to choose when it
/// starts.
pub fn in_child_with_ssh(test: &str) {
    let Some(server) = Ssh::start() else { return };
    let path = format!("{}:{}", server.home.path().join("bin").display(), env::var("PATH").unwrap_or_default());
    let child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env("PATH", path)
        .env(HOST, format!("{}@127.0.0.1:{}", server.user, server.port))
        .env(FILES, &server.files)
        .output()
        .unwrap();
    let said = [child.stdout.as_slice(), &child.stderr].map(String::from_utf8_lossy).concat();
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

impl Ssh {
    fn start() -> Option<Self> {
        let (Some(sshd), true) = (installed("usr/sbin/sshd"), Path::new("/usr/bin/ssh").exists()) else {
            skipped("OpenSSH (openssh-server, openssh-client) is not installed");
            return None;
        };
        let in_namespace =
            || Command::new("unshare").args(["--mount", "true"]).output().is_ok_and(|output| output.status.success());
        if is_root() && !in_namespace() {
            not_here("OpenSSH, started by root, takes a namespace");
            return None;
        }
        let (home, port) = (home(), free_port());
        let path = home.path();
        let files = files_in(path);
        let keys = path.join("keys");
        open_folder(&keys);
        for name in ["host", "client"] {
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(keys.join(name)).status();
            assert!(made.unwrap().success());
        }
        fs::set_permissions(keys.join("host"), Permissions::from_mode(0o600)).unwrap();
        let user = if is_root() { USER.to_owned() } else { me() };
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {keys}/host\nAuthorizedKeysFile {keys}/client.pub\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nSubsystem sftp internal-sftp\n\
             ForceCommand internal-sftp -d {path}\n",
            keys = keys.display(),
            path = path.display(),
        );
        fs::write(path.join("config"), config).unwrap();
        let mut server = if is_root() { as_another(&readable(&sshd, path), path) } else { command(&sshd) };
        server.args(["-D", "-e", "-f"]).arg(path.join("config"));
        let process = Process::start(server, port, &path.join("log"));
        let server = Self { _process: process, port, user, home, files };
        server.teach_ssh(&keys);
        Some(server)
    }

    /// An `ssh` before the system's, which calls it with what is known here.
    fn teach_ssh(&self, keys: &Path) {
        let (path, keys) = (self.home.path(), keys.display());
        let host = fs::read_to_string(format!("{keys}/host.pub")).unwrap();
        fs::write(path.join("known_hosts"), format!("[127.0.0.1]:{} {host}", self.port)).unwrap();
        let config = format!(
            "IdentityFile {keys}/client\nIdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile {0}/known_hosts\n\
             GlobalKnownHostsFile /dev/null\n",
            path.display()
        );
        fs::write(path.join("ssh_config"), config).unwrap();
        fs::create_dir_all(path.join("bin")).unwrap();
        let ssh = path.join("bin/ssh");
        fs::write(&ssh, format!("#!/bin/sh\nexec /usr/bin/ssh -F {}/ssh_config \"$@\"\n", path.display())).unwrap();
        fs::set_permissions(ssh, Permissions::from_mode(0o755)).unwrap();
    }
}

/// sshd started by root as another user: as root it takes a user and a folder that only installing it makes. The user is in a list of users that
/// this process alone sees.
fn as_another(sshd: &Path, home: &Path) -> Command {
    let users = home.join("passwd");
    fs::write(&users, format!("{USER}:*:65534:65534::{}:/bin/sh\n", home.display())).unwrap();
    let owned = Command::new("chown").arg("65534").arg(home.join("keys/host")).status();
    assert!(owned.unwrap().success());
    let with_libraries = command(sshd);
    let mut command = Command::new("unshare");
    command.envs(with_libraries.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let script = "mount --bind \"$0\" /etc/passwd && exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"";
    command.args(["--mount", "sh", "-c", script]).arg(users).arg(sshd);
    command
}

fn me() -> String {
    let me = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(me.stdout).unwrap().trim().to_owned()
}
