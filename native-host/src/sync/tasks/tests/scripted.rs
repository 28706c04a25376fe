//! A device whose storage does what a test says, and which remembers what was asked of it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use protocol::manage::sync::{GoOn, Secret, Step, StorageConfig, Task};
use sync_engine::engine::{self, DeviceStatus, Outcome, Refusal, Report, Status};
use sync_engine::ids::{DeviceId, VaultId};
use sync_engine::keys::PaperKey;
use sync_engine::storage::Trouble;

use crate::sync::tasks::{Broken, Tasks, ThisDevice};

/// The recovery key of the vault.
pub const PAPER: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                         abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

/// What the device is like, and what was asked of it.
pub struct World {
    pub now: u64,
    pub status: Option<Status>,
    pub storage: Option<StorageConfig>,
    pub told: Option<StorageConfig>,
    pub untold: Vec<DeviceId>,
    /// The passes, by name; those over a storage that is only tried have a `?`.
    pub passes: Vec<&'static str>,
}

type Storage = Box<dyn FnMut(&mut World, &engine::Task) -> Report + Send>;

/// A scripted device. Clones are the same one.
#[derive(Clone)]
pub struct Scripted(Arc<Mutex<(World, Storage)>>);

impl Scripted {
    /// Sync is off, or on with these devices, this one first.
    pub fn new(
        devices: &[DeviceStatus],
        storage: impl FnMut(&mut World, &engine::Task) -> Report + Send + 'static,
    ) -> Self {
        let on = !devices.is_empty();
        let world = World {
            now: 1_000,
            status: on.then(|| status(devices)),
            storage: on.then(|| folder("/old")),
            told: None,
            untold: Vec::new(),
            passes: Vec::new(),
        };
        Self(Arc::new(Mutex::new((world, Box::new(storage)))))
    }

    /// Looks at the world.
    pub fn see<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.lock().0)
    }

    /// Begins a task on this device.
    pub fn begin(&self, task: Task) -> Tasks {
        let mut tasks = Tasks::with_pace(Duration::ZERO);
        self.begin_in(&mut tasks, task);
        tasks
    }

    /// Begins a task in the place of another.
    pub fn begin_in(&self, tasks: &mut Tasks, task: Task) {
        let device = self.clone();
        tasks.begin(task, || Ok(Box::new(device)));
    }

    /// Does a task that asks nothing.
    pub fn do_it(&self, task: Task) -> Step {
        let tasks = self.begin(task);
        until(&tasks, |step| matches!(step, Step::Done(_) | Step::Failed { .. }))
    }

    pub fn passes(&self) -> Vec<&'static str> {
        self.see(|world| world.passes.clone())
    }

    fn lock(&self) -> MutexGuard<'_, (World, Storage)> {
        self.0.lock().unwrap()
    }
}

impl ThisDevice for Scripted {
    fn now(&self) -> u64 {
        self.see(|world| world.now)
    }

    fn run(&mut self, storage: Option<&StorageConfig>, task: engine::Task) -> Result<Report, Broken> {
        let (world, script) = &mut *self.lock();
        assert!(storage.is_some() || world.storage.is_some(), "{}: a pass over no storage", name(&task));
        world.passes.push(name(&task));
        Ok(script(world, &task))
    }

    fn has_news(&mut self) -> Result<bool, Broken> {
        Ok(false)
    }

    fn status(&mut self) -> Result<Option<Status>, Broken> {
        Ok(self.see(|world| world.status.clone()))
    }

    fn storage(&mut self) -> Result<Option<StorageConfig>, Broken> {
        Ok(self.see(|world| world.storage.clone()))
    }

    fn keep_storage(&mut self, storage: Option<&StorageConfig>) -> Result<(), Broken> {
        self.see(|world| world.storage = storage.cloned());
        Ok(())
    }

    fn tell_storage(&mut self, storage: &StorageConfig) -> Result<(), Broken> {
        self.see(|world| world.told = Some(storage.clone()));
        Ok(())
    }

    fn untold(&mut self) -> Result<Vec<DeviceId>, Broken> {
        Ok(self.see(|world| world.untold.clone()))
    }

    fn passkeys(&mut self) -> Result<u64, Broken> {
        Ok(412)
    }

    fn sites(&mut self) -> Result<Vec<String>, Broken> {
        Ok(vec!["example.com".to_owned(), "example.org".to_owned()])
    }

    fn name(&self) -> String {
        "this-machine".to_owned()
    }
}

/// The first step that is one of these; it must come.
pub fn until(tasks: &Tasks, wanted: impl Fn(&Step) -> bool) -> Step {
    let begun = Instant::now();
    loop {
        let step = tasks.step();
        if let Some(step) = step.as_ref().filter(|step| wanted(step)) {
            return step.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it stays at {step:?}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Goes on at the recovery key with the right two words, and gives all of them.
pub fn write_down(tasks: &Tasks) -> String {
    let (words, asked) = recovery_key(tasks, false);
    tasks.go_on(GoOn::Words(asked.map(|number| word(&words, number))));
    words
}

/// The words shown, and the numbers of those asked for.
pub fn recovery_key(tasks: &Tasks, wrong: bool) -> (String, [u8; 2]) {
    let is_it = |step: &Step| matches!(step, Step::RecoveryKey { wrong: told, .. } if *told == wrong);
    match until(tasks, is_it) {
        Step::RecoveryKey { words, asked, .. } => (words.expose_secret().to_owned(), asked),
        step => panic!("{step:?}"),
    }
}

pub fn word(words: &str, number: u8) -> Secret {
    Secret::new(words.split(' ').nth(usize::from(number) - 1).unwrap().to_owned())
}

pub fn folder(path: &str) -> StorageConfig {
    StorageConfig::Folder { path: path.to_owned() }
}

/// A device that this one may remove.
pub fn device(number: u8, name: &str) -> DeviceStatus {
    DeviceStatus {
        id: id(number),
        name: name.to_owned(),
        here: number == 0,
        seen: Some(5),
        removable: true,
        invited: Vec::new(),
        has_all: true,
    }
}

pub fn id(number: u8) -> DeviceId {
    DeviceId::from_slice(&[number; DeviceId::SIZE]).unwrap()
}

pub fn status(devices: &[DeviceStatus]) -> Status {
    Status {
        vault: VaultId::from_slice(&[7; VaultId::SIZE]).unwrap(),
        devices: devices.to_vec(),
        papers: vec![PaperKey::from_words(PAPER).unwrap().identity().id()],
        alarms: Vec::new(),
        removed: false,
        last: None,
        pending: 0,
        removing: Vec::new(),
    }
}

pub fn came_to(outcome: Outcome) -> Report {
    Report { outcome, ..Report::default() }
}

pub fn refused(refusal: Refusal) -> Report {
    came_to(Outcome::Refused(refusal))
}

/// The storage did not do its part.
pub fn in_trouble(trouble: Trouble) -> Report {
    Report { outcome: Outcome::NotYet, trouble: Some(trouble), ..Report::default() }
}

pub fn name(task: &engine::Task) -> &'static str {
    match task {
        engine::Task::Sync => "sync",
        engine::Task::Check => "check",
        engine::Task::Found { .. } => "found",
        engine::Task::Ask { .. } => "ask",
        engine::Task::AwaitYes { .. } => "await yes",
        engine::Task::AwaitAsk { .. } => "await ask",
        engine::Task::Admit { .. } => "admit",
        engine::Task::Decline { .. } => "decline",
        engine::Task::Close { .. } => "close",
        engine::Task::Remove { .. } => "remove",
        engine::Task::Look { .. } => "look",
        engine::Task::Recover { .. } => "recover",
        engine::Task::InvitePaper { .. } => "invite paper",
        engine::Task::Forget => "forget",
        engine::Task::StartOver { .. } => "start over",
    }
}
