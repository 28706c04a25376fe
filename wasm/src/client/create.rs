//! L3 §5.1.3: create a new credential.
//!
//! Steps without a line here: 6 (an [`Origin`](super::Origin) is never opaque), 16 (aborting drops the future), 17 and 18 (there is
//! one authenticator).

mod algorithms;
mod attestation;
mod conditional;

use std::mem;

use protocol::cbor::Value;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::{
    MAX_LIST_LENGTH, Options, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, make_credential,
};
use protocol::manage;
use protocol::webauthn::authenticator_data::AttestedCredentialData;
use protocol::webauthn::client_data::CeremonyType;
use protocol::webauthn::json::{
    AuthenticatorAttachment, AuthenticatorAttestationResponseJson, AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptionsJson, PublicKeyCredentialUserEntityJson, RegistrationResponseJson,
    ResidentKeyRequirement,
};
use protocol::webauthn::{CredentialId, RpId};

use self::algorithms::Algorithms;
use super::client_data::{ClientData, Standing};
use super::consent::{self, Consent};
use super::display::shown;
use super::error::{Error, NotServed, PageFault, UserChoice};
use super::extensions::{BegunCreation, Creation};
use super::hints::{self, Hint};
use super::host::{Host, broke};
use super::lifetime::{lifetime, within};
use super::pin::Scope;
use super::prompt::{Kind, Notice, Question, Verification};
use super::request::Mediation;
use super::rp_id::VerifiedRpId;
use super::{Caller, Claimed, Environment, PageRequest, Reply, answer, request, verification};

pub use conditional::withdraw;

/// `navigator.credentials.create({publicKey})` of the page `caller`.
pub async fn create(caller: &Caller, request: Claimed<PageRequest>, environment: &impl Environment) -> Reply {
    registration(caller, request.unwrap_claim(), environment).await.unwrap_or_else(Reply::from)
}

async fn registration(caller: &Caller, request: PageRequest, environment: &impl Environment) -> Result<Reply, Error> {
    // L3 §5.1.3 steps 1, 3: the options
    let unasked = conditional::is_wanted(Mediation::of(&request)?, caller)?;
    let frame = request.frame;
    let mut options: PublicKeyCredentialCreationOptionsJson = request::options(request)?;
    // L3 §5.1.3 step 2: frames
    let standing = Standing::of(caller, frame, CeremonyType::Create)?;
    // L3 §5.1.3 step 4: the timer
    let lifetime = lifetime(options.timeout);
    // L3 §5.1.3 step 5: the user handle
    let user = user_entity(&options.user)?;
    // L3 §5.1.3 steps 7–8: the RP ID
    let rp_id = VerifiedRpId::of(&caller.origin, options.rp.id.as_deref(), environment).await?;
    // L3 §5.1.3 steps 9–10: the algorithms
    let algorithms = Algorithms::of(&options.pub_key_cred_params)?;
    // L3 §5.1.3 steps 11–12: extensions
    let inputs = mem::take(&mut options.extensions);
    let extensions = Creation::of(inputs, &caller.origin, require_resident_key(&options.authenticator_selection))?;
    // L3 §5.1.3 steps 13–15: the client data
    let client_data = ClientData::collect(CeremonyType::Create, &options.challenge, &caller.origin, &standing);
    // L3 §5.1.3 step 20, and step 22 as far as the page chooses the authenticator
    wants_this_authenticator(&options)?;
    let ceremony = Ceremony { caller, standing, options, user, rp_id, algorithms, extensions, client_data };
    // L3 §5.1.3 step 19: conditional creation, which waits for nobody and so needs no timer
    if unasked {
        return ceremony.run_unasked(environment).await;
    }
    // L3 §5.1.3 steps 21–22: the ceremony
    let credential = within(environment.sleep(lifetime), ceremony.run(environment)).await?;
    Ok(Reply::credential(&credential))
}

/// What L3 §5.1.3 step 22 works on.
struct Ceremony<'a> {
    caller: &'a Caller,
    standing: Standing<'a>,
    options: PublicKeyCredentialCreationOptionsJson,
    user: PublicKeyCredentialUserEntity,
    rp_id: VerifiedRpId,
    algorithms: Algorithms,
    extensions: Creation,
    client_data: ClientData,
}

impl Ceremony<'_> {
    async fn run(self, environment: &impl Environment) -> Result<RegistrationResponseJson, Error> {
        let question = self.question();
        match self.attempt(question.clone(), environment).await {
            Ok(credential) => Ok(credential),
            Err(error) => Err(consent::explain(error, question, environment).await),
        }
    }

    async fn attempt(
        &self,
        question: Question,
        environment: &impl Environment,
    ) -> Result<RegistrationResponseJson, Error> {
        let host = Host(environment);
        let excluded = self.excluded();
        let candidates = request::before_consent(host.candidates(self.looked_for(&excluded)).await)?;
        let in_the_way = candidates.accounts.iter().filter(|account| excluded.contains(&account.credential_id));
        if in_the_way.clone().any(Creation::is_told_of) {
            return Err(self.already_registered(question, environment).await);
        }
        request::before_consent(self.extensions.check_host(&host).await)?;
        let required = self.extensions.user_verification(self.options.authenticator_selection.user_verification);
        let verification = verification::effective(required, candidates.verification);
        let notice = verification::notice(verification, candidates.verification);
        let question = Question { verification, notice, ..question };
        let scope = Scope { permissions: Permissions::MC, rp_id: Some(self.rp_id()) };
        let consent = Consent::to(question, scope, environment).await?;
        let is_first = candidates.accounts.is_empty() && self.holds_none(&excluded, &host).await;
        let extensions = self.extensions.begin(&host, consent.user_verified()).await?;
        let response = host.make_credential(&self.request(Some(&consent), excluded, extensions.inputs())).await?;
        let credential = self.credential(response, Some(&consent), extensions)?;
        if is_first && !answer::is_backed_up(&credential.response.authenticator_data) {
            environment.made_the_first();
        }
        Ok(credential)
    }

    /// Whether the vault holds nothing at all for the RP ID, where none of the `excluded` is among what it holds.
    async fn holds_none(&self, excluded: &[CredentialId], host: &Host<'_, impl Environment>) -> bool {
        let all = manage::CandidatesRequest { algorithms: Vec::new(), ..self.looked_for(&[]) };
        excluded.is_empty() || host.candidates(all).await.is_ok_and(|held| held.accounts.is_empty())
    }

    /// L3 §5.1.3 step 22, InvalidStateError: only with the user's consent does the page learn that an excluded credential is here.
    async fn already_registered(&self, question: Question, environment: &impl Environment) -> Error {
        let question = Question { notice: Some(Notice::AlreadyRegistered), ..question };
        match consent::approval(&question, environment).await {
            Ok(_) => Error::User(UserChoice::AlreadyRegistered),
            Err(error) => error,
        }
    }

    fn question(&self) -> Question {
        Question {
            kind: Kind::Create {
                rp_name: shown(&self.options.rp.name),
                user_name: shown(&self.options.user.name),
                user_display_name: shown(&self.options.user.display_name),
            },
            rp_id: self.rp_id().clone(),
            origin: self.caller.origin.to_string(),
            top_origin: self.standing.top_origin().map(str::to_owned),
            related: self.rp_id.is_related(),
            tab: self.caller.tab,
            verification: Verification::None,
            notice: None,
        }
    }

    /// L3 §5.1.3 step 22, the parameters of authenticatorMakeCredential; without `consent` where nobody is asked.
    fn request(
        &self,
        consent: Option<&Consent>,
        excluded: Vec<CredentialId>,
        extensions: Option<Value>,
    ) -> make_credential::Request {
        let descriptors = excluded.into_iter().take(MAX_LIST_LENGTH).map(|id| PublicKeyCredentialDescriptor { id });
        make_credential::Request {
            client_data_hash: self.client_data.hash,
            rp_id: self.rp_id().clone(),
            rp_name: Some(self.options.rp.name.clone()),
            user: self.user.clone(),
            algorithms: self.algorithms.numbers(),
            exclude_list: descriptors.collect(),
            extensions,
            options: Options {
                rk: Some(require_resident_key(&self.options.authenticator_selection)),
                up: None,
                uv: None,
            },
            pin_uv_auth: consent.and_then(|consent| consent.authenticate(&self.client_data.hash)),
            enterprise_attestation: None,
            attestation_formats: attestation::formats(&self.options),
        }
    }

    /// L3 §5.1.3 step 22, success: what the page gets, once it is known to be what was asked for.
    fn credential(
        &self,
        response: make_credential::Response,
        consent: Option<&Consent>,
        extensions: BegunCreation<'_>,
    ) -> Result<RegistrationResponseJson, Error> {
        let (object, large_blob_key) = (response.attestation_object, response.large_blob_key);
        let data = match consent {
            Some(consent) => answer::authenticator_data(&object.auth_data, self.rp_id(), consent.user_verified())?,
            None => answer::authenticator_data_unasked(&object.auth_data, self.rp_id())?,
        };
        let attested = data.attested_credential_data.ok_or(broke("no attested credential data"))?;
        self.check(&attested)?;
        let object = attestation::conveyed(object, &attested, self.options.attestation)?;
        let public_key = attested.public_key.to_spki_der().ok_or(broke("the public key is no point"))?;
        let response = AuthenticatorAttestationResponseJson {
            client_data_json: self.client_data.json.clone(),
            attestation_object: object.to_bytes(),
            authenticator_data: object.auth_data,
            transports: TRANSPORTS.map(str::to_owned).to_vec(),
            public_key_algorithm: attested.public_key.algorithm(),
            public_key,
        };
        let mut credential = RegistrationResponseJson::new(attested.credential_id, response);
        credential.client_extension_results = extensions.results(data.extensions, large_blob_key)?;
        Ok(credential)
    }

    fn check(&self, attested: &AttestedCredentialData) -> Result<(), Error> {
        if !self.algorithms.numbers().contains(&attested.public_key.algorithm()) {
            return Err(broke("the public key's algorithm was not asked for"));
        }
        // L3 §4 credential ID: at least 16 bytes, of which 100 bits are entropy
        if attested.credential_id.as_bytes().len() < 16 || self.excluded().contains(&attested.credential_id) {
            return Err(broke("the credential ID is not a new one"));
        }
        Ok(())
    }

    /// What the host is asked for before anybody else is: the excluded credentials, and time to begin a key that takes long.
    fn looked_for(&self, excluded: &[CredentialId]) -> manage::CandidatesRequest {
        manage::CandidatesRequest {
            rp_id: self.rp_id().clone(),
            credential_ids: excluded.to_vec(),
            algorithms: self.algorithms.numbers(),
        }
    }

    fn excluded(&self) -> Vec<CredentialId> {
        let known = self.options.exclude_credentials.iter().filter(|descriptor| descriptor.is_public_key());
        known.map(|descriptor| descriptor.id.clone()).collect()
    }

    fn rp_id(&self) -> &RpId {
        self.rp_id.as_rp_id()
    }
}

/// L3 §5.1.3 step 22 `requireResidentKey`: whether the credential is to be found without its ID. What is preferred can be had here.
fn require_resident_key(selection: &AuthenticatorSelectionCriteria) -> bool {
    match selection.resident_key {
        Some(ResidentKeyRequirement::Required | ResidentKeyRequirement::Preferred) => true,
        Some(ResidentKeyRequirement::Discouraged) => false,
        None => selection.require_resident_key,
    }
}

fn user_entity(user: &PublicKeyCredentialUserEntityJson) -> Result<PublicKeyCredentialUserEntity, Error> {
    if !(1..=64).contains(&user.id.as_bytes().len()) {
        return Err(Error::Page(PageFault::UserHandleLength));
    }
    Ok(PublicKeyCredentialUserEntity {
        id: user.id.clone(),
        name: Some(user.name.clone()),
        display_name: Some(user.display_name.clone()),
    })
}

/// The first hint that is known decides (L3 §5.8.7: hints prevail), else the attachment.
fn wants_this_authenticator(options: &PublicKeyCredentialCreationOptionsJson) -> Result<(), Error> {
    let attachment = options.authenticator_selection.authenticator_attachment;
    let wants_another = match hints::first(&options.hints) {
        Some(Hint::SecurityKey | Hint::Hybrid) => true,
        Some(Hint::ClientDevice) => false,
        None => attachment == Some(AuthenticatorAttachment::CrossPlatform),
    };
    if wants_another { Err(Error::NotServed(NotServed::OtherAuthenticator)) } else { Ok(()) }
}

/// L3 §5.1.3 step 22 `[[transports]]`: on this machine, and on a phone later; in lexicographical order.
const TRANSPORTS: [&str; 2] = ["hybrid", "internal"];

#[cfg(test)]
mod tests;
