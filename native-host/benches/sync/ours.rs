//! Keystow's own courses.

use protocol::manage::sync::StorageConfig;
use sync_engine::engine::{Outcome, Task};

use crate::Costs;
use crate::cost::{Cost, Meter, median};
use crate::device::{Device, admit, paper_key};
use crate::filling::fill;

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Course {
    /// Sync is turned on where the passkeys are.
    FirstPublish,
    /// Nothing has changed anywhere.
    Idle,
    /// One passkey was renamed here.
    ChangeWritten,
    /// The other device learns of it, and says so: once an hour at most.
    ChangeReadFirst,
    /// The other device learns of a further one.
    ChangeRead,
    /// A device that was let in gets all passkeys.
    Join,
    /// A new machine looks what the recovery key opens, and gets all passkeys.
    Recover,
}

/// All of them, of a vault with so many passkeys.
pub fn measure(config: &StorageConfig, meter: &Meter, size: usize) -> Costs {
    let device = |name| Device::new(name, config).opening(meter.opener());
    let (words, paper) = paper_key();
    let laptop = device("Laptop");
    let renamed = fill(&laptop, size);
    let found = Task::Found { name: "Laptop".to_owned(), paper };
    let first = meter.cost(|| assert_eq!(laptop.runs(found), Outcome::Done));
    laptop.syncs();
    let idle = median((0..TIMES).map(|_| meter.cost(|| laptop.syncs())).collect());

    let desktop = device("Desktop");
    let (code, _) = admit(&laptop, &desktop);
    let join = meter.cost(|| has_joined(&desktop.runs(Task::AwaitYes { code: code() }), size));
    desktop.syncs();
    laptop.syncs();
    assert_eq!(laptop.runs(Task::Close { code: code() }), Outcome::Done);
    let (mut written, mut read) = (Vec::new(), Vec::new());
    for (number, id) in renamed.iter().enumerate() {
        laptop.labels(id, &format!("Renamed {number}"));
        written.push(meter.cost(|| laptop.syncs()));
        read.push(meter.cost(|| desktop.syncs()));
        assert_eq!(desktop.label_of(id), format!("Renamed {number}"));
    }
    let read_first = read.remove(0);
    let phone = device("Phone");
    let recover = meter.cost(|| phone.recovers(&words, size as u64));
    let costs: [(Course, Cost); 7] = [
        (Course::FirstPublish, first),
        (Course::Idle, idle),
        (Course::ChangeWritten, median(written)),
        (Course::ChangeReadFirst, read_first),
        (Course::ChangeRead, median(read)),
        (Course::Join, join),
        (Course::Recover, recover),
    ];
    costs.into()
}

fn has_joined(outcome: &Outcome, size: usize) {
    assert!(matches!(outcome, Outcome::Joined { records } if *records == size as u64), "{outcome:?}");
}

/// So often is measured what is quick.
const TIMES: usize = 7;
