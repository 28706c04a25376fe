//! Apache's mod_dav.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::{Process, command, free_port, readable};
use super::{HTPASSWD, WebDav, home, installed, skipped};

const MODULES: [&str; 9] =
    ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs", "alias"];

pub(super) fn start(files_in: &dyn Fn(&Path) -> PathBuf) -> Option<WebDav> {
    let (Some(program), Some(modules)) = (installed("usr/sbin/apache2"), installed("usr/lib/apache2/modules")) else {
        skipped("Apache (apache2-bin) is not installed");
        return None;
    };
    let (home, port) = (home(), free_port());
    let (path, files) = (home.path(), files_in(home.path()));
    fs::write(path.join("htpasswd"), HTPASSWD).unwrap();
    let loaded: Vec<_> =
        MODULES.iter().map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display())).collect();
    let config = format!(
        "{loaded}ServerName localhost\nServerRoot {path}\nDefaultRuntimeDir {path}\nListen 127.0.0.1:{port}\nPidFile {path}/pid\n\
         Mutex file:{path} default\nErrorLog {path}/errors\nUser nobody\nGroup nogroup\nDocumentRoot {files}\nDavLockDB {path}/locks\n\
         <Directory {files}>\n  Dav On\n  AuthType Basic\n  AuthName keystow\n  AuthBasicProvider file\n  \
         AuthUserFile {path}/htpasswd\n  Require valid-user\n</Directory>\n",
        loaded = loaded.concat(),
        path = path.display(),
        files = files.display(),
    );
    fs::write(path.join("config"), config).unwrap();
    let mut apache = command(&readable(&program, path));
    apache.args(["-D", "FOREGROUND", "-f"]).arg(path.join("config"));
    let process = Process::start(apache, port, &path.join("log"));
    Some(WebDav { process, port, files, _home: home })
}
