//! Whether the time of an answer tells what is held: one status for different reasons, asked for in turn, so that what else the machine
//! does meets all of them alike.

use std::fmt::Write;
use std::time::{Duration, Instant};

use protocol::cose::CoseAlgorithmIdentifier::Es256;
use protocol::ctap::StatusCode;
use protocol::webauthn::CredentialId;

use crate::keystow_host::{Filling, KeystowHost, Place, get_message, make_message};
use crate::table::Times;

/// What is asked, and answered by a status alone.
#[derive(Clone, Copy)]
struct Question {
    name: &'static str,
    status: StatusCode,
    message: fn(&mut Asked) -> Vec<u8>,
}

/// Who is asked.
struct Asked {
    host: KeystowHost,
    hidden: CredentialId,
}

/// Questions that none may be able to tell apart: their names and answers, and how long the answers took.
pub struct Compared(Vec<(Question, Times)>);

/// Asks each question so many times, of a vault with `size` passkeys.
pub fn measure(size: usize, rounds: usize) -> Vec<Compared> {
    let mut host = Filling::new(Es256).up_to(size, Place::Disk);
    let hidden = host.add_hidden(HIDDEN);
    let mut asked = Asked { host, hidden };
    QUESTIONS.iter().map(|questions| compare(&mut asked, questions, rounds)).collect()
}

fn compare(asked: &mut Asked, questions: &[Question], rounds: usize) -> Compared {
    let mut times = vec![Vec::with_capacity(rounds); questions.len()];
    for _ in 0..rounds {
        for (question, times) in questions.iter().zip(&mut times) {
            times.push(asked.time(question));
        }
    }
    let times = times.into_iter().map(|times| Times::of(times).expect("at least one round"));
    Compared(questions.iter().copied().zip(times).collect())
}

/// Each beside the first of its kind.
pub fn table(compared: &[Compared]) -> String {
    let mut text = "
## What the time of an answer tells

| asked | answer | µs: median (fastest) | ratio |
|---|---|---:|---:|
"
    .to_owned();
    for Compared(questions) in compared {
        for (Question { name, status, .. }, times) in questions {
            let ratio = times.ratio_to(&questions[0].1);
            let _ = writeln!(text, "| {name} | {status:?} | {times} | {ratio} |");
        }
    }
    text
}

impl Asked {
    fn time(&mut self, question: &Question) -> Duration {
        let message = (question.message)(self);
        let start = Instant::now();
        let answer = self.host.send(&message);
        let spent = start.elapsed();
        assert_eq!(answer, [question.status.byte()], "{}", question.name);
        spent
    }

    /// A credential of some relying party.
    fn held(&mut self) -> (usize, CredentialId) {
        self.host.next()
    }

    /// A credential that nobody has.
    fn nobodys(&mut self) -> CredentialId {
        let (number, _) = self.host.next();
        CredentialId::from([&number.to_be_bytes()[..], &[0; 24]].concat())
    }

    /// makeCredential that excludes these and, last, one that is here.
    fn excluding(&mut self, mut excluded: Vec<CredentialId>) -> Vec<u8> {
        let (number, own) = self.held();
        excluded.push(own);
        make_message(number, Es256, excluded)
    }
}

const QUESTIONS: [&[Question]; 3] = [
    &[
        Question {
            name: "getAssertion of a credential that nobody has",
            status: StatusCode::NoCredentials,
            message: |asked| get_message(HIDDEN, vec![asked.nobodys()]),
        },
        Question {
            name: "of another relying party's",
            status: StatusCode::NoCredentials,
            message: |asked| get_message(HIDDEN, vec![asked.held().1]),
        },
        Question {
            name: "of one that only a verified user may know of (credProtect)",
            status: StatusCode::NoCredentials,
            message: |asked| get_message(HIDDEN, vec![asked.hidden.clone()]),
        },
    ],
    &[
        Question {
            name: "getAssertion without an allow list, for a relying party that has none",
            status: StatusCode::NoCredentials,
            message: |asked| get_message(HIDDEN - 1 - asked.held().0, Vec::new()),
        },
        Question {
            name: "for one that has one that only a verified user may know of",
            status: StatusCode::NoCredentials,
            message: |_| get_message(HIDDEN, Vec::new()),
        },
    ],
    &[
        Question {
            name: "makeCredential, excluding 63 that nobody has, and one that is here",
            status: StatusCode::CredentialExcluded,
            message: |asked| {
                let excluded = (0..MANY).map(|_| asked.nobodys()).collect();
                asked.excluding(excluded)
            },
        },
        Question {
            name: "excluding 63 of other relying parties, and one that is here",
            status: StatusCode::CredentialExcluded,
            message: |asked| {
                let excluded = (0..MANY).map(|_| asked.held().1).collect();
                asked.excluding(excluded)
            },
        },
    ],
];

/// The number of the relying party whose passkey may not be known of.
const HIDDEN: usize = usize::MAX - 1;

/// As many as an exclude list takes, but for one.
const MANY: usize = 63;
