//! What people type and paste, and what a storage lists: words, codes, invitations and names are read or refused, and what is read is written in
//! its one form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::base64url;
use protocol::manage::sync::Invitation;
use sync_engine::keys::{BadCode, BadWords, JoinCode, PaperKey};
use sync_engine::storage::ObjectName;

fuzz_target!(|data: &[u8]| {
    let typed = String::from_utf8_lossy(data);
    match PaperKey::from_words(&typed) {
        Ok(key) => assert!(PaperKey::from_words(&key.words()).is_ok_and(|again| again.same_as(&key))),
        Err(BadWords::Count(count)) => assert_ne!(count, 24),
        Err(BadWords::Unknown(place)) => assert!((1..=24).contains(&place)),
        Err(BadWords::Checksum) => {}
    }
    match JoinCode::from_text(&typed) {
        Ok(code) => assert!(JoinCode::from_text(&code.text()).is_ok_and(|again| again.same_as(&code))),
        Err(BadCode::Length(count)) => assert_ne!(count, 16),
        Err(BadCode::Character(character)) => assert!(typed.contains(character)),
    }
    if let Some(name) = ObjectName::from_path(&typed) {
        assert_eq!(name.path(), typed);
    }
    invitation(&typed);
    invitation(&format!("keystow-join:{}", base64url::encode(data)));
});

/// One brings no password along, and is the same as text and read again.
fn invitation(text: &str) {
    if let Some(invitation) = Invitation::from_text(text) {
        assert!(invitation.storage == invitation.storage.without_secrets());
        assert!(Invitation::from_text(invitation.to_text().expose_secret()) == Some(invitation));
    }
}
