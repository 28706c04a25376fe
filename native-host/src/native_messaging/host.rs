//! One session of the host: the keychain and the vault, opened once when first needed, and what the authenticator remembers.

mod devices;
mod in_order;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use protocol::manage::{self, CheckState};
use protocol::native_message::{Error, ErrorCode, is_origin};

use super::refusal;
use crate::authenticator::{Authenticator, Environment, Machine};
use crate::doctor;
use crate::keychain::{Keychain, KeychainError, OsKeychain};
use crate::manage as management;
use crate::sync;
use crate::vault::{self, Vault};
use crate::verification::os::{Interrupt, OsVerifier, UserVerifier};
use devices::Devices;

pub use devices::OpenDevice;

/// One session of the host.
pub struct Host {
    file: Option<PathBuf>,
    keychain: Box<dyn Keychain>,
    user_verifier: Rc<dyn UserVerifier>,
    machine: Option<Machine>,
    authenticator: Authenticator,
    interrupt: Interrupt,
    devices: Devices,
    /// The browser that this session serves, by name.
    browser: Option<String>,
    worn_out: bool,
}

impl Host {
    /// The host over this user's vault and keychain. Nothing is opened yet.
    pub fn of_this_user() -> Self {
        Self {
            file: vault::default_path(),
            devices: Devices::of_this_user(),
            ..Self::over(PathBuf::new(), OsKeychain::new())
        }
    }

    /// The host over the vault in `file` and another keychain.
    pub fn over(file: PathBuf, keychain: impl Keychain + 'static) -> Self {
        let interrupt = Interrupt::default();
        Self {
            file: Some(file),
            keychain: Box::new(keychain),
            user_verifier: Rc::new(OsVerifier::new().interrupted_by(interrupt.clone())),
            machine: None,
            authenticator: Authenticator::default(),
            interrupt,
            devices: Devices::default(),
            browser: None,
            worn_out: false,
        }
    }

    /// What ends a question that the user is asked, from another thread.
    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// The same host, with another way to verify the user than this machine's own.
    #[must_use]
    pub fn verifying_by(self, user_verifier: impl UserVerifier + 'static) -> Self {
        Self { user_verifier: Rc::new(user_verifier), ..self }
    }

    /// The same host, serving a browser of that name.
    #[must_use]
    pub fn used_by(self, browser: Option<String>) -> Self {
        Self { browser, ..self }
    }

    /// Serves a CTAP message: command byte and CBOR in, status byte and CBOR out.
    ///
    /// # Errors
    /// Where the vault cannot be opened. The next message tries again.
    pub fn ctap(&mut self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.ctap_for(message, None)
    }

    /// The same for a caller whose origin is to be remembered with what the message makes or uses.
    ///
    /// # Errors
    /// As [`Self::ctap`].
    pub fn ctap_for(&mut self, message: &[u8], origin: Option<&str>) -> Result<Vec<u8>, Error> {
        self.open()?;
        let machine = self.machine.as_mut().ok_or_else(not_open)?;
        let answer = self.authenticator.process(machine, message);
        self.authenticator.used_by(self.browser.as_deref(), origin);
        Ok(answer)
    }

    /// The same for a private window: it is not remembered when a passkey was used, nor for what.
    ///
    /// # Errors
    /// As [`Self::ctap`].
    pub fn ctap_in_private(&mut self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let answer = self.ctap(message);
        self.authenticator.forget_use();
        answer
    }

    /// Serves a `manage` request. Where there has never been a vault none is made, and the keychain is left alone: nothing is held. Only a
    /// conditional create makes one, and a setting.
    ///
    /// # Errors
    /// Where the vault cannot be opened, or the request cannot be met.
    pub fn manage(&mut self, request: manage::Request) -> Result<manage::Response, Error> {
        self.after_answer();
        self.authenticator.interrupted();
        if let manage::Request::ConditionalCreate(request) = &request {
            return self.conditional_create(request);
        }
        if let manage::Request::SetOsVerification(request) = &request {
            return self.set_os_verification(request).map(manage::Response::SetOsVerification);
        }
        if let manage::Request::Sync(request) = request {
            return self.sync(*request).map(|state| manage::Response::Sync(Box::new(state)));
        }
        if let manage::Request::Candidates(candidates) = &request {
            self.authenticator.prepare(&candidates.algorithms);
        }
        if let manage::Request::Diagnose {} = request {
            return Ok(manage::Response::Diagnose(self.diagnose(&doctor::Machine::of_this_user(Path::new("/")))));
        }
        if self.has_never_had_a_vault() {
            return management::answer_without_vault(&*self.user_verifier, &request)
                .map_err(|error| refusal::of_manage(&error));
        }
        self.open()?;
        let machine = self.machine.as_ref().ok_or_else(not_open)?;
        if let manage::Request::Earlier(request) = &request {
            let earlier = sync::earlier(machine.vault(), &request.credential_id);
            return earlier.map(manage::Response::Earlier).map_err(|error| refusal::of_vault(&error));
        }
        management::answer(machine.vault(), machine.user_verifier(), machine.now(), &request)
            .map_err(|error| refusal::of_manage(&error))
    }

    /// What is not in order on `machine`: what the doctor finds, and how sync stands where it is on.
    pub fn diagnose(&mut self, machine: &doctor::Machine) -> manage::Diagnosis {
        let mut diagnosis = doctor::examine(machine, self.file.as_deref(), &*self.keychain, &*self.user_verifier);
        self.worn_out |= diagnosis.checks.iter().any(|check| check.code == Some(ErrorCode::KeychainUnavailable.into()));
        // Without them nothing can be told, and the keychain is not to ask its user twice.
        let is_well = diagnosis.checks.iter().take(BEFORE_BROWSERS).all(|check| check.state != CheckState::Mend);
        let sync = if is_well { self.examine_sync() } else { None };
        let before_browsers = BEFORE_BROWSERS.min(diagnosis.checks.len());
        diagnosis.checks.splice(before_browsers..before_browsers, sync);
        diagnosis
    }

    fn conditional_create(&mut self, request: &manage::ConditionalCreate) -> Result<manage::Response, Error> {
        self.open()?;
        let machine = self.machine.as_mut().ok_or_else(not_open)?;
        let answer = self.authenticator.conditional_create(machine, &request.parameters);
        let origin = request.origin.as_deref().filter(|origin| is_origin(origin));
        self.authenticator.used_by(self.browser.as_deref(), origin);
        Ok(manage::Response::ConditionalCreate(manage::ConditionallyCreated { answer }))
    }

    fn set_os_verification(&mut self, request: &manage::SetOsVerification) -> Result<manage::Settings, Error> {
        self.open()?;
        let machine = self.machine.as_ref().ok_or_else(not_open)?;
        let authorized = self.authenticator.authorize_os_verification(machine, request);
        authorized.map_err(refusal::of_authorization)?;
        management::set_os_verification(machine.vault(), machine.user_verifier(), request.on)
            .map_err(|error| refusal::of_manage(&error))
    }

    /// Does what the user need not wait for; to be called once an answer is on its way. The next message does it otherwise.
    pub fn after_answer(&mut self) {
        if let Some(machine) = &mut self.machine {
            self.authenticator.after_answer(machine);
            self.devices.nudge(machine.vault());
        }
    }

    /// The vault itself, made where there is none.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn vault(&mut self) -> Result<&Vault, Error> {
        self.open()?;
        self.machine.as_ref().map(Machine::vault).ok_or_else(not_open)
    }

    /// The vault where there has ever been one. None is made, and the keychain is left alone.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn existing_vault(&mut self) -> Result<Option<&Vault>, Error> {
        if self.has_never_had_a_vault() { Ok(None) } else { self.vault().map(Some) }
    }

    /// The user has typed, at the command line, that the authenticator shall be reset: authenticatorReset is served from now on.
    ///
    /// # Errors
    /// Where the vault cannot be opened.
    pub fn confirm_reset(&mut self) -> Result<(), Error> {
        self.open()?;
        self.machine = self.machine.take().map(Machine::with_confirmed_reset);
        Ok(())
    }

    /// Whether this process can serve no more: no keychain answered, and within one process that stays so. A new one starts anew.
    pub fn is_worn_out(&self) -> bool {
        self.worn_out
    }

    fn has_never_had_a_vault(&self) -> bool {
        self.machine.is_none() && self.file.as_ref().is_some_and(|file| !file.exists())
    }

    fn open(&mut self) -> Result<(), Error> {
        if self.machine.is_some() {
            return Ok(());
        }
        let file = self.file.as_ref().ok_or_else(no_home)?;
        let opened = Vault::open_or_create(file, &*self.keychain);
        self.worn_out = matches!(opened, Err(vault::Error::Keychain(KeychainError::Unavailable(_))));
        let opened = opened.map_err(|error| refusal::of_vault(&error))?;
        let publisher = self.devices.publisher(file);
        let machine = Machine::new(opened, Rc::clone(&self.user_verifier)).published_by(publisher);
        // What is 30 days in the trash goes; where that fails now, the next session does it.
        let _ = machine.vault().purge(machine.now());
        self.machine = Some(machine);
        Ok(())
    }
}

/// Of the doctor's checks, those of Keystow itself: host, keychain, vault, user verification.
const BEFORE_BROWSERS: usize = 4;

fn no_home() -> Error {
    Error::new(
        ErrorCode::VaultUnwritable,
        "This user has no home folder to keep passkeys in. Set HOME, then try again.",
    )
}

fn not_open() -> Error {
    Error::new(
        ErrorCode::Internal,
        "Keystow made a mistake (the vault is not open). Please report it; nothing is lost.",
    )
}

#[cfg(test)]
mod tests;
