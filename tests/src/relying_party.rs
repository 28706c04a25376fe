//! The demo's relying party: a web server whose WebAuthn is `webauthn-rs`, code that shares nothing with ours.
//!
//! Pages: `/`. JSON, all by POST: `/register/start`, `/register/finish`, `/signin/start`, `/signin/finish`; and
//! `GET /status`, which says everything the server has accepted and refused since it started. All is in memory.

mod ceremonies;
mod facts;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use crate::site::Sites;
use ceremonies::Store;
pub use facts::Facts;

/// A relying party that listens on localhost, until it is dropped.
pub struct RelyingParty {
    shared: Arc<Shared>,
    port: u16,
    servers: Vec<tokio::task::JoinHandle<()>>,
}

/// What became of one response that a page sent to the server.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// `register` or `signin`.
    pub action: &'static str,
    /// The account it was for, as far as the server knows one.
    pub user_name: Option<String>,
    /// What the verified authenticator data says; only of an accepted response.
    pub facts: Option<Facts>,
    /// Why it was refused; only of a refused response.
    pub refusal: Option<String>,
}

struct Shared {
    webauthn: Webauthn,
    store: Mutex<Store>,
    outcomes: Mutex<Vec<Outcome>>,
}

impl RelyingParty {
    /// Listens on `localhost:port` (0: any free port), both IPv4 and IPv6 where the machine has it.
    pub async fn start(port: u16) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        let mut listeners = vec![listener];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());

        let origin = Url::parse(&format!("http://localhost:{port}"))?;
        let webauthn = WebauthnBuilder::new("localhost", &origin)?.rp_name("Keystow demo").build()?;
        let shared = Arc::new(Shared { webauthn, store: Mutex::default(), outcomes: Mutex::default() });
        let router = router(Arc::clone(&shared));
        let servers = listeners.into_iter().map(|listener| {
            let router = router.clone();
            tokio::spawn(async move {
                if let Err(error) = axum::serve(listener, router).await {
                    eprintln!("the relying party stopped: {error}");
                }
            })
        });
        let servers = servers.collect();
        Ok(Self { shared, port, servers })
    }

    /// The address of its page; its origin is this without the last slash.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    /// Everything it has accepted and refused so far, oldest first.
    pub fn outcomes(&self) -> Vec<Outcome> {
        locked(&self.shared.outcomes).clone()
    }
}

impl Sites for RelyingParty {
    fn origin(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }
}

impl Drop for RelyingParty {
    fn drop(&mut self) {
        self.servers.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Shared {
    fn remember(&self, outcome: Outcome) {
        locked(&self.outcomes).push(outcome);
    }
}

/// A poisoned lock means that another request panicked; the data is still whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(|| file("text/html; charset=utf-8", include_str!("../demo/index.html"))))
        .route("/demo.css", get(|| file("text/css", include_str!("../demo/demo.css"))))
        .route("/demo.js", get(|| file("text/javascript", include_str!("../demo/demo.js"))))
        .route("/icon.svg", get(|| file("image/svg+xml", include_str!("../../extension/icons/keystow.svg"))))
        .route("/status", get(status))
        .route("/register/start", post(ceremonies::register_start))
        .route("/register/finish", post(ceremonies::register_finish))
        .route("/signin/start", post(ceremonies::signin_start))
        .route("/signin/finish", post(ceremonies::signin_finish))
        .with_state(shared)
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}

async fn status(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let outcomes = locked(&shared.outcomes).clone();
    let (accepted, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome.refusal.is_none());
    Json(json!({ "accepted": accepted, "refused": refused }))
}

/// An answer that is not a yes: a status and a sentence.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "accepted": false, "refusal": self.1 }))).into_response()
    }
}
