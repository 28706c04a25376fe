//! The two ceremonies as the server sees them: `start` gives options and a ticket, `finish` takes the ticket back with
//! the browser's answer. A ticket works once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, WebauthnError,
};

use super::{Facts, Outcome, Refusal, Shared, locked};

type Answer = Result<Json<Value>, Refusal>;

/// The accounts, and the ceremonies that have begun.
#[derive(Default)]
pub(super) struct Store {
    accounts: HashMap<Uuid, Account>,
    begun: HashMap<Uuid, Ceremony>,
}

struct Account {
    user_name: String,
    passkeys: Vec<Passkey>,
}

enum Ceremony {
    Register { user: Uuid, user_name: String, state: Box<PasskeyRegistration> },
    SignIn { user_name: String, state: Box<PasskeyAuthentication> },
    SignInByAny { state: Box<DiscoverableAuthentication> },
}

/// What `start` is told. Without a name, sign-in is by whichever passkey the user picks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Start {
    #[serde(default)]
    user_name: String,
}

/// What `finish` is told: the ticket of `start`, and the credential as L3 §5.1's `toJSON()` gives it.
#[derive(Deserialize)]
pub(super) struct Finish {
    ticket: Uuid,
    credential: Value,
}

pub(super) async fn register_start(State(shared): State<Arc<Shared>>, Json(start): Json<Start>) -> Answer {
    let user_name = start.user_name.trim().to_owned();
    if user_name.is_empty() || user_name.len() > 64 {
        return Err(Refusal(StatusCode::BAD_REQUEST, "A user name has 1 to 64 bytes.".to_owned()));
    }
    let mut store = locked(&shared.store);
    let (user, passkeys) =
        store.account(&user_name).map_or((Uuid::new_v4(), Vec::new()), |(id, account)| (id, account.ids()));
    let (options, state) = shared
        .webauthn
        .start_passkey_registration(user, &user_name, &user_name, Some(passkeys))
        .map_err(|error| server_fault(&error))?;
    let mut options = json!(options.public_key);
    // webauthn-rs leaves this open; a passkey is a discoverable credential, and sign-in without a name needs one.
    options["authenticatorSelection"]["residentKey"] = json!("required");
    options["authenticatorSelection"]["requireResidentKey"] = json!(true);
    let ticket = store.begin(Ceremony::Register { user, user_name, state: Box::new(state) });
    Ok(Json(json!({ "ticket": ticket, "options": options })))
}

pub(super) async fn register_finish(State(shared): State<Arc<Shared>>, Json(finish): Json<Finish>) -> Answer {
    let Some(Ceremony::Register { user, user_name, state }) = locked(&shared.store).begun.remove(&finish.ticket) else {
        return shared.refuse("register", None, "no registration with this ticket has begun");
    };
    let facts = Facts::of_registration(&finish.credential);
    let passkey = serde_json::from_value::<RegisterPublicKeyCredential>(finish.credential)
        .map_err(|error| format!("not a RegistrationResponseJSON: {error}"))
        .and_then(|credential| {
            shared.webauthn.finish_passkey_registration(&credential, &state).map_err(|error| error.to_string())
        });
    match passkey {
        Ok(passkey) => {
            let account = || Account { user_name: user_name.clone(), passkeys: Vec::new() };
            locked(&shared.store).accounts.entry(user).or_insert_with(account).passkeys.push(passkey);
            shared.accept("register", user_name, facts)
        }
        Err(reason) => shared.refuse("register", Some(user_name), &reason),
    }
}

pub(super) async fn signin_start(State(shared): State<Arc<Shared>>, Json(start): Json<Start>) -> Answer {
    let user_name = start.user_name.trim().to_owned();
    let mut store = locked(&shared.store);
    let (options, ceremony) = if user_name.is_empty() {
        let (mut options, state) =
            shared.webauthn.start_discoverable_authentication().map_err(|error| server_fault(&error))?;
        options.mediation = None; // webauthn-rs asks for autofill; this page has a button
        (options, Ceremony::SignInByAny { state: Box::new(state) })
    } else {
        let Some((_, account)) = store.account(&user_name) else {
            return Err(Refusal(
                StatusCode::NOT_FOUND,
                format!("No account is called “{user_name}” here. Create a passkey first."),
            ));
        };
        let (options, state) =
            shared.webauthn.start_passkey_authentication(&account.passkeys).map_err(|error| server_fault(&error))?;
        (options, Ceremony::SignIn { user_name, state: Box::new(state) })
    };
    let ticket = store.begin(ceremony);
    Ok(Json(json!({ "ticket": ticket, "options": options.public_key })))
}

pub(super) async fn signin_finish(State(shared): State<Arc<Shared>>, Json(finish): Json<Finish>) -> Answer {
    let ceremony = locked(&shared.store).begun.remove(&finish.ticket);
    let facts = Facts::of_sign_in(&finish.credential);
    let credential = match serde_json::from_value::<PublicKeyCredential>(finish.credential) {
        Ok(credential) => credential,
        Err(error) => return shared.refuse("signin", None, &format!("not an AuthenticationResponseJSON: {error}")),
    };
    let (user_name, result) = match ceremony {
        Some(Ceremony::SignIn { user_name, state }) => {
            (Some(user_name), shared.webauthn.finish_passkey_authentication(&credential, &state).map(|_| ()))
        }
        Some(Ceremony::SignInByAny { state }) => shared.finish_by_any(&credential, *state),
        _ => return shared.refuse("signin", None, "no sign-in with this ticket has begun"),
    };
    match (user_name, result) {
        (Some(user_name), Ok(())) => shared.accept("signin", user_name, facts),
        (user_name, Err(error)) => shared.refuse("signin", user_name, &error.to_string()),
        (None, Ok(())) => shared.refuse("signin", None, "the passkey belongs to no account"),
    }
}

impl Shared {
    /// Who the passkey says the user is (L3 §7.2 step 6), and whether that is so.
    fn finish_by_any(
        &self,
        credential: &PublicKeyCredential,
        state: DiscoverableAuthentication,
    ) -> (Option<String>, Result<(), WebauthnError>) {
        let (user, credential_id) = match self.webauthn.identify_discoverable_authentication(credential) {
            Ok(found) => found,
            Err(error) => return (None, Err(error)),
        };
        let store = locked(&self.store);
        let Some(account) = store.accounts.get(&user) else { return (None, Err(WebauthnError::CredentialNotFound)) };
        let name = Some(account.user_name.clone());
        let Some(passkey) = account.passkeys.iter().find(|passkey| passkey.cred_id().as_slice() == credential_id)
        else {
            return (name, Err(WebauthnError::CredentialNotFound));
        };
        (name, self.webauthn.finish_discoverable_authentication_v2(credential, state, passkey).map(|_| ()))
    }

    fn accept(&self, action: &'static str, user_name: String, facts: Option<Facts>) -> Answer {
        let answer = json!({ "accepted": true, "userName": user_name, "facts": facts });
        self.remember(Outcome { action, user_name: Some(user_name), facts, refusal: None });
        Ok(Json(answer))
    }

    fn refuse(&self, action: &'static str, user_name: Option<String>, reason: &str) -> Answer {
        self.remember(Outcome { action, user_name, facts: None, refusal: Some(reason.to_owned()) });
        Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, reason.to_owned()))
    }
}

impl Store {
    fn account(&self, user_name: &str) -> Option<(Uuid, &Account)> {
        self.accounts.iter().find(|(_, account)| account.user_name == user_name).map(|(id, account)| (*id, account))
    }

    fn begin(&mut self, ceremony: Ceremony) -> Uuid {
        let ticket = Uuid::new_v4();
        self.begun.insert(ticket, ceremony);
        ticket
    }
}

impl Account {
    fn ids(&self) -> Vec<webauthn_rs::prelude::CredentialID> {
        self.passkeys.iter().map(|passkey| passkey.cred_id().clone()).collect()
    }
}

fn server_fault(error: &WebauthnError) -> Refusal {
    Refusal(StatusCode::INTERNAL_SERVER_ERROR, format!("The server could not begin: {error}"))
}
