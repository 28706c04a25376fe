use std::collections::BTreeMap;

use protocol::manage::sync::{Invitation, Secret, StorageConfig, Task};

use super::{Kind, Part, Purpose, Slip, Typed, filled, form, invitation, numbered, task};

/// What a person has typed.
#[derive(Default)]
struct Paper {
    texts: BTreeMap<&'static str, String>,
    on: Vec<&'static str>,
    kind: Kind,
}

impl Paper {
    fn new<const N: usize>(kind: Kind, texts: [(&'static str, &str); N]) -> Self {
        let texts = texts.into_iter().map(|(id, text)| (id, text.to_owned())).collect();
        Self { texts, kind, ..Self::default() }
    }
}

impl Typed for Paper {
    fn text(&self, id: &str) -> String {
        self.texts.get(id).cloned().unwrap_or_default()
    }

    fn is_on(&self, id: &str) -> bool {
        self.on.contains(&id)
    }

    fn kind(&self) -> Kind {
        self.kind
    }
}

fn slip(purpose: &Purpose, typed: &Paper) -> (&'static str, &'static str) {
    let Slip { what, field } = task(purpose, typed).unwrap_err();
    (what.key, field)
}

fn remove(needs_words: bool) -> Purpose {
    Purpose::Remove { id: "01".to_owned(), name: "Phone".to_owned(), needs_words }
}

fn key() -> String {
    vec!["Abandon"; 24].join("  \n")
}

#[test]
fn a_storage_of_each_kind() {
    let begun = |paper: &Paper| match task(&Purpose::TurnOn, paper) {
        Ok(Task::TurnOn(device)) => device,
        other => panic!("{other:?}"),
    };
    let folder = begun(&Paper::new(Kind::Folder, [("folder-path", " ~/Sync "), ("sync-name", " Desk ")]));
    assert_eq!((folder.storage, &*folder.name), (StorageConfig::Folder { path: "~/Sync".to_owned() }, "Desk"));
    let paper =
        Paper::new(Kind::WebDav, [("dav-url", "cloud.example.org/k"), ("dav-user", "ada"), ("dav-password", " a b ")]);
    let web_dav = StorageConfig::WebDav {
        url: "https://cloud.example.org/k".to_owned(),
        user: "ada".to_owned(),
        password: Secret::new(" a b ".to_owned()),
    };
    assert_eq!(begun(&paper).storage, web_dav);
    let local = Paper::new(Kind::WebDav, [("dav-url", "http://127.0.0.1:8080/")]);
    assert!(matches!(begun(&local).storage, StorageConfig::WebDav { url, .. } if url == "http://127.0.0.1:8080/"));
    let paper = Paper::new(
        Kind::S3,
        [("s3-endpoint", "s3.example.org"), ("s3-bucket", "b"), ("s3-id", "i"), ("s3-secret", "s")],
    );
    assert!(matches!(begun(&paper).storage, StorageConfig::S3 { region, .. } if region == "auto"));
    let paper = Paper::new(Kind::Sftp, [("sftp-host", "ada@example.org"), ("sftp-path", "keystow")]);
    assert!(matches!(begun(&paper).storage, StorageConfig::Sftp { .. }));
}

#[test]
fn what_is_missing_is_asked_for_in_its_field() {
    let first = [
        (Kind::Folder, "folder-path"),
        (Kind::WebDav, "dav-url"),
        (Kind::S3, "s3-endpoint"),
        (Kind::Sftp, "sftp-host"),
    ];
    for (kind, field) in first {
        assert_eq!(slip(&Purpose::TurnOn, &Paper::new(kind, [])), ("slipEmpty", field));
    }
    let without_secret =
        Paper::new(Kind::S3, [("s3-endpoint", "e"), ("s3-bucket", "b"), ("s3-id", "i"), ("s3-secret", "  ")]);
    assert_eq!(slip(&Purpose::ChangeStorage, &without_secret), ("slipEmpty", "s3-secret"));
}

#[test]
fn a_code_and_a_key_of_another_length_are_told_before_anything_is_sent() {
    let folder = ("folder-path", "~/Sync");
    let joins = |code| Paper::new(Kind::Folder, [folder, ("sync-code", code)]);
    assert_eq!(slip(&Purpose::Join, &joins("7QK4-M2XB")), ("slipCode", "sync-code"));
    assert!(task(&Purpose::Join, &joins(" 7qk4 m2xb-P9DT 3hwe ")).is_ok());
    let recovers = |words: &str| Paper::new(Kind::Folder, [folder, ("sync-words", words)]);
    assert_eq!(slip(&Purpose::Recover, &recovers("abandon")), ("slipWords", "sync-words"));
    let Ok(Task::Recover { words, .. }) = task(&Purpose::Recover, &recovers(&key())) else { panic!() };
    assert_eq!(words.expose_secret(), vec!["abandon"; 24].join(" "));
}

#[test]
fn removing_asks_for_the_key_only_where_it_takes_it() {
    let has_key = |purpose: &Purpose| form(purpose).parts.iter().any(|part| matches!(part, Part::RecoveryKey(_)));
    assert_eq!((has_key(&remove(false)), has_key(&remove(true))), (false, true));
    let stolen = Paper { on: vec!["sync-stolen"], ..Paper::default() };
    let Ok(Task::Remove(removed)) = task(&remove(false), &stolen) else { panic!() };
    assert_eq!((&*removed.device, removed.stolen, removed.words), ("01", true, None));
    assert_eq!(slip(&remove(true), &stolen).0, "slipWords");
}

#[test]
fn the_old_key_may_be_left_out() {
    let made = |words: &str| task(&Purpose::NewRecoveryKey, &Paper::new(Kind::Folder, [("sync-words", words)]));
    assert_eq!(made(" "), Ok(Task::NewRecoveryKey { old: None }));
    assert!(matches!(made(&key()), Ok(Task::NewRecoveryKey { old: Some(_) })));
    assert!(made("abandon").is_err());
}

#[test]
fn what_takes_something_away_looks_like_it() {
    assert!(form(&remove(false)).is_dangerous && form(&Purpose::TurnOff).is_dangerous);
    assert!(!form(&Purpose::Join).is_dangerous);
    assert_eq!(task(&Purpose::TurnOff, &Paper::default()), Ok(Task::TurnOff {}));
}

#[test]
fn an_invitation_fills_in_all_but_the_password() {
    let storage =
        StorageConfig::WebDav { url: "https://e.org".to_owned(), user: "ada".to_owned(), password: Secret::default() };
    let code = Secret::new("7QK4-M2XB-P9DT-3HWE".to_owned());
    let text = Invitation { code: code.clone(), storage: storage.clone() }.to_text();
    assert_eq!(invitation(text.expose_secret()), Some((code, storage.clone())));
    assert_eq!(filled(&storage), (Kind::WebDav, vec![("dav-url", "https://e.org"), ("dav-user", "ada")]));
    assert_eq!(invitation("7QK4-M2XB-P9DT-3HWE"), None);
}

#[test]
fn a_key_on_paper_is_numbered() {
    assert_eq!(numbered("Keystow", "abandon ability"), "Keystow\n\n 1  abandon\n 2  ability\n");
}
