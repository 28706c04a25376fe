//! The command line as people see it: each file of `tests/transcripts` is a session, and what is printed is compared with it.
//!
//! A line that begins with `$` is run, with what is behind `<` as its standard input (`\n` for a new line); what follows is its
//! standard output, then its standard error, then `[n]` for an exit code other than 0. `[..]` stands for any text within a line. `%`
//! prepares: `% no keychain` (first line), `% passkey <RP ID> <user name>`, `% use <folder>` (as a browser that has run there),
//! `% sign in at <RP ID> from <origin>`, `% a day passes` (for a reset of the PIN that was asked for), `% the site accepts nothing of <RP ID> <user name>` and `% the site
//! calls <RP ID> <user name> <new name>` (signals).

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod support;

use std::fs;
use std::path::Path;

use keystow::keychain::OsKeychain;
use keystow::vault::{Vault, default_path};
use keystow::verification::{PinRecord, PinStore};
use protocol::base64url;
use protocol::cbor::{self, Value as Cbor};
use protocol::manage::Response;
use protocol::native_message::Body;
use serde_json::Value;
use support::{Desk, ctap};

macro_rules! transcripts {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() { play(stringify!($name)); })+

        #[test]
        fn every_transcript_is_played() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
            let mut files: Vec<_> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
                .collect();
            files.sort();
            assert_eq!(files, [$(stringify!($name)),+]);
        }
    };
}

transcripts! {
    arguments, completions, device, doctor, help, history, install, keychain_missing, list, man, note, pin, polkit_action, recovery, remove, rename, reset, restore, show, sync, verification
}

/// Of each command of its own, and of each command that it has below it, some transcript runs more than the help.
#[test]
fn every_command_is_in_a_transcript() {
    let desk = Desk::without_keychain();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let texts = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let run: Vec<_> = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let is_run = |command: &str| {
        run.iter()
            .filter_map(|line| line.strip_prefix("$ "))
            .any(|line| line.starts_with(command) && !line.contains("--help"))
    };
    let mut ahead = vec!["keystow".to_owned()];
    let mut commands = 0;
    while let Some(command) = ahead.pop() {
        let below = commands_below(&desk, &command);
        assert!(!below.is_empty() || is_run(&command), "no transcript runs {command}");
        commands += 1;
        ahead.extend(below.iter().map(|name| format!("{command} {name}")));
    }
    assert!(commands > 35, "only {commands} commands were found");
}

/// The commands that the help of `command` lists.
fn commands_below(desk: &Desk, command: &str) -> Vec<String> {
    let mut arguments: Vec<_> = command.split(' ').skip(1).collect();
    arguments.push("-h");
    let help = String::from_utf8(desk.keystow(&arguments, "").stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn manifests_say_where_the_host_is_and_who_may_start_it() {
    let desk = Desk::without_keychain();
    let further = "abcdefghijklmnopabcdefghijklmnop";
    assert!(desk.keystow(&["install", "--chromium-id", further], "").status.success());
    let manifest = |path: &str| -> Value {
        let path = desk.home().join(path).join("org.keystow.host.json");
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let chromium = manifest(".config/chromium/NativeMessagingHosts");
    assert_eq!(chromium["name"], "org.keystow.host");
    assert_eq!(chromium["type"], "stdio");
    assert_eq!(chromium["path"], env!("CARGO_BIN_EXE_keystow"));
    let origins = ["kgckkhcbepgohlebaepifclndmlpapih", further].map(|id| format!("chrome-extension://{id}/"));
    assert_eq!(chromium["allowed_origins"], serde_json::json!(origins));
    let firefox = manifest(".mozilla/native-messaging-hosts");
    assert_eq!(firefox["path"], env!("CARGO_BIN_EXE_keystow"));
    assert_eq!(firefox["allowed_extensions"], serde_json::json!(["keystow@keystow.org"]));
}

#[test]
fn uninstall_leaves_no_folder_behind_and_touches_no_other() {
    let desk = Desk::without_keychain();
    let profile = desk.home().join(".config/chromium/Default");
    fs::create_dir_all(&profile).unwrap();
    assert!(desk.keystow(&["install"], "").status.success());
    assert!(desk.home().join(".mozilla").exists());
    assert!(desk.keystow(&["uninstall"], "").status.success());
    assert!(!desk.home().join(".mozilla").exists());
    let left: Vec<_> =
        fs::read_dir(desk.home().join(".config")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["chromium"]);
    assert!(profile.exists());
}

#[test]
fn doctor_finds_a_manifest_for_a_host_that_is_gone() {
    let desk = Desk::without_keychain();
    assert!(desk.keystow(&["install", "--browser", "firefox"], "").status.success());
    let path = desk.home().join(".mozilla/native-messaging-hosts/org.keystow.host.json");
    let moved = fs::read_to_string(&path).unwrap().replace(env!("CARGO_BIN_EXE_keystow"), "/nowhere/keystow");
    fs::write(&path, moved).unwrap();
    fs::create_dir(desk.home().join(".mozilla/firefox")).unwrap();
    let doctor = String::from_utf8(desk.keystow(&["doctor"], "").stdout).unwrap();
    assert!(doctor.contains("looks for Keystow at /nowhere/keystow, where nothing is."), "{doctor}");
    assert!(doctor.contains("fix: keystow install --browser firefox"), "{doctor}");
}

/// Where a transcript starts it, it is the preparation itself, in a process of its own that has the desk's keychain.
#[test]
fn a_day_passes() {
    if std::env::var_os(DAY).is_some() {
        return put_reset_back();
    }
    let desk = Desk::new();
    run(&desk, " pin set < 1234");
    run(&desk, " pin reset");
    assert!(run(&desk, " pin reset < 5678").ends_with("[6]\n"), "not yet");
    prepare(&desk, "a day passes");
    assert_eq!(run(&desk, " pin reset < 5678"), "The PIN is set anew, with all tries.\n");
}

/// Makes the reset that was asked for one that was asked for 25 hours earlier.
fn put_reset_back() {
    let vault = Vault::open_or_create(&default_path().unwrap(), &OsKeychain::new()).unwrap();
    let earlier = |record: &PinRecord| {
        let Cbor::Map(mut members) = cbor::decode(&record.encode()).unwrap() else { panic!("a record is a map") };
        let (_, asked) = members.iter_mut().find(|(key, _)| *key == Cbor::from(RESET_ASKED)).expect("it was asked for");
        *asked = (record.reset_asked().unwrap() - 25 * 60 * 60 * 1000).into();
        PinRecord::decode(&cbor::encode(&Cbor::Map(members))).unwrap()
    };
    vault.update_pin(&mut |record| record.map(earlier)).unwrap();
}

fn play(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts").join(name).with_extension("txt");
    let expected = fs::read_to_string(path).unwrap();
    let desk = if expected.starts_with("% no keychain\n") { Desk::without_keychain() } else { Desk::new() };
    let mut actual = String::new();
    for line in expected.lines() {
        if let Some(command) = line.strip_prefix("$ keystow") {
            actual.push_str(&format!("{line}\n{}", run(&desk, command)));
        } else if let Some(preparation) = line.strip_prefix("% ") {
            prepare(&desk, preparation);
            actual.push_str(&format!("{line}\n"));
        }
    }
    let differences: Vec<_> = lines(&expected).zip(lines(&actual)).filter(|(want, got)| !matches(want, got)).collect();
    let same_length = lines(&expected).filter(|line| !line.trim().is_empty()).count()
        == lines(&actual).filter(|line| !line.trim().is_empty()).count();
    assert!(differences.is_empty() && same_length, "{name}: {differences:#?}\nthe whole session was:\n{actual}");
}

/// The lines, and empty ones for ever, so that two transcripts of different length can be held side by side.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().chain(std::iter::repeat_n("", 200))
}

fn run(desk: &Desk, command: &str) -> String {
    let (arguments, input) = command.split_once(" < ").unwrap_or((command, ""));
    let arguments = words(arguments);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = desk.keystow(&arguments, &input.replace("\\n", "\n"));
    let mut text = String::from_utf8(output.stdout).unwrap() + std::str::from_utf8(&output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("[{code}]\n")),
        None => panic!("{command} was killed"),
    }
    text.replace(&desk.home().display().to_string(), "~").replace(env!("CARGO_BIN_EXE_keystow"), "KEYSTOW")
}

/// The words of a command line; between quotation marks stands one, in which `\n` is a new line and `\t` a tab.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate().map(|(n, part)| match n % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.replace("\\n", "\n").replace("\\t", "\t")],
    });
    parts.collect::<Vec<_>>().concat()
}

fn prepare(desk: &Desk, preparation: &str) {
    match preparation.split_whitespace().collect::<Vec<_>>()[..] {
        ["no", "keychain"] => {}
        ["passkey", rp_id, user] => {
            let mut host = desk.host();
            assert_eq!(host.ctap(&ctap::make_named(rp_id, user.as_bytes(), user))[0], 0);
            host.close();
        }
        ["sign", "in", "at", rp_id, "from", origin] => {
            let mut host = desk.host();
            let message = base64url::encode(&ctap::get(rp_id));
            let reply = host.ask(&serde_json::json!({"id": 1, "ctap": message, "origin": origin}).to_string());
            assert!(matches!(reply.body, Body::Ctap(answer) if answer[0] == 0));
            host.close();
        }
        ["a", "day", "passes"] => {
            let mut later = desk.command(std::env::current_exe().unwrap().to_str().unwrap());
            later.args(["--exact", "a_day_passes", "--nocapture"]).env(DAY, "passes");
            assert!(later.output().unwrap().status.success());
        }
        ["the", "site", "accepts", "nothing", "of", rp_id, user] => signal(
            desk,
            &serde_json::json!({"allAcceptedCredentials": {
                "rpId": rp_id, "userId": base64url::encode(user.as_bytes()), "allAcceptedCredentialIds": [],
            }}),
        ),
        ["the", "site", "calls", rp_id, user, name] => signal(
            desk,
            &serde_json::json!({"currentUserDetails": {
                "rpId": rp_id, "userId": base64url::encode(user.as_bytes()), "name": name, "displayName": "",
            }}),
        ),
        ["use", folder] => fs::create_dir_all(desk.home().join(folder)).unwrap(),
        _ => panic!("% {preparation} is not known"),
    }
}

fn signal(desk: &Desk, signal: &Value) {
    let reply = desk.host().ask(&serde_json::json!({"id": 1, "manage": {"signal": signal}}).to_string());
    assert!(matches!(reply.body, Body::Ok(Response::Signal(_))), "{reply:?}");
}

/// Whether `got` is `want`, in which each `[..]` is any text.
fn matches(want: &str, got: &str) -> bool {
    let mut parts = want.trim_end().split("[..]");
    let Some(mut rest) = got.trim_end().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    for part in parts {
        open = true;
        match rest.find(part) {
            // A wildcard takes as little as it can.
            Some(_) if part.is_empty() => {}
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty() || (open && want.trim_end().ends_with("[..]"))
}

/// Set in the process that is a preparation.
const DAY: &str = "KEYSTOW_TEST_DAY";

/// Member of the PIN's record: when a reset was asked for.
const RESET_ASKED: i64 = 7;
