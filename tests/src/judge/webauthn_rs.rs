//! The judge on `webauthn-rs`, by its core, which serves every policy (the crate above it serves only its own).

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::Uuid;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AttestationConveyancePreference, AuthenticationState, COSEAlgorithm, Credential, CredentialID, PublicKeyCredential,
    RegisterPublicKeyCredential, RegistrationState, UserVerificationPolicy,
};

use super::{Accepted, Error, Judge, Policy, Verdict};

/// `webauthn-rs-core` as a relying party.
pub struct WebauthnRs {
    core: WebauthnCore,
    accounts: HashMap<String, Account>,
    registering: Option<(String, RegistrationState)>,
    signing_in: Option<AuthenticationState>,
}

struct Account {
    handle: Uuid,
    credentials: Vec<Credential>,
}

impl WebauthnRs {
    /// The relying party `rp_id` on `origin`.
    pub fn new(rp_id: &str, origin: &str) -> Result<Self, Error> {
        let timeout = Duration::from_secs(300);
        let core = WebauthnCore::new_unsafe_experts_only(
            "webauthn-rs",
            rp_id,
            vec![Url::parse(origin)?],
            timeout,
            Some(false),
            Some(false),
        );
        Ok(Self { core, accounts: HashMap::new(), registering: None, signing_in: None })
    }

    fn judge_registration(&mut self, response: &Value) -> Result<Accepted, String> {
        let (user, state) = self.registering.as_ref().ok_or("no registration has begun")?;
        let response: RegisterPublicKeyCredential = read(response)?;
        let credential = self.core.register_credential(&response, state, None).map_err(reason)?;
        let accepted = Accepted {
            user: user.clone(),
            user_verified: credential.user_verified,
            sign_count: credential.counter,
            format: json!(credential.attestation_format).as_str().map(str::to_lowercase),
            aaguid: None,
        };
        self.accounts.get_mut(user).ok_or("no such account")?.credentials.push(credential);
        Ok(accepted)
    }

    fn judge_sign_in(&self, response: &Value) -> Result<Accepted, String> {
        let state = self.signing_in.as_ref().ok_or("no sign-in has begun")?;
        let response: PublicKeyCredential = read(response)?;
        let id = response.get_credential_id();
        let of = |account: &Account| account.credentials.iter().find(|known| known.cred_id.as_slice() == id).cloned();
        let (user, credential) = self
            .accounts
            .iter()
            .find_map(|(user, account)| Some((user, of(account)?)))
            .ok_or("no account has this credential")?;
        let result = self.core.authenticate_single_credential(&response, state, &credential).map_err(reason)?;
        Ok(Accepted {
            user: user.clone(),
            user_verified: result.user_verified(),
            sign_count: result.counter(),
            format: None,
            aaguid: None,
        })
    }

    fn ids(&self, user: &str) -> Vec<CredentialID> {
        self.credentials(user).into_iter().map(|credential| credential.cred_id).collect()
    }

    fn credentials(&self, user: &str) -> Vec<Credential> {
        self.accounts.get(user).map(|account| account.credentials.clone()).unwrap_or_default()
    }
}

impl Judge for WebauthnRs {
    /// Keys of EdDSA are read, but not verified.
    fn algorithms(&self) -> &'static [i64] {
        &[-7, -35, -257]
    }

    async fn registration_options(&mut self, policy: Policy<'_>) -> Result<Value, Error> {
        let new = || Account { handle: Uuid::new_v4(), credentials: Vec::new() };
        let handle = self.accounts.entry(policy.user.to_owned()).or_insert_with(new).handle;
        let attestation = if policy.attestation == "direct" {
            AttestationConveyancePreference::Direct
        } else {
            AttestationConveyancePreference::None
        };
        let builder = self
            .core
            .new_challenge_register_builder(handle.as_bytes(), policy.user, policy.user)?
            .attestation(attestation)
            .user_verification_policy(verification(policy.user_verification)?)
            .require_resident_key(true)
            .exclude_credentials(policy.exclude.then(|| self.ids(policy.user)));
        let builder = match policy.algorithm {
            Some(number) => builder.credential_algorithms(vec![algorithm(number)?]),
            None => builder,
        };
        let (options, state) = self.core.generate_challenge_register(builder)?;
        self.registering = Some((policy.user.to_owned(), state));
        Ok(json!(options.public_key))
    }

    async fn register(&mut self, response: &Value) -> Result<Verdict, Error> {
        Ok(self.judge_registration(response))
    }

    async fn sign_in_options(&mut self, policy: Policy<'_>) -> Result<Value, Error> {
        let verification = verification(policy.user_verification)?;
        let builder =
            self.core.new_challenge_authenticate_builder(self.credentials(policy.user), Some(verification))?;
        let (options, state) = self.core.generate_challenge_authenticate(builder)?;
        self.signing_in = Some(state);
        Ok(json!(options.public_key))
    }

    async fn sign_in(&mut self, response: &Value) -> Result<Verdict, Error> {
        Ok(self.judge_sign_in(response))
    }
}

fn algorithm(number: i64) -> Result<COSEAlgorithm, Error> {
    COSEAlgorithm::try_from(i128::from(number)).map_err(|()| format!("webauthn-rs does not know {number}").into())
}

fn verification(name: &str) -> Result<UserVerificationPolicy, Error> {
    Ok(serde_json::from_value(json!(name))?)
}

fn read<T: serde::de::DeserializeOwned>(response: &Value) -> Result<T, String> {
    serde_json::from_value(response.clone()).map_err(|error| format!("not the response's JSON form: {error}"))
}

fn reason(error: WebauthnError) -> String {
    format!("{error:?}: {error}")
}
