//! What went wrong, as far as a person can act on it.

use std::error::Error;
use std::{fmt, io};

use opendal::ErrorKind;
use sync_engine::storage::Trouble;

/// A detail is no longer than this, characters.
const DETAIL: usize = 160;

/// What was being done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verb {
    /// List or get.
    Read,
    /// Put or delete.
    Write,
}

/// What a server's answer means, inside an OpenDAL error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    /// Its meaning.
    pub(super) trouble: Trouble,
    /// The HTTP status.
    pub(super) status: u16,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.trouble.fmt(f)
    }
}

impl Error for Refusal {}

/// What an error of OpenDAL means.
pub(super) fn trouble(error: &opendal::Error, verb: Verb) -> Trouble {
    let causes = causes(error);
    if let Some(refusal) = causes.iter().find_map(|cause| cause.downcast_ref::<Refusal>()) {
        return refusal.trouble.clone();
    }
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(tls);
    }
    let detail = detail(&causes);
    if causes.iter().any(|cause| cause.is::<reqwest::Error>()) {
        return Trouble::Unreachable(detail);
    }
    if let Some(io) = causes.iter().rev().find_map(|cause| cause.downcast_ref::<io::Error>()) {
        return of_io(io, verb, detail);
    }
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConfigInvalid => Trouble::Gone(detail),
        ErrorKind::PermissionDenied => forbidden(verb, detail),
        // A body that came to its end too early, a connection that was not made in time.
        _ if error.is_temporary() && causes.len() == 1 => Trouble::Unreachable(detail),
        _ => Trouble::Failed(detail),
    }
}

/// A server that lets us in, and not do this.
pub(super) fn forbidden(verb: Verb, detail: String) -> Trouble {
    match verb {
        Verb::Read => Trouble::NotAllowed(detail),
        Verb::Write => Trouble::ReadOnly(detail),
    }
}

/// Whether a WebDAV server may not have put a file because the folder around it is not there: 409 (RFC 4918 §9.7.1), 404, or nginx's 500.
pub(super) fn parent_is_missing(error: &opendal::Error) -> bool {
    error.kind() == ErrorKind::NotFound || matches!(status(error), Some(409 | 500))
}

/// Whether somebody had it locked (RFC 4918 §11.3), as one request has it for another at rclone.
pub(super) fn is_locked(error: &opendal::Error) -> bool {
    status(error) == Some(423)
}

fn status(error: &opendal::Error) -> Option<u16> {
    causes(error).iter().find_map(|cause| cause.downcast_ref::<Refusal>()).map(|refusal| refusal.status)
}

fn of_tls(error: &rustls::Error) -> Trouble {
    let what = match error {
        rustls::Error::InvalidCertificate(problem) => {
            format!("its certificate is not one that this system trusts: {problem}")
        }
        other => format!("no secure connection: {other}"),
    };
    Trouble::Failed(shortened(&what))
}

fn of_io(error: &io::Error, verb: Verb, detail: String) -> Trouble {
    use io::ErrorKind as Kind;
    if detail.contains("Host key verification failed") {
        return Trouble::NotAllowed(
            "ssh does not know this server yet, or not as this one: connect once with ssh in a terminal".to_owned(),
        );
    }
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => Trouble::Full(detail),
        Kind::ReadOnlyFilesystem => Trouble::ReadOnly(detail),
        Kind::PermissionDenied => forbidden(verb, detail),
        Kind::NotFound | Kind::StaleNetworkFileHandle => Trouble::Gone(detail),
        Kind::ConnectionRefused
        | Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::NotConnected
        | Kind::BrokenPipe
        | Kind::UnexpectedEof
        | Kind::TimedOut
        | Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown => Trouble::Unreachable(detail),
        _ => Trouble::Failed(detail),
    }
}

/// The error and what is behind it, the innermost last.
fn causes<'a>(error: &'a opendal::Error) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes: Vec<&'a (dyn Error + 'static)> = vec![error];
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        // An I/O error names the source of what it holds, not what it holds.
        let held = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    causes
}

/// The innermost cause in its own words. It holds no address and no password: OpenDAL's own context, which could, is not in it.
fn detail(causes: &[&(dyn Error + 'static)]) -> String {
    match causes {
        [.., last] if causes.len() > 1 => shortened(&last.to_string()),
        [only] => shortened(only.downcast_ref::<opendal::Error>().map_or("", opendal::Error::message)),
        _ => String::new(),
    }
}

/// One short line.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(DETAIL).collect()
}
