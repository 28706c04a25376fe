//! Why a command was not done: what happened, and what to run. The one place where errors become exit codes.

use std::fmt;
use std::io;
use std::process::ExitCode;

use protocol::manage::sync::SyncFailure;
use protocol::native_message::{self, ErrorCode};

use super::date::Moment;
use super::terminal::harmless;
use crate::verification::PinPolicyViolation;

/// Why a command was not done.
#[derive(Debug)]
pub(super) enum Error {
    /// The host's own refusal: keychain, vault, no such passkey.
    Refused(native_message::Error),
    /// No passkey matches what was given; `list` shows those that there are.
    NoMatch { query: String, list: &'static str },
    /// More than one passkey matches; the lines tell them apart.
    Ambiguous { matches: Vec<String>, command: &'static str },
    /// A question needs an answer, and there is no terminal.
    NobodyToAsk,
    /// There is neither a terminal nor a line on standard input.
    NoPinGiven,
    /// Standard input has no such line.
    NotGiven { what: &'static str },
    /// No storage was named, and there is nobody to ask.
    NoStorageNamed,
    /// The OS asked, and the user did not prove it.
    NotVerified,
    /// Sync is off.
    SyncIsOff,
    /// Sync is on already.
    SyncIsOn,
    /// One of the tasks of sync failed; the sentence says why, and what to do.
    Sync { why: SyncFailure, sentence: String },
    /// The storage did not do its part; likewise.
    Storage(String),
    /// No device has that name.
    NoSuchDevice { query: String },
    /// Several have; the lines tell them apart.
    SeveralDevices { matches: Vec<String> },
    /// The user said no.
    Declined,
    /// A new PIN was typed differently the second time.
    PinsDiffer,
    /// A new PIN breaks the rules.
    PinPolicy(PinPolicyViolation),
    /// There is no PIN.
    PinNotSet,
    /// There is a PIN already.
    PinAlreadySet,
    /// The PIN is wrong.
    PinWrong { retries: u8 },
    /// No tries are left.
    PinLocked,
    /// The new PIN is the one that had to be changed.
    PinUnchanged,
    /// A reset of the PIN was asked for, and has to wait until `at` (milliseconds since 1970).
    ResetWaits { at: u64 },
    /// Someone entered the right PIN meanwhile.
    ResetTakenBack,
    /// What was to be typed to confirm was not typed.
    NotTyped { word: &'static str },
    /// There is no reset that could be undone.
    NothingToUndo,
    /// The OS cannot verify the user; the sentence says why, and what to do.
    OsVerification(String),
    /// The terminal, or standard input, failed.
    Terminal(io::Error),
    /// The path of this program is not known.
    Executable(io::Error),
    /// The manual could not be written.
    Manual(io::Error),
    /// A manifest could not be written.
    Install { browser: String, cause: io::Error },
    /// The systemd unit could not be written.
    Unit(io::Error),
    /// A manifest could not be removed.
    Uninstall { browser: String, cause: io::Error },
}

impl Error {
    /// The codes that `keystow --help` lists.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(error) => refused(error.code),
            Self::NoMatch { .. } | Self::Ambiguous { .. } => NO_SUCH_PASSKEY,
            Self::NoPinGiven
            | Self::PinsDiffer
            | Self::PinPolicy(_)
            | Self::PinNotSet
            | Self::PinAlreadySet
            | Self::PinWrong { .. }
            | Self::PinLocked
            | Self::PinUnchanged
            | Self::ResetWaits { .. }
            | Self::ResetTakenBack
            | Self::NotVerified => PIN_REFUSED,
            Self::Storage(_) | Self::Sync { why: SyncFailure::Storage(_), .. } => STORAGE,
            Self::NobodyToAsk
            | Self::NotGiven { .. }
            | Self::NoStorageNamed
            | Self::SyncIsOff
            | Self::SyncIsOn
            | Self::Sync { .. }
            | Self::NoSuchDevice { .. }
            | Self::SeveralDevices { .. }
            | Self::Unit(_)
            | Self::NotTyped { .. }
            | Self::NothingToUndo
            | Self::OsVerification(_)
            | Self::Declined
            | Self::Terminal(_)
            | Self::Executable(_)
            | Self::Manual(_)
            | Self::Install { .. }
            | Self::Uninstall { .. } => FAILED,
        })
    }
}

fn refused(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::KeychainUnavailable | ErrorCode::KeychainLocked | ErrorCode::KeychainEmptied => KEYCHAIN,
        ErrorCode::VaultWrongKey
        | ErrorCode::VaultUnreadable
        | ErrorCode::VaultUnwritable
        | ErrorCode::RecordDamaged => VAULT,
        ErrorCode::NotFound => NO_SUCH_PASSKEY,
        ErrorCode::NotVerified => PIN_REFUSED,
        ErrorCode::BadText
        | ErrorCode::OsVerificationNotSetUp
        | ErrorCode::BadMessage
        | ErrorCode::TooLarge
        | ErrorCode::Cancelled
        | ErrorCode::Internal => FAILED,
    }
}

/// Also what `keystow doctor` ends with where something is to be mended.
pub(super) const FAILED: u8 = 1;
const KEYCHAIN: u8 = 3;
const VAULT: u8 = 4;
const NO_SUCH_PASSKEY: u8 = 5;
const PIN_REFUSED: u8 = 6;
const STORAGE: u8 = 7;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => f.write_str(&error.message),
            Self::NoMatch { query, list } => {
                write!(f, "No passkey matches '{}'. See them all: {list}", harmless(query))
            }
            Self::Ambiguous { matches, command } => {
                writeln!(f, "{} passkeys match. Name one by its id: {command} ID", matches.len())?;
                f.write_str(&matches.join("\n"))
            }
            Self::NobodyToAsk => {
                f.write_str("There is nobody at the terminal to ask, so nothing was changed. Run it again with --yes")
            }
            Self::NoPinGiven => {
                f.write_str("No PIN was given. Run it at a terminal, or give the PIN on standard input.")
            }
            Self::Declined => {
                f.write_str("Nothing was changed. To go through with it, run the command again and answer y.")
            }
            Self::NotTyped { word } => {
                write!(f, "Nothing was changed. To go through with it, run the command again and type: {word}")
            }
            Self::NothingToUndo => {
                f.write_str("There has been no reset in the last 30 days. See what is kept here: keystow list")
            }
            Self::OsVerification(why) => f.write_str(why),
            Self::Terminal(cause) => write!(f, "The terminal failed ({cause}). Try again in another one."),
            Self::Executable(cause) => {
                write!(f, "The path of this program cannot be told ({cause}). Run it by its full path.")
            }
            Self::PinsDiffer
            | Self::PinPolicy(_)
            | Self::PinNotSet
            | Self::PinAlreadySet
            | Self::PinWrong { .. }
            | Self::PinLocked
            | Self::PinUnchanged
            | Self::ResetWaits { .. }
            | Self::ResetTakenBack => self.of_the_pin(f),
            Self::Manual(_) | Self::Unit(_) | Self::Install { .. } | Self::Uninstall { .. } => self.of_a_file(f),
            Self::NotGiven { .. }
            | Self::NoStorageNamed
            | Self::NotVerified
            | Self::SyncIsOff
            | Self::SyncIsOn
            | Self::Sync { .. }
            | Self::Storage(_)
            | Self::NoSuchDevice { .. }
            | Self::SeveralDevices { .. } => self.of_sync(f),
        }
    }
}

impl Error {
    /// Of the PIN: one that is wrong, missing or not to be had yet.
    fn of_the_pin(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PinsDiffer => {
                f.write_str("The two PINs are not the same; nothing was changed. Run the command again.")
            }
            Self::PinPolicy(violation) => write!(f, "{violation}"),
            Self::PinNotSet => f.write_str("No PIN has been chosen yet. Choose one: keystow pin set"),
            Self::PinAlreadySet => f.write_str("There is a PIN already. Choose another: keystow pin change"),
            Self::PinWrong { retries } => {
                write!(f, "The PIN is wrong; {}. If it is forgotten: keystow pin reset", tries_left(*retries))
            }
            Self::PinLocked => {
                f.write_str("The PIN is locked: it was wrong too often. Choose a new one: keystow pin reset")
            }
            Self::PinUnchanged => {
                f.write_str("That is the PIN that has to be changed; nothing was changed. Choose another one.")
            }
            Self::ResetWaits { at } => {
                write!(f, "A new PIN can be chosen from {} UTC on. Then run: keystow pin reset", Moment(*at))
            }
            Self::ResetTakenBack => f.write_str(
                "The right PIN was entered meanwhile, which took the request back. If it is forgotten all the same: keystow pin reset",
            ),
            _ => Ok(()),
        }
    }

    /// Of sync, its devices and its storage.
    fn of_sync(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGiven { what } => {
                write!(f, "No {what} was given. Run it at a terminal, or give it on standard input.")
            }
            Self::NoStorageNamed => f.write_str(
                "It was not said where. Name it by --folder, --webdav, --s3 or --sftp, or run it at a terminal.",
            ),
            Self::NotVerified => {
                f.write_str("The system asked you, and was not answered; nothing was changed. Try again.")
            }
            Self::SyncIsOff => {
                f.write_str("Sync is off. Turn it on: keystow sync on, or join your other devices: keystow device join")
            }
            Self::SyncIsOn => f.write_str("Sync is on already. See how it stands: keystow sync status"),
            Self::Sync { sentence, .. } | Self::Storage(sentence) => f.write_str(&harmless(sentence)),
            Self::NoSuchDevice { query } => {
                write!(f, "No other device is called '{}'. See them all: keystow device list", harmless(query))
            }
            Self::SeveralDevices { matches } => {
                writeln!(f, "{} devices match. Name one by its id: keystow device remove ID", matches.len())?;
                f.write_str(&matches.join("\n"))
            }
            _ => Ok(()),
        }
    }

    /// Of what is written for others to find.
    fn of_a_file(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manual(cause) => {
                write!(f, "The manual could not be written ({cause}). Choose a folder that your user may write to.")
            }
            Self::Unit(cause) => write!(
                f,
                "The unit could not be put in place ({cause}). Allow your user to write to ~/.config/systemd/user, then try again."
            ),
            Self::Install { browser, cause } => write!(
                f,
                "The manifest for {browser} could not be written ({cause}). Allow your user to write there, then run: keystow install"
            ),
            Self::Uninstall { browser, cause } => write!(
                f,
                "The manifest for {browser} could not be removed ({cause}). Allow your user to write there, then run: keystow uninstall"
            ),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// `one try is left`, `7 tries are left`.
pub(super) fn tries_left(retries: u8) -> String {
    match retries {
        1 => "one try is left".to_owned(),
        several => format!("{several} tries are left"),
    }
}

impl From<native_message::Error> for Error {
    fn from(error: native_message::Error) -> Self {
        Self::Refused(error)
    }
}
