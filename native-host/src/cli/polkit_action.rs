//! `keystow polkit-action`.

use clap::Args;

use crate::verification::os::ACTION_FILE;

/// Print the file by which polkit learns to verify you for Keystow
///
/// polkit reads it once it is in place: keystow polkit-action | sudo tee /usr/share/polkit-1/actions/org.keystow.policy >/dev/null
#[derive(Args)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) fn run(self) {
        print!("{ACTION_FILE}");
    }
}
