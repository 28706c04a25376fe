//! The keys that end a process at the terminal, while something is on the screen that must be taken away first.

/// While it lives, Ctrl-C ends the line that is read as the end of input does, and no key stops the process or sends it to the background.
#[cfg(unix)]
pub(super) struct Held {
    usual: rustix::termios::Termios,
}

#[cfg(unix)]
impl Held {
    /// Nothing where standard input is no terminal.
    pub(super) fn hold() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
        let usual = tcgetattr(std::io::stdin()).ok()?;
        let mut held = usual.clone();
        held.local_modes.remove(LocalModes::ISIG);
        held.special_codes[SpecialCodeIndex::VEOF] = usual.special_codes[SpecialCodeIndex::VINTR];
        tcsetattr(std::io::stdin(), OptionalActions::Now, &held).ok()?;
        Some(Self { usual })
    }
}

#[cfg(unix)]
impl Drop for Held {
    fn drop(&mut self) {
        // Where the terminal is gone nobody sees it.
        let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, &self.usual);
    }
}

/// The keys are the console's own there.
#[cfg(not(unix))]
pub(super) struct Held;

#[cfg(not(unix))]
impl Held {
    /// Nothing is held.
    pub(super) fn hold() -> Option<Self> {
        None
    }
}
