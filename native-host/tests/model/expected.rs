//! The model: what an authenticator must do, without disk, seals or CBOR.

use protocol::ctap::StatusCode;

use crate::{Outcome, Step};

/// Every passkey ever made, in order, and the assertions that may be gone on with.
#[derive(Default)]
pub(crate) struct Model {
    passkeys: Vec<Passkey>,
    waiting: Vec<(usize, bool)>,
}

struct Passkey {
    rp: u8,
    user: u8,
    name: String,
    discoverable: bool,
    protect: i64,
    lives: bool,
}

impl Model {
    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        let waiting = std::mem::take(&mut self.waiting);
        match *step {
            Step::Make { rp, user, discoverable, protect, exclude, verified } => {
                let excluded = self.named(rp, exclude).is_some_and(|passkey| verified || passkey.protect < 3);
                if excluded {
                    return Outcome::Refused(StatusCode::CredentialExcluded);
                }
                for old in self.passkeys.iter_mut().filter(|old| (old.rp, old.user) == (rp, user)) {
                    old.lives &= !(discoverable && old.discoverable);
                }
                let name = format!("user {user}");
                self.passkeys.push(Passkey { rp, user, name, discoverable, protect, lives: true });
                Outcome::Made
            }
            Step::Get { rp, allow, verified } => {
                let listed = allow.is_some();
                let tells = |passkey: &Passkey| match passkey.protect {
                    1 => true,
                    2 => listed || verified,
                    _ => verified,
                };
                let offered = |n: &usize| if listed { allow == Some(*n) } else { self.passkeys[*n].discoverable };
                let matching = (0..self.passkeys.len()).filter(|n| self.passkeys[*n].is_of(rp) && offered(n));
                self.waiting = matching.filter(|n| tells(&self.passkeys[*n])).map(|n| (n, verified)).collect();
                let total = i64::try_from(self.waiting.len()).unwrap();
                match self.waiting.pop() {
                    Some((newest, verified)) => Outcome::Signed(newest, verified, total),
                    None => Outcome::Refused(StatusCode::NoCredentials),
                }
            }
            Step::GetNext => {
                self.waiting = waiting;
                match self.waiting.pop() {
                    Some((next, verified)) => Outcome::Signed(next, verified, 1),
                    None => Outcome::Refused(StatusCode::NotAllowed),
                }
            }
            Step::Enumerate { rp } => {
                let shown = self.passkeys.iter().enumerate();
                let shown = shown.filter(|(_, passkey)| passkey.is_of(rp) && passkey.discoverable);
                let shown: Vec<_> = shown.map(|(n, passkey)| (n, passkey.name.clone())).collect();
                if shown.is_empty() { Outcome::Refused(StatusCode::NoCredentials) } else { Outcome::Listed(shown) }
            }
            Step::Delete(which) => self.managed(which, |passkey| passkey.lives = false),
            Step::Rename { which, name } => self.managed(which, |passkey| passkey.name = format!("name {name}")),
            Step::Reopen | Step::Kill => Outcome::Done,
        }
    }

    fn named(&self, rp: u8, which: Option<usize>) -> Option<&Passkey> {
        self.passkeys.get(which?).filter(|passkey| passkey.is_of(rp))
    }

    fn managed(&mut self, which: usize, change: impl FnOnce(&mut Passkey)) -> Outcome {
        match self.passkeys.get_mut(which).filter(|passkey| passkey.lives && passkey.discoverable) {
            Some(passkey) => {
                change(passkey);
                Outcome::Done
            }
            None => Outcome::Refused(StatusCode::NoCredentials),
        }
    }
}

impl Passkey {
    fn is_of(&self, rp: u8) -> bool {
        self.lives && self.rp == rp
    }
}
