//! The real host, driven as a platform drives it.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use getrandom::SysRng;
use keystow::keychain::{Keychain, KeychainError};
use keystow::native_messaging::Host;
use keystow::secret::VaultKey;
use keystow::verification::SettingsStore;
use keystow::verification::os::{Availability, Outcome as Verified, Reason, UserVerifier};
use protocol::cbor::{Fields, Value, int_map, text_map};
use protocol::ctap::client_pin::{self, Permissions};
use protocol::ctap::credential_management::Subcommand;
use protocol::ctap::extensions::CreationInputs;
use protocol::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken};
use protocol::ctap::{
    Command, Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, StatusCode,
    SubcommandRequest, get_assertion, make_credential, response_parameters,
};
use protocol::manage::{
    self, ConditionalCreate, EditRequest, HistoryRequest, ListRequest, Request, Response, RestoreRequest, Signal,
    UseKind,
};
use protocol::native_message::ErrorCode;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags, rp_id_hash};
use protocol::webauthn::{ClientDataHash, CredentialId, RpId};
use rand_core::UnwrapErr;
use tempfile::TempDir;

use crate::{Outcome, Step};

/// A host over a vault in a folder, and the passkeys made so far.
pub(crate) struct Real {
    folder: TempDir,
    host: Option<Host>,
    made: Vec<CredentialId>,
}

impl Real {
    pub(crate) fn new() -> Self {
        let mut real = Self { folder: tempfile::tempdir().unwrap(), host: None, made: Vec::new() };
        let vault = real.host().vault().unwrap();
        vault.update_settings(&mut |settings| settings.os_verification = true).unwrap();
        real
    }

    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        let outcome = match *step {
            Step::Make { .. } => self.make(step),
            Step::Get { rp, allow, verified } => self.get(rp, allow, verified),
            Step::GetNext => self.ctap(Command::GetNextAssertion, &[]).map(|answer| self.signed(&answer)),
            Step::Enumerate { rp } => self.enumerate(rp),
            Step::Delete(which) => self.manage(Subcommand::DeleteCredential, which, None),
            Step::Rename { which, name } => {
                self.manage(Subcommand::UpdateUserInformation, which, Some(format!("name {name}")))
            }
            Step::MakeUnasked { rp, user } => self.make_unasked(rp, user),
            Step::Unknown { .. } | Step::Accept { .. } | Step::Details { .. } => Ok(self.signal(step)),
            Step::Restore(which) => Ok(self.restore(which)),
            Step::Label { which, label } => Ok(self.label(which, label)),
            Step::Look(which) => Ok(self.look(which)),
            Step::Reopen => Ok(self.reopen()),
            Step::Kill => Ok(self.kill()),
        };
        outcome.unwrap_or_else(Outcome::Refused)
    }

    fn make(&mut self, step: &Step) -> Result<Outcome, StatusCode> {
        let Step::Make { rp, user, discoverable, protect, exclude, verified } = *step else { unreachable!() };
        let request = make_credential::Request {
            exclude_list: exclude.map(|which| self.descriptor(which)).into_iter().collect(),
            extensions: CreationInputs { cred_protect: Some(protect), ..CreationInputs::default() }.to_value(),
            options: Options { rk: Some(discoverable), up: None, uv: Some(verified) },
            ..creation(rp, user)
        };
        let answer = self.ctap(Command::MakeCredential, &request.to_bytes())?;
        Ok(self.made(&answer))
    }

    fn make_unasked(&mut self, rp: u8, user: u8) -> Result<Outcome, StatusCode> {
        let options = Options { rk: Some(true), up: Some(false), uv: None };
        let parameters = make_credential::Request { options, ..creation(rp, user) }.to_bytes();
        let request = Request::ConditionalCreate(ConditionalCreate { parameters });
        let Response::ConditionalCreate(made) = self.host().manage(request).unwrap() else { panic!("another answer") };
        self.host().after_answer();
        let answer = response_parameters(&made.answer)?.to_vec();
        Ok(self.made(&answer))
    }

    fn made(&mut self, answer: &[u8]) -> Outcome {
        let made = make_credential::Response::from_bytes(answer).unwrap().attestation_object;
        self.made.push(made.authenticator_data().unwrap().attested_credential_data.unwrap().credential_id);
        // The order of creation is told in milliseconds.
        thread::sleep(Duration::from_millis(2));
        Outcome::Made
    }

    fn signal(&mut self, step: &Step) -> Outcome {
        let signal = match *step {
            Step::Unknown { rp, which } => {
                Signal::UnknownCredential { rp_id: rp_id(rp), credential_id: self.descriptor(which).id }
            }
            Step::Accept { rp, user, which } => Signal::AllAcceptedCredentials {
                rp_id: rp_id(rp),
                user_id: vec![user].into(),
                all_accepted_credential_ids: vec![self.descriptor(which).id],
            },
            Step::Details { rp, user, name } => Signal::CurrentUserDetails {
                rp_id: rp_id(rp),
                user_id: vec![user].into(),
                name: format!("name {name}"),
                display_name: String::new(),
            },
            _ => unreachable!(),
        };
        assert!(matches!(self.host().manage(Request::Signal(signal)), Ok(Response::Signal(_))));
        Outcome::Done
    }

    fn restore(&mut self, which: usize) -> Outcome {
        let credential_id = self.descriptor(which).id;
        match self.host().manage(Request::Restore(RestoreRequest { credential_id })) {
            Ok(_) => Outcome::Done,
            Err(error) if error.code == ErrorCode::NotFound => Outcome::Nothing,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn label(&mut self, which: usize, label: u8) -> Outcome {
        let label = Some(if label == 0 { String::new() } else { format!("label {label}") });
        let request = EditRequest { credential_id: self.descriptor(which).id, label, note: None };
        match self.host().manage(Request::Edit(request)) {
            Ok(_) => Outcome::Done,
            Err(error) if error.code == ErrorCode::NotFound => Outcome::Nothing,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn look(&mut self, which: usize) -> Outcome {
        let credential_id = self.descriptor(which).id;
        let Ok(Response::List(list)) = self.host().manage(Request::List(ListRequest::default())) else {
            panic!("no list")
        };
        let here = list.accounts.into_iter().find(|account| account.credential_id == credential_id);
        match self.host().manage(Request::History(HistoryRequest { credential_id })) {
            Ok(Response::History(history)) => {
                let uses = history.uses.iter();
                let uses =
                    uses.map(|used| (used.kind == UseKind::SignedIn, used.verified == manage::Verified::BuiltIn));
                Outcome::Seen(here.map(|account| account.label), uses.collect())
            }
            Err(error) if error.code == ErrorCode::NotFound => Outcome::Nothing,
            other => panic!("{other:?}"),
        }
    }

    fn get(&mut self, rp: u8, allow: Option<usize>, verified: bool) -> Result<Outcome, StatusCode> {
        let request = get_assertion::Request {
            rp_id: rp_id(rp),
            client_data_hash: HASH,
            allow_list: allow.map(|which| self.descriptor(which)).into_iter().collect(),
            extensions: None,
            options: Options { rk: None, up: None, uv: Some(verified) },
            pin_uv_auth: None,
        };
        self.ctap(Command::GetAssertion, &request.to_bytes()).map(|answer| self.signed(&answer))
    }

    fn signed(&self, answer: &[u8]) -> Outcome {
        let response = get_assertion::Response::from_bytes(answer).unwrap();
        // Which passkey was used last is told in milliseconds too.
        thread::sleep(Duration::from_millis(2));
        let verified = AuthenticatorData::from_bytes(&response.auth_data).unwrap().flags.contains(Flags::UV);
        Outcome::Signed(self.number(&response.credential.id), verified, response.number_of_credentials.unwrap_or(1))
    }

    fn enumerate(&mut self, rp: u8) -> Result<Outcome, StatusCode> {
        let hash = int_map([(1, Some(rp_id_hash(&rp_id(rp)).to_vec().into()))]);
        let mut answer = self.management(Subcommand::EnumerateCredentialsBegin, hash)?;
        let mut listed = Vec::new();
        loop {
            let mut fields = Fields::decode(&answer, "credential").unwrap();
            let id = fields.map(7, "id").unwrap().unwrap().bytes("id", "id").unwrap().unwrap();
            let name = fields.map(6, "user").unwrap().unwrap().text("name", "name").unwrap().unwrap();
            listed.push((self.number(&id.into()), name));
            let next = SubcommandRequest {
                subcommand: Subcommand::EnumerateCredentialsGetNextCredential.number(),
                ..SubcommandRequest::default()
            };
            match self.ctap(Command::CredentialManagement, &next.to_bytes()) {
                Ok(next) => answer = next,
                Err(StatusCode::NotAllowed) => return Ok(Outcome::Listed(listed)),
                Err(status) => return Err(status),
            }
        }
    }

    fn manage(&mut self, subcommand: Subcommand, which: usize, name: Option<String>) -> Result<Outcome, StatusCode> {
        let descriptor = self.descriptor(which);
        let user = name.map(|name| {
            let handle = self.handle_of(&descriptor.id);
            text_map([("id", Some(handle.into())), ("name", Some(name.into()))])
        });
        let parameters = int_map([(2, Some(descriptor.to_value())), (3, user)]);
        self.management(subcommand, parameters).map(|_| Outcome::Done)
    }

    /// With a token that the OS's yes gives.
    fn management(&mut self, subcommand: Subcommand, parameters: Value) -> Result<Vec<u8>, StatusCode> {
        let token = self.token();
        let mut request =
            SubcommandRequest { subcommand: subcommand.number(), parameters: Some(parameters), pin_uv_auth: None };
        let param = token.authenticate(&request.authenticated_message(Command::CredentialManagement));
        request.pin_uv_auth = Some(PinUvAuth { param, protocol: Some(2) });
        self.ctap(Command::CredentialManagement, &request.to_bytes())
    }

    fn token(&mut self) -> PinUvAuthToken {
        let protocol = PinUvAuthProtocol::Two;
        let mut request = client_pin::Request {
            pin_uv_auth_protocol: Some(protocol.number()),
            subcommand: client_pin::Subcommand::GetKeyAgreement.number(),
            ..client_pin::Request::default()
        };
        let answer = self.ctap(Command::ClientPin, &request.to_bytes()).unwrap();
        let authenticator = client_pin::Response::from_bytes(&answer).unwrap().key_agreement.unwrap();
        let platform = KeyAgreementKey::generate(&mut UnwrapErr(SysRng));
        let secret = platform.shared_secret(protocol, &authenticator).unwrap();
        request.subcommand = client_pin::Subcommand::GetPinUvAuthTokenUsingUvWithPermissions.number();
        request.key_agreement = Some(platform.public());
        request.permissions = Some(Permissions::CM.bits().into());
        let answer = self.ctap(Command::ClientPin, &request.to_bytes()).unwrap();
        let encrypted = client_pin::Response::from_bytes(&answer).unwrap().pin_uv_auth_token.unwrap();
        PinUvAuthToken::decrypt(&encrypted, &secret).unwrap()
    }

    fn reopen(&mut self) -> Outcome {
        self.host = None;
        Outcome::Done
    }

    /// The files as they are now, in a folder of their own; the old host never gets to tidy up.
    fn kill(&mut self) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        for file in fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        std::mem::forget(self.host.take());
        self.folder = folder;
        Outcome::Done
    }

    fn ctap(&mut self, command: Command, parameters: &[u8]) -> Result<Vec<u8>, StatusCode> {
        let answer = self.host().ctap(&command.message(parameters)).unwrap();
        // As the host does once the answer is on its way.
        self.host().after_answer();
        response_parameters(&answer).map(<[u8]>::to_vec)
    }

    fn host(&mut self) -> &mut Host {
        let file: PathBuf = self.folder.path().join("vault.db");
        self.host.get_or_insert_with(|| Host::over(file, SameKey).verifying_by(SaysYes))
    }

    /// A passkey that was never made has an ID that no passkey has.
    fn descriptor(&self, which: usize) -> PublicKeyCredentialDescriptor {
        let id = self.made.get(which).cloned();
        PublicKeyCredentialDescriptor { id: id.unwrap_or_else(|| CredentialId::from(vec![which as u8; 16])) }
    }

    fn number(&self, id: &CredentialId) -> usize {
        self.made.iter().position(|made| made == id).unwrap()
    }

    /// The user handle, which a platform has from enumerating; any other for what is not there.
    fn handle_of(&mut self, id: &CredentialId) -> Vec<u8> {
        let source = self.host().vault().unwrap().get(id).unwrap();
        source.map_or_else(|| vec![9], |source| source.user_handle.as_bytes().to_vec())
    }
}

fn creation(rp: u8, user: u8) -> make_credential::Request {
    make_credential::Request {
        client_data_hash: HASH,
        rp_id: rp_id(rp),
        rp_name: None,
        user: PublicKeyCredentialUserEntity {
            id: vec![user].into(),
            name: Some(format!("user {user}")),
            display_name: None,
        },
        algorithms: vec![-7],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth: None,
        enterprise_attestation: None,
        attestation_formats: Vec::new(),
    }
}

fn rp_id(rp: u8) -> RpId {
    format!("site{rp}.example").into()
}

const HASH: ClientDataHash = ClientDataHash([0xcd; 32]);

/// The OS of someone who always proves to be there.
struct SaysYes;

impl UserVerifier for SaysYes {
    fn is_supported(&self) -> bool {
        true
    }

    fn availability(&self) -> Availability {
        Availability::Ready
    }

    fn verify(&self, _: Reason<'_>) -> Verified {
        Verified::Verified
    }
}

/// A keychain whose key outlives every host.
struct SameKey;

impl Keychain for SameKey {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(VaultKey::from_slice(&[7; 32]))
    }

    fn store(&self, _: &VaultKey) -> Result<(), KeychainError> {
        Ok(())
    }
}
