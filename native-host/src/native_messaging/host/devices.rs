//! Devices & sync, as the host serves them: what needs the user verified, what is begun, and how it stands.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::manage::sync::{Begin, Step, StorageConfig, SyncRequest, SyncState, Task};
use protocol::native_message::{Error, ErrorCode};
use protocol::webauthn::CredentialId;
use sync_engine::ids::DeviceId;

use super::super::refusal;
use super::{Host, no_home, not_open};
use crate::authenticator::{Environment, Publisher};
use crate::keychain::OsKeychain;
use crate::sync::tasks::{Broken, Tasks, ThisDevice, synced};
use crate::sync::worker::Failure;
use crate::sync::{InStep, Machine};
use crate::vault::{self, Vault};

/// Opens this machine as a device once more, for another thread.
pub type OpenDevice = Arc<dyn Fn(&Path) -> Result<Box<dyn ThisDevice>, vault::Error> + Send + Sync>;

/// What keeps this machine in step, for the authenticator.
struct Publishing(Rc<InStep>);

impl Publisher for Publishing {
    fn publish_within(&self, vault: &Vault, patience: Duration, id: &CredentialId) -> bool {
        self.0.publish_within(vault, patience, id)
    }
}

/// What the host knows of sync.
#[derive(Default)]
pub(super) struct Devices {
    open: Option<OpenDevice>,
    tasks: Tasks,
    /// To look at, never to run passes with.
    here: Option<Box<dyn ThisDevice>>,
    kept: Option<Kept>,
    in_step: Option<Rc<InStep>>,
    /// A task was begun, and is not known to be done.
    at_work: bool,
}

/// What the keychain holds, looked at now and then.
struct Kept {
    at: Instant,
    storage: Option<StorageConfig>,
    untold: Vec<DeviceId>,
    /// What it no longer holds, though a pass needs it.
    lost: Option<Failure>,
}

impl Devices {
    /// With this user's keychain.
    pub(super) fn of_this_user() -> Self {
        Self { open: Some(Arc::new(|file| Ok(Box::new(Machine::open(file, OsKeychain::new())?)))), ..Self::default() }
    }

    /// With another way to open this machine.
    pub(super) fn opened_by(open: OpenDevice) -> Self {
        Self { open: Some(open), ..Self::default() }
    }

    /// What keeps this machine in step, with the vault in `file`.
    fn in_step(&mut self, file: &Path) -> Option<Rc<InStep>> {
        if self.in_step.is_none()
            && let Some(open) = self.open.clone()
        {
            let file = file.to_owned();
            let open = move || open(&file).map_err(|error| Broken(error.to_string()));
            self.in_step = Some(Rc::new(InStep::new(Arc::new(open))));
        }
        self.in_step.clone()
    }

    /// What brings passkeys of the vault in `file` to the other devices.
    pub(super) fn publisher(&mut self, file: &Path) -> Option<Rc<dyn Publisher>> {
        self.in_step(file).map(|in_step| Rc::new(Publishing(in_step)) as Rc<dyn Publisher>)
    }

    /// Something may have changed in this vault.
    pub(super) fn nudge(&mut self, vault: &Vault) {
        if let Some(in_step) = self.in_step(vault.file()) {
            in_step.nudge(vault);
        }
    }

    fn here(&mut self, file: &Path) -> Result<Option<&mut (dyn ThisDevice + 'static)>, Error> {
        if self.here.is_none()
            && let Some(open) = &self.open
        {
            self.here = Some(open(file).map_err(|error| refusal::of_vault(&error))?);
        }
        Ok(self.here.as_deref_mut())
    }

    fn state(&mut self, file: &Path) -> Result<SyncState, Error> {
        let step = self.tasks.step();
        let Some(here) = self.here(file)? else { return Ok(SyncState { on: None, step }) };
        let Some(status) = here.status().map_err(broken)? else { return Ok(SyncState { on: None, step }) };
        let now = Instant::now();
        let is_fresh = |kept: &Kept| now.duration_since(kept.at) < FRESH;
        if !self.kept.as_ref().is_some_and(is_fresh) {
            let Some(here) = self.here.as_deref_mut() else { return Ok(SyncState { on: None, step }) };
            let storage = here.storage().map_err(broken)?;
            let lost = here.can_pass().err().map(Failure::Here);
            self.kept = Some(Kept { at: now, storage, untold: here.untold().map_err(broken)?, lost });
        }
        let kept = self.kept.as_ref();
        let storage = kept.and_then(|kept| kept.storage.as_ref());
        let untold = kept.map_or(&[][..], |kept| &kept.untold);
        let failure = self.in_step.as_ref().and_then(|in_step| in_step.failure());
        let failure = failure.or_else(|| kept.and_then(|kept| kept.lost.clone()));
        let busy = self.in_step.as_ref().is_some_and(|in_step| in_step.is_busy());
        Ok(SyncState { on: Some(synced(status, storage, untold, failure.as_ref(), busy)), step })
    }
}

impl Host {
    /// The same host, whose machine is opened otherwise than with this user's keychain.
    #[must_use]
    pub fn synchronizing_by(self, open: OpenDevice) -> Self {
        Self { devices: Devices::opened_by(open), ..self }
    }

    /// Serves a request of sync, at once: what takes time goes on beside.
    pub(super) fn sync(&mut self, request: SyncRequest) -> Result<SyncState, Error> {
        match request {
            SyncRequest::State {} => {}
            SyncRequest::Now {} => self.synchronize_now()?,
            SyncRequest::Begin(Begin { task, pin_uv_auth }) => {
                if !self.has_never_had_a_vault() {
                    self.open()?;
                    let machine = self.machine.as_ref().ok_or_else(not_open)?;
                    let authorized = self.authenticator.authorize_sync(machine, &task, pin_uv_auth.as_ref());
                    authorized.map_err(refusal::of_authorization)?;
                }
                return self.begin_verified(task);
            }
            SyncRequest::GoOn(answer) => self.devices.tasks.go_on(answer),
            SyncRequest::Leave {} => self.devices.tasks.leave(),
        }
        self.sync_state()
    }

    /// Begins a task for a user who was verified at the command line, or where nothing asks for that. Where there is no vault, one is made.
    ///
    /// # Errors
    /// Where the vault cannot be opened.
    pub fn begin_verified(&mut self, task: Task) -> Result<SyncState, Error> {
        self.open()?;
        let file = self.file.clone().ok_or_else(no_home)?;
        let open = self.devices.open.clone().ok_or_else(not_open)?;
        self.devices.kept = None;
        self.devices.at_work = true;
        self.devices.tasks.begin(task, move || open(&file).map_err(|error| Broken(error.to_string())));
        self.sync_state()
    }

    /// Synchronizes until the process is ended, and tells of each change between trouble and none. Comes back where sync is off.
    ///
    /// # Errors
    /// Where the vault cannot be opened.
    pub fn keep_in_step(&mut self, mut tell: impl FnMut(Option<&str>)) -> Result<(), Error> {
        self.open()?;
        let machine = self.machine.as_ref().ok_or_else(not_open)?;
        if let Some(in_step) = self.devices.in_step(machine.vault().file()) {
            let sentence = |failure: &Failure| failure.to_string();
            in_step.watch(machine.vault(), |failure| tell(failure.map(sentence).as_deref()));
        }
        Ok(())
    }

    fn synchronize_now(&mut self) -> Result<(), Error> {
        if self.has_never_had_a_vault() {
            return Ok(());
        }
        self.open()?;
        let machine = self.machine.as_ref().ok_or_else(not_open)?;
        if let Some(in_step) = self.devices.in_step(machine.vault().file()) {
            in_step.ask(machine.vault());
        }
        Ok(())
    }

    pub(super) fn sync_state(&mut self) -> Result<SyncState, Error> {
        if self.has_never_had_a_vault() {
            return Ok(SyncState { on: None, step: self.devices.tasks.step() });
        }
        let file = self.file.clone().ok_or_else(no_home)?;
        let state = self.devices.state(&file)?;
        if self.devices.at_work && matches!(state.step, Some(Step::Done(_))) {
            self.devices.at_work = false;
            // What troubled the passes before may be over now.
            if self.devices.in_step.as_ref().is_some_and(|in_step| in_step.failure().is_some()) {
                self.synchronize_now()?;
            }
        }
        Ok(state)
    }
}

fn broken(Broken(sentence): Broken) -> Error {
    Error::new(ErrorCode::Internal, sentence)
}

/// For how long what the keychain holds is not looked at again.
const FRESH: Duration = Duration::from_secs(2);
