use serde_json::json;

use super::{Invitation, Secret, StorageConfig, SyncState, Task};

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
