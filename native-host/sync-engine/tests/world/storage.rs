//! A storage with knobs: each call may go wrong in every way that storages go wrong, and in some that only an enemy's does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use sync_engine::storage::{Answer, Folder, ObjectName, Request, Trouble};

use super::random::Random;

/// How often, of a thousand calls, each goes wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Knobs {
    /// Nothing happens, and it says so.
    pub io_error: u32,
    /// It is done, and says that it is not.
    pub lost_answer: u32,
    /// A part is written, and it says that nothing is.
    pub torn_write: u32,
    /// A list, or a read, is of a while ago.
    pub stale: u32,
    /// The machine that asked is dead before, or after, it is done.
    pub crash: u32,
    /// What is read has one bit turned.
    pub bit_flip: u32,
    /// What is read is another object.
    pub swapped: u32,
}

impl Knobs {
    /// Nothing goes wrong.
    pub const HONEST: Self =
        Self { io_error: 0, lost_answer: 0, torn_write: 0, stale: 0, crash: 0, bit_flip: 0, swapped: 0 };
    /// A bad line, and a bad server behind it.
    pub const FLAKY: Self =
        Self { io_error: 60, lost_answer: 40, torn_write: 40, stale: 80, crash: 30, bit_flip: 0, swapped: 0 };
    /// An enemy's.
    pub const EVIL: Self =
        Self { io_error: 20, lost_answer: 20, torn_write: 20, stale: 100, crash: 20, bit_flip: 60, swapped: 60 };
}

/// All objects, as they are at one moment.
pub type Objects = BTreeMap<ObjectName, Rc<Vec<u8>>>;

/// How many moments back a stale answer may be of.
const STALE_MOMENTS: usize = 24;

/// The storage that all machines share.
pub struct Storage {
    pub objects: Objects,
    pub knobs: Knobs,
    pub calls: u64,
    pub written: u64,
    pub read: u64,
    /// How often anything on it changed.
    pub changes: u64,
    /// What it keeps back from whoever asks.
    pub hidden: BTreeSet<ObjectName>,
    /// What it refuses to do.
    pub refuses: fn(&Request) -> bool,
    earlier: VecDeque<Objects>,
    random: Random,
    /// Every head that was ever put whole: no name may have two contents.
    heads: BTreeMap<ObjectName, Rc<Vec<u8>>>,
    /// Names of heads with two contents.
    pub renamed: BTreeSet<ObjectName>,
}

/// What became of a call: the answer, or the end of the machine that asked.
pub enum Outcome {
    Answered(Answer),
    Crashed,
}

impl Storage {
    pub fn new(random: Random, knobs: Knobs) -> Self {
        Self {
            objects: Objects::new(),
            knobs,
            calls: 0,
            written: 0,
            read: 0,
            changes: 0,
            hidden: BTreeSet::new(),
            refuses: |_| false,
            earlier: VecDeque::new(),
            random,
            heads: BTreeMap::new(),
            renamed: BTreeSet::new(),
        }
    }

    /// Carries out one call, or does not.
    pub fn call(&mut self, request: &Request) -> Outcome {
        self.calls += 1;
        let knobs = self.knobs;
        if self.random.per_mille(knobs.crash) {
            if self.random.per_mille(500) {
                self.carry_out(request);
            }
            return Outcome::Crashed;
        }
        if self.random.per_mille(knobs.io_error) || (self.refuses)(request) {
            return Outcome::Answered(failed("cut off"));
        }
        let answer = match request {
            Request::Put(name, bytes) if self.random.per_mille(knobs.torn_write) => {
                let part = self.random.below(bytes.len());
                self.write(name.clone(), bytes[..part].to_vec());
                failed("cut off in the middle")
            }
            Request::List(_) | Request::Get(..) if self.random.per_mille(knobs.stale) => self.stale(request),
            Request::Get(..) => self.carry_out_as_an_enemy(request),
            _ => self.carry_out(request),
        };
        let changes = matches!(request, Request::Put(..) | Request::Delete(_));
        if changes && self.random.per_mille(knobs.lost_answer) {
            return Outcome::Answered(failed("no answer"));
        }
        Outcome::Answered(answer)
    }

    fn carry_out(&mut self, request: &Request) -> Answer {
        match request {
            Request::List(_) | Request::Get(..) => {
                let answer = if self.hidden.is_empty() {
                    answer_from(&self.objects, request)
                } else {
                    let shown = self.objects.iter().filter(|(name, _)| !self.hidden.contains(name));
                    answer_from(&shown.map(|(name, bytes)| (name.clone(), bytes.clone())).collect(), request)
                };
                if let Answer::Got(bytes) = &answer {
                    self.read += bytes.len() as u64;
                }
                answer
            }
            Request::Put(name, bytes) => {
                self.written += bytes.len() as u64;
                self.note_head(name, bytes);
                self.write(name.clone(), bytes.clone());
                Answer::Done
            }
            Request::Delete(name) => {
                self.remember();
                self.objects.remove(name);
                Answer::Done
            }
        }
    }

    fn carry_out_as_an_enemy(&mut self, request: &Request) -> Answer {
        let honest = self.carry_out(request);
        let Answer::Got(mut bytes) = honest else { return honest };
        if self.random.per_mille(self.knobs.swapped) {
            let others: Vec<_> = self.objects.values().cloned().collect();
            bytes = self.random.pick(&others).map_or(bytes, |other| other.to_vec());
        }
        if self.random.per_mille(self.knobs.bit_flip) && !bytes.is_empty() {
            let at = self.random.below(bytes.len());
            bytes[at] ^= 1 << self.random.below(8);
        }
        Answer::Got(bytes)
    }

    fn stale(&mut self, request: &Request) -> Answer {
        let moment = self.random.below(self.earlier.len());
        self.earlier.get(moment).map_or_else(|| answer_from(&self.objects, request), |then| answer_from(then, request))
    }

    fn write(&mut self, name: ObjectName, bytes: Vec<u8>) {
        self.remember();
        self.objects.insert(name, Rc::new(bytes));
    }

    fn remember(&mut self) {
        self.changes += 1;
        self.earlier.push_back(self.objects.clone());
        if self.earlier.len() > STALE_MOMENTS {
            self.earlier.pop_front();
        }
    }

    fn note_head(&mut self, name: &ObjectName, bytes: &[u8]) {
        if !matches!(name, ObjectName::Head(..)) {
            return;
        }
        let first = self.heads.entry(name.clone()).or_insert_with(|| Rc::new(bytes.to_vec()));
        if **first != bytes {
            self.renamed.insert(name.clone());
        }
    }

    /// From now on it does what it is asked, at once, and has forgotten nothing.
    pub fn turn_honest(&mut self) {
        self.knobs = Knobs::HONEST;
    }
}

/// The answer of a storage that holds these objects and nothing goes wrong with.
pub fn answer_from(objects: &Objects, request: &Request) -> Answer {
    match request {
        Request::List(folder) => Answer::Listed(objects.keys().filter(|name| is_in(folder, name)).cloned().collect()),
        Request::Get(name, most) => match objects.get(name) {
            None => Answer::Absent,
            Some(bytes) if bytes.len() as u64 > *most => Answer::TooLarge,
            Some(bytes) => Answer::Got(bytes.to_vec()),
        },
        Request::Put(..) | Request::Delete(_) => failed("a copy can only be read"),
    }
}

fn is_in(folder: &Folder, name: &ObjectName) -> bool {
    match (folder, name) {
        (Folder::Heads, ObjectName::Head(..))
        | (Folder::Circles, ObjectName::Circle(_))
        | (Folder::Joins, ObjectName::Ask(_) | ObjectName::Yes(_)) => true,
        (Folder::Packs(device), ObjectName::Pack(author, _)) => device == author,
        _ => false,
    }
}

fn failed(why: &str) -> Answer {
    Answer::Failed(Trouble::Failed(why.to_owned()))
}
