use serde_json::json;

use super::*;

fn web_dav(password: &str) -> StorageConfig {
    let url = "https://cloud.example.org/remote.php/dav/files/ada/Keystow".to_owned();
    StorageConfig::WebDav { url, user: "ada".to_owned(), password: Secret::new(password.to_owned()) }
}

#[test]
fn an_invitation_goes_over_without_the_password() {
    let code = Secret::new("7QK4-M2XB-P9DT-3HWE".to_owned());
    let invitation = Invitation { code: code.clone(), storage: web_dav("hunter2") };
    let text = invitation.to_text();
    let told = Invitation { code, storage: web_dav("") };
    assert_eq!(Invitation::from_text(text.expose_secret()), Some(told.clone()));
    // A mail program has broken the line.
    let (one, other) = text.expose_secret().split_at(40);
    assert_eq!(Invitation::from_text(&format!("  {one}\r\n{other} ")), Some(told));
    for no_invitation in ["", "7QK4-M2XB-P9DT-3HWE", "keystow-join:", "keystow-join:AAAA", &text.expose_secret()[1..]] {
        assert_eq!(Invitation::from_text(no_invitation), None, "{no_invitation}");
    }
}

#[test]
fn a_password_in_an_invitation_is_not_taken() {
    let json = json!({"code": "7QK4", "storage": {"webDav": {"url": "https://example.org", "user": "", "password": "hunter2"}}});
    let text = format!("keystow-join:{}", crate::base64url::encode(json.to_string().as_bytes()));
    let storage = Invitation::from_text(&text).unwrap().storage;
    assert_eq!(storage, storage.without_secrets());
}

#[test]
fn nothing_secret_is_in_what_is_logged() {
    let task = Task::ChangeStorage { storage: web_dav("hunter2"), tell_the_others: true };
    assert!(!format!("{task:?}").contains("hunter2"));
    let code = Secret::new("7QK4-M2XB-P9DT-3HWE".to_owned());
    assert!(!format!("{:?}", Invitation { code, storage: web_dav("") }).contains("7QK4"));
}

#[test]
fn a_state_on_the_wire() {
    let json = json!({"on": {
        "storage": "WebDAV, cloud.example.org", "last": 1, "busy": false, "pending": 0, "recoveryKeys": 1, "removed": false,
        "trouble": {"kind": "unreachable", "sentence": "Later."},
        "devices": [{"id": "00", "name": "Laptop", "here": true, "removable": false}],
        "alarms": [{"twice": {"device": "Laptop"}}],
    }, "step": {"failed": {"why": {"storage": "notAllowed"}, "sentence": "Try again."}}});
    let state: SyncState = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&state).unwrap(), json);
    assert_eq!(serde_json::to_value(SyncState::default()).unwrap(), json!({}));
}

fn folder() -> StorageConfig {
    StorageConfig::Folder { path: "~/Sync".to_owned() }
}

fn stands_as(request: SyncRequest, json: serde_json::Value) {
    assert_eq!(serde_json::to_value(&request).unwrap(), json);
    assert_eq!(serde_json::from_value::<SyncRequest>(json).unwrap(), request);
}

#[test]
fn requests_on_the_wire() {
    stands_as(SyncRequest::State {}, json!({"state": {}}));
    stands_as(
        SyncRequest::GoOn(GoOn::Words(["a", "b"].map(|word| Secret::new(word.to_owned())))),
        json!({"goOn": {"words": ["a", "b"]}}),
    );
    let device = || NewDevice { storage: folder(), name: "Laptop".to_owned() };
    let storage = json!({"folder": {"path": "~/Sync"}});
    stands_as(
        SyncRequest::Begin(Begin { task: Task::TurnOn(device()), pin_uv_auth: None }),
        json!({"begin": {"task": {"turnOn": {"storage": storage, "name": "Laptop"}}}}),
    );
    stands_as(
        SyncRequest::Begin(Begin { task: Task::Join { device: device(), code: "7".to_owned() }, pin_uv_auth: None }),
        json!({"begin": {"task": {"join": {"device": {"storage": storage, "name": "Laptop"}, "code": "7"}}}}),
    );
}

#[test]
fn a_failure_on_the_wire() {
    let failed = Step::Failed { why: SyncFailure::Storage(TroubleKind::Full), sentence: "Full.".to_owned() };
    let json = json!({"failed": {"why": {"storage": "full"}, "sentence": "Full."}});
    assert_eq!(serde_json::to_value(&failed).unwrap(), json);
    assert_eq!(serde_json::from_value::<Step>(json).unwrap(), failed);
}

/// A token that authorizes one task is good for no other, nor for what CTAP authorizes.
#[test]
fn each_task_is_authorized_by_its_own_name() {
    let message = Task::AddDevice {}.message();
    assert_eq!(message, [&[0xff; 32][..], b"keystow sync addDevice"].concat());
    assert_ne!(message, Task::TurnOff {}.message());
}

#[test]
fn nothing_secret_is_in_a_debug_text() {
    let secret = |text: &str| Secret::new(text.to_owned());
    let storage = StorageConfig::WebDav { url: "u".into(), user: "v".into(), password: secret("hunter2") };
    let step = Step::RecoveryKey { words: RecoveryWords::new("abandon".to_owned()), asked: [3, 7], wrong: false };
    let text = format!("{storage:?} {step:?} {:?}", secret("7QK4"));
    assert!(!["hunter2", "abandon", "7QK4"].iter().any(|secret| text.contains(secret)), "{text}");
}
