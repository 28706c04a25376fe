//! The model: what an authenticator must do, without disk, seals or CBOR.

use protocol::ctap::StatusCode;

use crate::{Outcome, Step};

/// Every passkey ever made, in order, and the assertions that may be gone on with.
#[derive(Default)]
pub(crate) struct Model {
    passkeys: Vec<Passkey>,
    waiting: Vec<(usize, bool)>,
    steps: usize,
}

struct Passkey {
    rp: u8,
    user: u8,
    name: String,
    discoverable: bool,
    protect: i64,
    state: State,
    /// What the site has changed the name from, the last last.
    earlier: Vec<String>,
    label: String,
    /// Whether it signed, and whether the user was verified.
    uses: Vec<(bool, bool)>,
    /// When it was last of interest: signed, and the time; in steps.
    recency: (bool, usize),
}

/// Where a passkey is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Here,
    Deleted,
    Replaced,
    /// A signal of the site took it away.
    Hidden,
}

impl Model {
    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        let waiting = std::mem::take(&mut self.waiting);
        self.steps += 1;
        match *step {
            Step::Make { rp, user, discoverable, protect, exclude, verified } => {
                let excluded = self.named(rp, exclude).is_some_and(|passkey| verified || passkey.protect < 3);
                if excluded {
                    return Outcome::Refused(StatusCode::CredentialExcluded);
                }
                let mut replaced: Vec<_> = self.of_account(rp, user).collect();
                replaced.retain(|old| old.state == State::Here && discoverable && old.discoverable);
                replaced.sort_by_key(|old| std::cmp::Reverse(old.recency));
                replaced.iter_mut().for_each(|old| old.state = State::Replaced);
                let label = replaced.iter().map(|old| old.label.clone()).find(|label| !label.is_empty());
                self.make(rp, user, discoverable, protect, (label.unwrap_or_default(), verified))
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
                    Some((newest, verified)) => self.signed(newest, verified, total),
                    None => Outcome::Refused(StatusCode::NoCredentials),
                }
            }
            Step::GetNext => {
                self.waiting = waiting;
                match self.waiting.pop() {
                    Some((next, verified)) => self.signed(next, verified, 1),
                    None => Outcome::Refused(StatusCode::NotAllowed),
                }
            }
            Step::Enumerate { rp } => {
                let shown = self.passkeys.iter().enumerate();
                let shown = shown.filter(|(_, passkey)| passkey.is_of(rp) && passkey.discoverable);
                let shown: Vec<_> = shown.map(|(n, passkey)| (n, passkey.name.clone())).collect();
                if shown.is_empty() { Outcome::Refused(StatusCode::NoCredentials) } else { Outcome::Listed(shown) }
            }
            Step::MakeUnasked { rp, user } => {
                let keeps_away = |passkey: &Passkey| matches!(passkey.state, State::Here | State::Deleted);
                let kept_away = self.of_account(rp, user).any(|passkey| keeps_away(passkey));
                if kept_away {
                    return Outcome::Refused(StatusCode::CredentialExcluded);
                }
                self.make(rp, user, true, 1, (String::new(), false))
            }
            Step::Unknown { .. } | Step::Accept { .. } | Step::Details { .. } => {
                self.signal(step);
                Outcome::Done
            }
            Step::Restore(which) => self.restore(which),
            Step::Label { which, label } => self.label(which, label),
            Step::Look(which) => self.passkeys.get(which).map_or(Outcome::Nothing, Passkey::seen),
            Step::Delete(which) => self.managed(which, |passkey| passkey.state = State::Deleted),
            Step::Rename { which, name } => self.managed(which, |passkey| passkey.name = format!("name {name}")),
            Step::Reopen | Step::Kill => Outcome::Done,
        }
    }

    fn make(
        &mut self,
        rp: u8,
        user: u8,
        discoverable: bool,
        protect: i64,
        (label, verified): (String, bool),
    ) -> Outcome {
        let name = format!("user {user}");
        let (state, earlier, uses) = (State::Here, Vec::new(), vec![(false, verified)]);
        let recency = (false, self.steps);
        self.passkeys.push(Passkey { rp, user, name, discoverable, protect, state, earlier, label, uses, recency });
        Outcome::Made
    }

    fn signed(&mut self, which: usize, verified: bool, total: i64) -> Outcome {
        let passkey = &mut self.passkeys[which];
        passkey.uses.push((true, verified));
        passkey.recency = (true, self.steps);
        Outcome::Signed(which, verified, total)
    }

    fn label(&mut self, which: usize, label: u8) -> Outcome {
        let here = self.passkeys.get_mut(which).filter(|passkey| passkey.state == State::Here);
        let Some(passkey) = here else { return Outcome::Nothing };
        passkey.label = if label == 0 { String::new() } else { format!("label {label}") };
        Outcome::Done
    }

    fn of_account(&mut self, rp: u8, user: u8) -> impl Iterator<Item = &mut Passkey> {
        self.passkeys.iter_mut().filter(move |passkey| (passkey.rp, passkey.user) == (rp, user))
    }

    fn signal(&mut self, step: &Step) {
        match *step {
            Step::Unknown { rp, which } => {
                for passkey in self.passkeys.get_mut(which).into_iter().filter(|passkey| passkey.is_of(rp)) {
                    passkey.state = State::Hidden;
                }
            }
            Step::Accept { rp, user, which } => {
                for (n, passkey) in self.passkeys.iter_mut().enumerate() {
                    passkey.state = match passkey.state {
                        state if (passkey.rp, passkey.user) != (rp, user) => state,
                        State::Here if n != which => State::Hidden,
                        State::Hidden if n == which => State::Here,
                        state => state,
                    };
                }
            }
            Step::Details { rp, user, name } => {
                let name = format!("name {name}");
                for passkey in self.of_account(rp, user).filter(|passkey| passkey.is_of(rp) && passkey.name != name) {
                    let earlier = std::mem::replace(&mut passkey.name, name.clone());
                    passkey.earlier.push(earlier);
                    if passkey.earlier.len() > 5 {
                        passkey.earlier.remove(1);
                    }
                }
            }
            _ => {}
        }
    }

    fn restore(&mut self, which: usize) -> Outcome {
        let Some(passkey) = self.passkeys.get_mut(which) else { return Outcome::Nothing };
        match (passkey.state, passkey.earlier.pop()) {
            (State::Here, Some(earlier)) => passkey.name = earlier,
            (State::Here, None) => return Outcome::Nothing,
            (_, earlier) => {
                passkey.earlier.extend(earlier);
                passkey.state = State::Here;
            }
        }
        Outcome::Done
    }

    fn named(&self, rp: u8, which: Option<usize>) -> Option<&Passkey> {
        self.passkeys.get(which?).filter(|passkey| passkey.is_of(rp))
    }

    fn managed(&mut self, which: usize, change: impl FnOnce(&mut Passkey)) -> Outcome {
        match self.passkeys.get_mut(which).filter(|passkey| passkey.state == State::Here && passkey.discoverable) {
            Some(passkey) => {
                change(passkey);
                Outcome::Done
            }
            None => Outcome::Refused(StatusCode::NoCredentials),
        }
    }
}

impl Passkey {
    fn seen(&self) -> Outcome {
        let here = (self.state == State::Here).then(|| self.label.clone());
        Outcome::Seen(here, self.uses.iter().rev().copied().collect())
    }

    fn is_of(&self, rp: u8) -> bool {
        self.state == State::Here && self.rp == rp
    }
}
