//! User presence (CTAP §6.1.2 step 14, §6.2.2 step 9).

/// The user consented to this ceremony. What signs asks for it by value, so that signing as if the user were there without it does
/// not compile.
pub(super) struct UserPresent(());

impl UserPresent {
    /// CTAP's evidence of user interaction: the extension sends a command that needs presence only after the user approved this very
    /// ceremony in its window. Nobody else can send: the browser starts the host for our extension alone, over a private pipe. A
    /// program of this user could start the host itself; but such a program can read the keychain too.
    pub(super) fn collected_by_the_window() -> Self {
        Self(())
    }
}
