//! Relying parties that other people wrote, as judges: options out, a response in, a verdict out.
//!
//! `webauthn-rs` runs in this process; `@simplewebauthn/server` and PyPI's `webauthn` are small scripts in
//! `tests/interop`, which talk JSON lines on their standard input and output.

mod script;
mod webauthn_rs;

use std::future::Future;

use serde::Deserialize;
use serde_json::Value;

use crate::browser::Error;

pub use script::Script;
pub use webauthn_rs::WebauthnRs;

/// What a relying party asks for.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The account.
    pub user: &'a str,
    /// L3 `userVerification`: with `required`, the judge refuses a response without it.
    pub user_verification: &'a str,
    /// L3 `attestation`.
    pub attestation: &'a str,
    /// Whether a registration excludes the credentials that the account already has.
    pub exclude: bool,
    /// The one algorithm (COSE number) that is taken; `None`: those that the library takes when nothing is said.
    pub algorithm: Option<i64>,
}

impl<'a> Policy<'a> {
    /// No attestation, nothing excluded, the library's own algorithms.
    pub const fn new(user: &'a str, user_verification: &'a str) -> Self {
        Self { user, user_verification, attestation: "none", exclude: false, algorithm: None }
    }
}

/// What a relying party found in a response that it accepted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The account that the credential belongs to.
    pub user: String,
    /// UV.
    pub user_verified: bool,
    /// The signature counter.
    pub sign_count: u32,
    /// The attestation statement format; only of a registration.
    #[serde(default)]
    pub format: Option<String>,
    /// Only of a registration, and only where the library tells it.
    #[serde(default)]
    pub aaguid: Option<String>,
}

/// Accepted, or the judge's reason for refusing.
pub type Verdict = Result<Accepted, String>;

/// One relying party. It keeps the accounts, and the options it gave last for each of the two ceremonies.
pub trait Judge {
    /// Which of Keystow's algorithms (COSE numbers) the library can verify.
    fn algorithms(&self) -> &'static [i64];

    /// Options for `navigator.credentials.create()`, in their JSON form.
    fn registration_options(&mut self, policy: Policy<'_>) -> impl Future<Output = Result<Value, Error>>;

    /// Judges a RegistrationResponseJSON against the options given last.
    fn register(&mut self, response: &Value) -> impl Future<Output = Result<Verdict, Error>>;

    /// Options for `navigator.credentials.get()`. An account that has no credentials gives an empty allow list.
    fn sign_in_options(&mut self, policy: Policy<'_>) -> impl Future<Output = Result<Value, Error>>;

    /// Judges an AuthenticationResponseJSON against the options given last.
    fn sign_in(&mut self, response: &Value) -> impl Future<Output = Result<Verdict, Error>>;
}
