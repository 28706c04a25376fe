//! The names of an account: cut to a length, and kept for a while when the site changes them.

use super::PublicKeyCredentialSource;

/// Names that an account had until the site changed them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EarlierNames {
    /// L3 user name.
    pub user_name: String,
    /// L3 user display name.
    pub user_display_name: String,
    /// Until when it was called so, milliseconds since 1970.
    pub replaced: u64,
}

impl PublicKeyCredentialSource {
    /// L3 `currentUserDetails`: gives the account other names at `now`. The earlier ones are kept, but for those that were replaced before
    /// `forgotten`. False where it is called so already.
    pub fn rename(&mut self, user_name: &str, user_display_name: &str, now: u64, forgotten: u64) -> bool {
        if self.user_name == user_name && self.user_display_name == user_display_name {
            return false;
        }
        self.earlier_names.retain(|earlier| earlier.replaced >= forgotten);
        self.earlier_names.push(EarlierNames {
            user_name: std::mem::replace(&mut self.user_name, user_name.to_owned()),
            user_display_name: std::mem::replace(&mut self.user_display_name, user_display_name.to_owned()),
            replaced: now,
        });
        // The oldest is what the user knew before a page began to change names without end; the others are the newest.
        if self.earlier_names.len() > MAX_EARLIER_NAMES {
            self.earlier_names.remove(1);
        }
        true
    }

    /// Gives the account the names back that it had before the last change. False where none are kept.
    pub fn rename_back(&mut self) -> bool {
        let Some(earlier) = self.earlier_names.pop() else { return false };
        (self.user_name, self.user_display_name) = (earlier.user_name, earlier.user_display_name);
        true
    }
}

/// L3 §6.4.1: a name may be shortened to 64 bytes or more; ours keep 128, and end with a whole character.
pub fn shortened(name: Option<&str>) -> String {
    let name = name.unwrap_or_default();
    name[..name.floor_char_boundary(MAX_NAME_LENGTH)].to_owned()
}

/// In bytes of UTF-8.
const MAX_NAME_LENGTH: usize = 128;

/// So many changes of the names can be taken back.
const MAX_EARLIER_NAMES: usize = 5;
