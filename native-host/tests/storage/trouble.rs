//! What goes wrong, and how it is told.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use keystow::sync::storage::{Storage, settled};
use protocol::manage::sync::{Secret, StorageConfig};
use sync_engine::storage::{Answer, Folder, ObjectName, Request, Trouble};

use super::folder;
use super::verbs::{ask, device, get, list, noise, open, put};
use servers::{
    BUCKET, Cut, Moto, Proxy, SilentServer, TlsServer, WebDav, full_disk, in_child_with_ssh, refusing, sftp_of_parent,
};

/// What the three kinds of request answer: list, get, put.
fn asked(storage: &Storage) -> Vec<Trouble> {
    let head = ObjectName::Head(device(1), 1);
    let requests =
        vec![Request::List(Folder::Heads), Request::Get(head.clone(), 100), Request::Put(head, b"head".to_vec())];
    let answers = storage.carry_out(requests);
    let troubles = answers.into_iter().map(|answer| match answer {
        Answer::Failed(trouble) => trouble,
        other => panic!("{other:?}"),
    });
    troubles.collect()
}

/// The trouble of one request.
fn failed(answer: Answer) -> Trouble {
    match answer {
        Answer::Failed(trouble) => trouble,
        other => panic!("{other:?}"),
    }
}

fn web_dav_at(url: String) -> StorageConfig {
    StorageConfig::WebDav { url, user: "anna".to_owned(), password: Secret::new("hunter2".to_owned()) }
}

fn impatient(config: &StorageConfig) -> Storage {
    Storage::open_with(config, Duration::from_secs(1)).unwrap()
}

fn web_dav_servers() -> Vec<WebDav> {
    [WebDav::apache(), WebDav::nginx(), WebDav::rclone()].into_iter().flatten().collect()
}

#[test]
fn a_wrong_password() {
    for server in web_dav_servers() {
        let storage = open(&server.config_at(server.port(), "keystow", "hunter2"));
        for trouble in asked(&storage) {
            assert_eq!(trouble, Trouble::NotAllowed("401 Unauthorized".to_owned()));
        }
    }
    let Some(moto) = Moto::start() else { return };
    moto.look_at_keys();
    for (key, secret) in [("AKIAIOSFODNN7EXAMPLE", moto.secret()), (moto.key(), "hunter2")] {
        for trouble in asked(&open(&moto.config_as(moto.port(), BUCKET, key, secret))) {
            assert!(matches!(&trouble, Trouble::NotAllowed(detail) if !detail.contains("hunter2")), "{trouble:?}");
        }
    }
}

#[test]
fn a_server_that_is_gone() {
    for mut server in web_dav_servers() {
        let storage = open(&server.config());
        put(&storage, &ObjectName::Head(device(1), 1), b"head");
        server.stop();
        for trouble in asked(&storage) {
            assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
        }
    }
    let Some(mut moto) = Moto::start() else { return };
    let storage = open(&moto.config());
    moto.stop();
    for trouble in asked(&storage) {
        assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    }
    let nowhere = open(&web_dav_at("https://keystow.invalid/dav".to_owned()));
    for trouble in asked(&nowhere) {
        assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    }
}

/// Never is half of an object taken for the whole, or an upload for done; the next try mends it.
fn cut_in_the_middle(server: u16, config_at: &dyn Fn(u16) -> StorageConfig) {
    let proxy = Proxy::before(server);
    let (storage, direct) = (open(&config_at(proxy.port())), open(&config_at(server)));
    let head = ObjectName::Head(device(1), 1);
    put(&storage, &head, b"head");
    let (large, bytes) = (ObjectName::Head(device(1), 2), noise(1 << 20, 7));
    proxy.set(Cut::Up(200_000));
    let trouble = failed(ask(&open(&config_at(proxy.port())), Request::Put(large.clone(), bytes.clone())));
    assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    assert_ne!(get(&direct, &large, 2 << 20), Answer::Got(bytes.clone()));
    proxy.set(Cut::Never);
    put(&storage, &large, &bytes);
    assert!(get(&direct, &large, 2 << 20) == Answer::Got(bytes.clone()), "the next try is whole");
    proxy.set(Cut::Down(200_000));
    let trouble = failed(get(&open(&config_at(proxy.port())), &large, 2 << 20));
    assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    proxy.set(Cut::Never);
    assert!(get(&storage, &large, 2 << 20) == Answer::Got(bytes), "and comes back whole");
}

#[test]
fn a_connection_that_is_cut() {
    for server in web_dav_servers() {
        cut_in_the_middle(server.port(), &|port| server.config_at(port, "keystow", "secret"));
    }
    let Some(moto) = Moto::start() else { return };
    cut_in_the_middle(moto.port(), &|port| moto.config_at(port, BUCKET, moto.secret()));
}

#[test]
fn a_server_that_says_nothing() {
    let server = SilentServer::start();
    let storage = impatient(&web_dav_at(format!("http://127.0.0.1:{}/dav", server.port())));
    let begun = Instant::now();
    for trouble in asked(&storage) {
        assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(server.asked() >= 1);
}

#[test]
fn an_answer_without_end() {
    let server = SilentServer::flooding();
    let storage = open(&web_dav_at(format!("http://127.0.0.1:{}/dav", server.port())));
    let trouble = failed(ask(&storage, Request::List(Folder::Heads)));
    assert_eq!(trouble, Trouble::Failed("it sends more than anything of ours is".to_owned()));
    assert_eq!(get(&storage, &ObjectName::Head(device(1), 1), 64 * 1024), Answer::TooLarge);
}

/// As some servers send everything.
#[test]
fn an_answer_in_pieces() {
    let pieces =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhead\r\n1\r\n!\r\n0\r\n\r\n";
    let server = SilentServer::saying(pieces);
    let storage = open(&web_dav_at(format!("http://127.0.0.1:{}/dav", server.port())));
    let head = ObjectName::Head(device(1), 1);
    assert_eq!(get(&storage, &head, 5), Answer::Got(b"head!".to_vec()));
    assert_eq!(get(&storage, &head, 4), Answer::TooLarge);
    let cut = SilentServer::saying(pieces.strip_suffix("1\r\n!\r\n0\r\n\r\n").unwrap());
    let storage = open(&web_dav_at(format!("http://127.0.0.1:{}/dav", cut.port())));
    assert!(matches!(failed(get(&storage, &head, 5)), Trouble::Unreachable(_)));
}

/// A password goes nowhere but where it was meant for.
#[test]
fn a_server_that_sends_elsewhere() {
    let elsewhere = SilentServer::start();
    let location = format!("Location: http://127.0.0.1:{}/x?token=hunter2\r\n", elsewhere.port());
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let server = refusing(status, &location, "");
        for trouble in asked(&open(&web_dav_at(format!("http://127.0.0.1:{}/dav", server.port())))) {
            assert!(
                matches!(&trouble, Trouble::Failed(detail) if detail.contains("127.0.0.1") && !detail.contains("hunter2")),
                "{trouble:?}"
            );
        }
    }
    assert_eq!(elsewhere.asked(), 0);
}

#[test]
fn a_folder_that_is_gone_is_never_made_anew() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("disk/keystow");
    assert_eq!(Storage::open(&folder(&missing)).unwrap_err(), Trouble::Gone(missing.display().to_string()));
    fs::create_dir_all(&missing).unwrap();
    let storage = open(&folder(&missing));
    put(&storage, &ObjectName::Head(device(1), 1), b"head");
    fs::rename(home.path().join("disk"), home.path().join("elsewhere")).unwrap();
    for trouble in asked(&storage) {
        assert!(matches!(trouble, Trouble::Gone(_)), "{trouble:?}");
    }
    assert!(!home.path().join("disk").exists());
}

#[test]
fn a_folder_on_a_server_that_is_gone_is_never_made_anew() {
    for server in web_dav_servers() {
        for trouble in asked(&open(&server.config_at(server.port(), "other/folder", "secret"))) {
            assert!(matches!(trouble, Trouble::Gone(_)), "{trouble:?}");
        }
        assert!(!server.folder().parent().unwrap().join("other").exists());
        // There, and empty, is something else.
        assert_eq!(list(&open(&server.config()), Folder::Heads), []);
    }
    let Some(moto) = Moto::start() else { return };
    for trouble in asked(&open(&moto.config_at(moto.port(), "no-such-bucket", moto.secret()))) {
        assert!(matches!(trouble, Trouble::Gone(_)), "{trouble:?}");
    }
}

#[test]
fn sftp_and_its_troubles() {
    let Some((config, on_disk)) = sftp_of_parent() else { return in_child_with_ssh("trouble::sftp_and_its_troubles") };
    let StorageConfig::Sftp { host, path } = &config else { panic!("{config:?}") };
    let at = |host: &str, path: &str| open(&StorageConfig::Sftp { host: host.to_owned(), path: path.to_owned() });
    for trouble in asked(&at(host, &format!("{path}/missing"))) {
        assert!(matches!(trouble, Trouble::Gone(_)), "{trouble:?}");
    }
    assert!(!on_disk.join("missing").exists());
    let (address, port) = host.split_once(':').unwrap();
    for trouble in asked(&at(&format!("someone-else@127.0.0.1:{port}"), path)) {
        assert!(matches!(trouble, Trouble::NotAllowed(_)), "{trouble:?}");
    }
    for trouble in asked(&at(&format!("{address}:1"), path)) {
        assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    }
    // A host that nobody has said yes to: that is for the user to do, in a terminal.
    for trouble in asked(&at(&host.replace("127.0.0.1", "localhost"), path)) {
        assert!(
            matches!(&trouble, Trouble::NotAllowed(detail) if detail.contains("does not know this server")),
            "{trouble:?}"
        );
    }
    let closed = on_disk.join("v1");
    fs::create_dir_all(closed.join("head")).unwrap();
    let trouble = failed(ask(&at(host, path), Request::Put(ObjectName::Head(device(1), 1), vec![1])));
    assert!(matches!(trouble, Trouble::ReadOnly(_)), "{trouble:?}");
    // A name that is no Unicode is not ours, and harms nothing but its own folder.
    let heads = on_disk.join("v1/circle");
    servers::open_folder(&heads);
    fs::write(heads.join(OsStr::from_bytes(b"\xff\xfe")), b"junk").unwrap();
    let storage = at(host, path);
    assert!(matches!(
        ask(&storage, Request::List(Folder::Circles)),
        Answer::Listed(_) | Answer::Failed(Trouble::Failed(_))
    ));
    assert_eq!(list(&storage, Folder::Heads), []);
    drop(storage);
    // No ssh is left running.
    let ssh_to_it = || {
        let all = fs::read_dir("/proc").unwrap().flatten();
        let commands = all.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok());
        commands.filter(|command| command.contains("ControlPersist") && command.contains(port)).collect::<Vec<_>>()
    };
    let begun = Instant::now();
    while !ssh_to_it().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?} are left", ssh_to_it());
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_full_disk() {
    full_disk(|disk, _| {
        let storage = open(&folder(&disk.join("keystow")));
        let large = Request::Put(ObjectName::Head(device(1), 1), noise(2 << 20, 1));
        let trouble = failed(ask(&storage, large.clone()));
        assert!(matches!(trouble, Trouble::Full(_)), "{trouble:?}");
        // Nothing half is left, neither under its name nor beside it.
        assert_eq!(fs::read_dir(disk.join("keystow/v1/head")).unwrap().count(), 0);
        put(&storage, &ObjectName::Head(device(1), 2), &noise(500_000, 2));
        let Some(apache) = WebDav::apache_over(disk) else { return };
        // It says 500 where it finds out only when it closes the file.
        let trouble = failed(ask(&open(&apache.config()), large));
        assert!(matches!(&trouble, Trouble::Full(_) | Trouble::Failed(_)), "{trouble:?}");
        assert_eq!(get(&open(&apache.config()), &ObjectName::Head(device(1), 1), 4 << 20), Answer::Absent);
    });
}

#[test]
fn a_disk_that_is_read_only() {
    full_disk(|disk, read_only| {
        let storage = open(&folder(&disk.join("keystow")));
        let head = ObjectName::Head(device(1), 1);
        put(&storage, &head, b"head");
        read_only();
        for request in [Request::Put(head.clone(), vec![1]), Request::Delete(head.clone())] {
            let trouble = failed(ask(&storage, request));
            assert!(matches!(trouble, Trouble::ReadOnly(_)), "{trouble:?}");
        }
        assert_eq!(list(&storage, Folder::Heads), std::slice::from_ref(&head));
        assert_eq!(get(&storage, &head, 100), Answer::Got(b"head".to_vec()));
    });
}

#[test]
fn a_server_that_only_reads() {
    let Some(server) = WebDav::nginx_that_only_reads() else { return };
    let heads = server.folder().join("v1/head");
    let head = ObjectName::Head(device(1), 1);
    fs::create_dir_all(&heads).unwrap();
    fs::write(server.folder().join(head.path()), b"head").unwrap();
    let storage = open(&server.config());
    for request in [Request::Put(head.clone(), vec![1]), Request::Delete(head.clone())] {
        assert_eq!(failed(ask(&storage, request)), Trouble::ReadOnly("403 Forbidden".to_owned()));
    }
    assert_eq!(list(&storage, Folder::Heads), std::slice::from_ref(&head));
    assert_eq!(get(&storage, &head, 100), Answer::Got(b"head".to_vec()));
}

/// The certificates are the system's: one that nobody signed is refused, and the same one is taken where the system was told to.
#[test]
fn a_certificate_that_nobody_signed() {
    if let Ok(url) = env::var("KEYSTOW_TEST_TLS") {
        assert_eq!(list(&open(&web_dav_at(url)), Folder::Heads), []);
        return;
    }
    let server = TlsServer::start();
    for trouble in asked(&open(&web_dav_at(server.url()))) {
        assert!(matches!(&trouble, Trouble::Failed(detail) if detail.contains("certificate")), "{trouble:?}");
    }
    let child = Command::new(env::current_exe().unwrap())
        .args(["trouble::a_certificate_that_nobody_signed", "--exact"])
        .env("KEYSTOW_TEST_TLS", server.url())
        .env("SSL_CERT_FILE", server.certificate())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn a_nextcloud_is_known_by_what_it_says() {
    let body = r#"{"installed":true,"maintenance":false,"version":"33.0.1.2","versionstring":"33.0.1","productname":"Nextcloud"}"#;
    let url_of = |config: &StorageConfig| match settled(config).unwrap() {
        StorageConfig::WebDav { url, .. } => url,
        other => panic!("{other:?}"),
    };
    for (status, body, is_one) in [("200 OK", body, true), ("200 OK", "<html>", false), ("404 Not Found", body, false)]
    {
        let server = refusing(status, "", body);
        let url = format!("http://127.0.0.1:{}", server.port());
        let expected = if is_one { format!("{url}/remote.php/dav/files/anna") } else { url.clone() };
        assert_eq!(url_of(&web_dav_at(url)), expected);
    }
    let given = "http://127.0.0.1:1/remote.php/dav/files/anna/Keystow";
    assert_eq!(url_of(&web_dav_at(given.to_owned())), given);
    let local = folder(Path::new("/srv/sync/"));
    assert_eq!(settled(&local), Ok(folder(Path::new("/srv/sync"))));
}
