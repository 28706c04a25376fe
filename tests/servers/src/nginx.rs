//! nginx, with the module of Debian's libnginx-mod-http-dav-ext for PROPFIND.

use std::fs;

use super::process::{Process, command, free_port};
use super::{HTPASSWD, WebDav, files_in, home, installed, skipped};

pub(super) fn start(only_reads: bool) -> Option<WebDav> {
    let module = installed("usr/lib/nginx/modules/ngx_http_dav_ext_module.so");
    let (Some(program), Some(module)) = (installed("usr/sbin/nginx"), module) else {
        skipped("nginx (nginx and libnginx-mod-http-dav-ext) is not installed");
        return None;
    };
    let (home, port) = (home(), free_port());
    let (path, files) = (home.path(), files_in(home.path()));
    fs::write(path.join("htpasswd"), HTPASSWD).unwrap();
    let temporary: Vec<_> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", path.display()))
        .into();
    let limit = if only_reads { "limit_except GET PROPFIND { deny all; }" } else { "" };
    let config = format!(
        "load_module {module};\ndaemon off;\nmaster_process off;\npid {path}/pid;\nerror_log {path}/errors;\nevents {{}}\n\
         http {{\naccess_log off;\nclient_max_body_size 32m;\n{temporary}\
         server {{\nlisten 127.0.0.1:{port};\nlocation / {{\nroot {files};\nauth_basic keystow;\nauth_basic_user_file {path}/htpasswd;\n\
         dav_methods PUT DELETE MKCOL COPY MOVE;\ndav_ext_methods PROPFIND OPTIONS;\ndav_access all:rw;\n{limit}\n}}\n}}\n}}\n",
        module = module.display(),
        path = path.display(),
        files = files.display(),
        temporary = temporary.concat(),
    );
    fs::write(path.join("config"), config).unwrap();
    let mut nginx = command(&program);
    nginx.arg("-p").arg(path).arg("-c").arg(path.join("config")).arg("-e").arg(path.join("errors"));
    let process = Process::start(nginx, port, &path.join("log"));
    Some(WebDav { process, port, files, _home: home })
}
