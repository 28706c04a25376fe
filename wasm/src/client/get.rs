//! L3 §5.1.4: use an existing credential to make an assertion.
//!
//! Steps without a line here: 5 (an [`Origin`](super::Origin) is never opaque), 13 (aborting drops the future), 14 to 17
//! (there is one authenticator).

mod asked;

use std::future::pending;
use std::mem;
use std::time::Duration;

use protocol::cbor::Value;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::{Options, PublicKeyCredentialDescriptor, get_assertion};
use protocol::manage;
use protocol::webauthn::RpId;
use protocol::webauthn::client_data::CeremonyType;
use protocol::webauthn::json::{
    AuthenticationResponseJson, AuthenticatorAssertionResponseJson, PublicKeyCredentialRequestOptionsJson,
};

use self::asked::{AllowList, may_be_immediate, wants_this_authenticator};
use super::client_data::{ClientData, Standing};
use super::consent::{self, Consent};
use super::display::shown;
use super::error::{Error, NotServed, UserChoice};
use super::extensions::Assertion;
use super::host::{Host, broke};
use super::lifetime::{lifetime, within};
use super::pin::Scope;
use super::prompt::{Account, Kind, Question, Verification};
use super::request::Mediation;
use super::rp_id::VerifiedRpId;
use super::{Caller, Claimed, Environment, PageRequest, Reply, answer, request, verification};

/// `navigator.credentials.get({publicKey})` of the page `caller`.
pub async fn get(caller: &Caller, request: Claimed<PageRequest>, environment: &impl Environment) -> Reply {
    match authentication(caller, request.unwrap_claim(), environment).await {
        Ok(credential) => Reply::credential(&credential),
        Err(error) => error.into(),
    }
}

async fn authentication(
    caller: &Caller,
    request: PageRequest,
    environment: &impl Environment,
) -> Result<AuthenticationResponseJson, Error> {
    let ceremony = Ceremony::of(caller, request, environment).await?;
    let lifetime = ceremony.lifetime();
    let timer = async {
        match lifetime {
            Some(lifetime) => environment.sleep(lifetime).await,
            None => pending().await,
        }
    };
    within(timer, ceremony.run(environment)).await
}

/// Whether a conditional `get` of the page `caller` has anything to offer, and for which RP ID. Shows nothing; the page learns nothing.
pub async fn offer(caller: &Caller, request: Claimed<PageRequest>, environment: &impl Environment) -> Option<RpId> {
    let ceremony = Ceremony::of(caller, request.unwrap_claim(), environment).await.ok()?;
    if ceremony.mediation != Mediation::Conditional {
        return None;
    }
    let candidates = ceremony.candidates(environment).await.ok()?;
    ceremony.eligible(candidates).ok()?;
    Some(ceremony.rp_id().clone())
}

/// What L3 §5.1.4.1 step 20 works on.
struct Ceremony<'a> {
    mediation: Mediation,
    caller: &'a Caller,
    standing: Standing<'a>,
    options: PublicKeyCredentialRequestOptionsJson,
    rp_id: VerifiedRpId,
    allowed: AllowList,
    extensions: Assertion,
    client_data: ClientData,
}

impl<'a> Ceremony<'a> {
    async fn of(caller: &'a Caller, request: PageRequest, environment: &impl Environment) -> Result<Self, Error> {
        // L3 §5.1.4.1 steps 1–3: the options
        let (mediation, frame) = (Mediation::of(&request)?, request.frame);
        let mut options: PublicKeyCredentialRequestOptionsJson = request::options(request)?;
        may_be_immediate(mediation, caller, frame, &options)?;
        // L3 §5.9: frames
        let standing = Standing::of(caller, frame, CeremonyType::Get)?;
        // L3 §5.1.4.1 steps 6–7: the RP ID
        let rp_id = VerifiedRpId::of(&caller.origin, options.rp_id.as_deref(), environment).await?;
        // L3 §5.1.4.1 steps 8–9: extensions
        let inputs = mem::take(&mut options.extensions);
        let extensions = Assertion::of(inputs, &caller.origin, &options.allow_credentials)?;
        // L3 §5.1.4.1 steps 10–12: the client data
        let client_data = ClientData::collect(CeremonyType::Get, &options.challenge, &caller.origin, &standing);
        // L3 §5.1.4.2 step 3: the allow list
        let allowed = AllowList::of(&options)?;
        // L3 §5.1.4.1 step 18: the hints
        wants_this_authenticator(mediation, &options)?;
        Ok(Self { mediation, caller, standing, options, rp_id, allowed, extensions, client_data })
    }

    /// L3 §5.1.4.1 steps 3–4: the timer, which a conditional request has none of.
    fn lifetime(&self) -> Option<Duration> {
        (self.mediation != Mediation::Conditional).then(|| lifetime(self.options.timeout))
    }

    async fn run(self, environment: &impl Environment) -> Result<AuthenticationResponseJson, Error> {
        match self.attempt(environment).await {
            Ok(credential) => Ok(credential),
            Err(error) => Err(consent::explain(error, self.question(&[]), environment).await),
        }
    }

    async fn attempt(&self, environment: &impl Environment) -> Result<AuthenticationResponseJson, Error> {
        let host = Host(environment);
        let candidates = self.candidates(environment).await?;
        let state = candidates.verification;
        let (accounts, verification) = self.eligible(candidates)?;
        let notice = verification::notice(verification, state);
        let question = Question { verification, notice, ..self.question(&accounts) };
        let scope = Scope { permissions: Permissions::GA | self.extensions.permissions(), rp_id: Some(self.rp_id()) };
        let consent = Consent::to(question, scope, environment).await?;
        let account = chosen(&accounts, &consent)?;
        let extensions = self.extensions.begin(&host, &account.credential_id, consent.user_verified()).await?;
        let mut response = host.get_assertion(&self.request(account, &consent, extensions.inputs())).await?;
        let large_blob_key = response.large_blob_key.take();
        let (mut credential, outputs) = self.credential(response, account, &consent)?;
        credential.client_extension_results = extensions.results(&host, &consent, outputs, large_blob_key).await?;
        Ok(credential)
    }

    /// What is held. L3 §5.1.4.1 step 3: conditional requests find what is discoverable, and the list only filters it.
    async fn candidates(&self, environment: &impl Environment) -> Result<manage::Candidates, Error> {
        let credential_ids = match self.mediation {
            Mediation::Modal => self.allowed.0.clone(),
            Mediation::Conditional | Mediation::Immediate => Vec::new(),
        };
        let looked_for =
            manage::CandidatesRequest { rp_id: self.rp_id().clone(), credential_ids, algorithms: Vec::new() };
        let answer = Host(environment).candidates(looked_for).await;
        match self.mediation {
            Mediation::Modal | Mediation::Conditional => request::before_consent(answer),
            Mediation::Immediate => request::before_silence(answer),
        }
    }

    /// L3 §5.1.4.2 step 3: what is held and allowed, less what the authenticator will not tell of (CTAP §12.1), and how the user is to be
    /// verified. Where there is nothing, the browser's own call runs, and nothing was shown.
    fn eligible(&self, candidates: manage::Candidates) -> Result<(Vec<manage::Account>, Verification), Error> {
        let mut accounts = candidates.accounts;
        accounts.retain(|account| account.rp_id == *self.rp_id() && self.allowed.allows(&account.credential_id));
        let required = self.extensions.user_verification(self.options.user_verification, &accounts);
        let verification = verification::effective(required, candidates.verification);
        let listed = self.mediation == Mediation::Modal && !self.allowed.0.is_empty();
        let verified = verification != Verification::None;
        accounts.retain(|account| account.cred_protect.tells(listed, verified));
        if accounts.is_empty() { Err(Error::NotServed(NotServed::NothingHeld)) } else { Ok((accounts, verification)) }
    }

    fn question(&self, accounts: &[manage::Account]) -> Question {
        let line = |account: &manage::Account| Account {
            credential_id: account.credential_id.clone(),
            user_name: shown(&account.user_name),
            user_display_name: shown(&account.user_display_name),
            created: account.created,
            last_used: account.last_used,
        };
        Question {
            kind: Kind::Get { accounts: accounts.iter().map(line).collect() },
            rp_id: self.rp_id().clone(),
            origin: self.caller.origin.to_string(),
            top_origin: self.standing.top_origin().map(str::to_owned),
            related: self.rp_id.is_related(),
            tab: self.caller.tab,
            verification: Verification::None,
            notice: None,
        }
    }

    fn request(
        &self,
        account: &manage::Account,
        consent: &Consent,
        extensions: Option<Value>,
    ) -> get_assertion::Request {
        get_assertion::Request {
            rp_id: self.rp_id().clone(),
            client_data_hash: self.client_data.hash,
            allow_list: vec![PublicKeyCredentialDescriptor { id: account.credential_id.clone() }],
            extensions,
            options: Options { rk: None, up: Some(true), uv: None },
            pin_uv_auth: consent.authenticate(&self.client_data.hash),
        }
    }

    /// L3 §5.1.4.1 step 20, success: what the page gets, once it is known to be what was asked for; with the authenticator's outputs of
    /// extensions.
    fn credential(
        &self,
        response: get_assertion::Response,
        account: &manage::Account,
        consent: &Consent,
    ) -> Result<(AuthenticationResponseJson, Option<Value>), Error> {
        let data = answer::authenticator_data(&response.auth_data, self.rp_id(), consent.user_verified())?;
        if response.credential.id != account.credential_id {
            return Err(broke("another credential than the chosen one signed"));
        }
        if response.user.is_some_and(|user| user.id != account.user_handle) {
            return Err(broke("another user handle than the chosen one's"));
        }
        let response = AuthenticatorAssertionResponseJson {
            client_data_json: self.client_data.json.clone(),
            authenticator_data: response.auth_data,
            signature: response.signature,
            user_handle: Some(account.user_handle.clone()),
        };
        Ok((AuthenticationResponseJson::new(account.credential_id.clone(), response), data.extensions))
    }

    fn rp_id(&self) -> &RpId {
        self.rp_id.as_rp_id()
    }
}

/// The account that the user chose; a window that names none may do so only where there is one.
fn chosen<'a>(accounts: &'a [manage::Account], consent: &Consent) -> Result<&'a manage::Account, Error> {
    let account = match (&consent.chosen, accounts) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(id), _) => accounts.iter().find(|account| account.credential_id == *id),
    };
    account.ok_or(Error::User(UserChoice::Cancelled))
}

#[cfg(test)]
pub(super) mod tests;
