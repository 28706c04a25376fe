//! What something costs: counted where requests are carried out, and on the wire.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keystow::sync::machine::{CarriesOut, open_storage};
use protocol::manage::sync::StorageConfig;
use sync_engine::engine::Backing;
use sync_engine::storage::{Answer, ObjectName, Request, Trouble};

use servers::{Carried, Traffic};

/// What something has cost.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// What was asked of the storage, and the bytes of objects.
    pub asked: Asked,
    /// The same on the wire.
    pub wire: Carried,
    /// From beginning to end.
    pub time: Duration,
    /// What this thread computed meanwhile: other work on the machine does not lengthen it.
    pub computed: Duration,
    /// The most memory that this process had meanwhile, more than before, KiB.
    pub memory: u64,
}

/// What was asked of a storage.
#[derive(Clone, Copy, Default)]
pub struct Asked {
    /// Lists, gets, puts and deletes.
    pub requests: u64,
    /// Bytes of the objects put.
    pub up: u64,
    /// Bytes of the objects got.
    pub down: u64,
    /// Time that it took the storage.
    pub waited: Duration,
    /// Bytes of the largest head put.
    pub head: u64,
    /// Bytes of the largest circle object put.
    pub circle: u64,
}

/// Counts what is asked of storages, and what goes over the wire to them.
#[derive(Clone, Default)]
pub struct Meter {
    asked: Arc<Mutex<Asked>>,
    wire: Arc<Traffic>,
}

struct Metered {
    storage: Box<dyn CarriesOut>,
    asked: Arc<Mutex<Asked>>,
}

impl Meter {
    pub fn over(wire: &Arc<Traffic>) -> Self {
        Self { wire: Arc::clone(wire), ..Self::default() }
    }

    /// Opens storages that are counted.
    pub fn opener(&self) -> impl Fn(&StorageConfig) -> Result<Box<dyn CarriesOut>, Trouble> + Send + use<> {
        let asked = Arc::clone(&self.asked);
        move |config| Ok(Box::new(Metered { storage: open_storage(config)?, asked: Arc::clone(&asked) }))
    }

    /// What `work` costs.
    pub fn cost(&self, work: impl FnOnce()) -> Cost {
        *self.asked.lock().unwrap() = Asked::default();
        let (before, memory, computed) = (self.wire.carried(), begin_memory(), computed_so_far());
        let begun = Instant::now();
        work();
        let (time, after) = (begun.elapsed(), self.wire.carried());
        let wire = Carried {
            requests: after.requests - before.requests,
            up: after.up - before.up,
            down: after.down - before.down,
        };
        let memory = most_memory().saturating_sub(memory);
        let computed = computed_so_far().saturating_sub(computed);
        Cost { asked: *self.asked.lock().unwrap(), wire, time, computed, memory }
    }
}

impl CarriesOut for Metered {
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let mut asked = *self.asked.lock().unwrap();
        for request in &requests {
            asked.note(request);
        }
        let begun = Instant::now();
        let answers = self.storage.carry_out(requests);
        asked.waited += begun.elapsed();
        for answer in &answers {
            if let Answer::Got(bytes) = answer {
                asked.down += bytes.len() as u64;
            }
        }
        *self.asked.lock().unwrap() = asked;
        answers
    }

    fn backing(&self) -> Backing {
        self.storage.backing()
    }
}

impl Asked {
    fn note(&mut self, request: &Request) {
        self.requests += 1;
        let Request::Put(name, bytes) = request else { return };
        let length = bytes.len() as u64;
        self.up += length;
        match name {
            ObjectName::Head(..) => self.head = self.head.max(length),
            ObjectName::Circle(_) => self.circle = self.circle.max(length),
            _ => {}
        }
    }
}

/// Of several that are alike, the one of median time.
pub fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.time);
    costs[costs.len() / 2]
}

/// Begins to look for the most memory, and says how much it is now, KiB. Where there is no /proc, none.
fn begin_memory() -> u64 {
    let _ = fs::write("/proc/self/clear_refs", "5");
    most_memory()
}

/// Of this thread, on a processor. Where there is no /proc, none.
fn computed_so_far() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0))
}

fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    most.and_then(|most| most.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
