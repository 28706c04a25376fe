//! What polkit would do if it were asked, looked at without asking.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::process;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus_polkit::policykit1::{AuthorityProxyBlocking, AuthorizationResult, Subject};

use super::{ACTION, Obstacle};

/// The file that makes the action known to polkit, once it is in `/usr/share/polkit-1/actions`.
pub const ACTION_FILE: &str = include_str!("../../../polkit/org.keystow.policy");

/// What stands in the way of asking; nothing where polkit would ask the user. Waits no longer than `patience`.
pub(super) fn obstacle(patience: Duration) -> Option<Obstacle> {
    let (sender, receiver) = channel();
    // On a thread of its own, since a bus may let even the greeting wait. Nobody may be waiting any longer.
    let look = move || drop(sender.send(would_ask(patience)));
    if thread::Builder::new().name("polkit".to_owned()).spawn(look).is_err() {
        return Some(Obstacle::NoService);
    }
    match receiver.recv_timeout(patience) {
        Ok(Ok(result)) => judge(&result),
        Ok(Err(obstacle)) => Some(obstacle),
        Err(_) => Some(Obstacle::NoAnswer),
    }
}

/// The subject is the one that is asked for later: this process, named by its number, start and owner. All three stand in files that
/// everyone may read, also those of a hardened process.
fn would_ask(patience: Duration) -> Result<AuthorizationResult, Obstacle> {
    let subject = Subject::new_for_owner(process::id(), None, None).map_err(|_| Obstacle::Refused)?;
    check(&subject, patience).map_err(|error| explain(&error))
}

fn check(subject: &Subject, patience: Duration) -> zbus::Result<AuthorizationResult> {
    let connection = Builder::system()?.method_timeout(patience).build()?;
    let authority = AuthorityProxyBlocking::new(&connection)?;
    authority.check_authorization(subject, ACTION, &HashMap::new(), Default::default(), "")
}

fn judge(result: &AuthorizationResult) -> Option<Obstacle> {
    match (result.is_authorized, result.is_challenge) {
        (true, _) => Some(Obstacle::AsksNobody),
        (false, true) => None,
        (false, false) => Some(Obstacle::Denied),
    }
}

fn explain(error: &zbus::Error) -> Obstacle {
    match error {
        zbus::Error::MethodError(name, Some(detail), _)
            if is_polkit_s(name) && detail.contains("is not registered") =>
        {
            Obstacle::NoAction
        }
        zbus::Error::MethodError(name, ..) if is_polkit_s(name) => Obstacle::Refused,
        zbus::Error::InputOutput(cause) if cause.kind() == ErrorKind::TimedOut => Obstacle::NoAnswer,
        _ => Obstacle::NoService,
    }
}

/// polkit's own errors, and those that it passes on from below, such as that it sees no process of this number.
fn is_polkit_s(error: &str) -> bool {
    error.starts_with("org.freedesktop.PolicyKit1.") || error.starts_with("org.gtk.GDBus.")
}

#[cfg(test)]
mod tests;
