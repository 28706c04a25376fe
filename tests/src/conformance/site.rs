//! The server behind every host of the pages.

use std::collections::HashMap;
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

/// What `/.well-known/webauthn` answers on a host, as a page has told it.
#[derive(Clone, Deserialize)]
struct Told {
    host: String,
    status: u16,
    #[serde(rename = "type")]
    kind: String,
    body: String,
    #[serde(default)]
    location: Option<String>,
}

#[derive(Default)]
struct Memory {
    told: HashMap<String, Told>,
    heard: HashMap<String, Vec<Value>>,
}

type Shared = Arc<Mutex<Memory>>;

/// `tests/conformance` on every host. `?header=name:value` adds a header, `?type=` and `?body=` give another document.
pub(super) fn router() -> Router {
    Router::new()
        .route("/.well-known/webauthn", get(well_known))
        .route("/tell", post(tell))
        .route("/heard", get(heard))
        .route("/cookie", get(cookie))
        .fallback(get(file))
        .with_state(Shared::default())
}

async fn tell(State(shared): State<Shared>, body: String) -> StatusCode {
    let Ok(told) = serde_json::from_str::<Told>(&body) else { return StatusCode::BAD_REQUEST };
    locked(&shared).told.insert(told.host.clone(), told);
    StatusCode::NO_CONTENT
}

/// The requests for `/.well-known/webauthn` that a host has had.
async fn heard(State(shared): State<Shared>, Query(query): Query<HashMap<String, String>>) -> Response {
    let host = query.get("host").map(String::as_str).unwrap_or_default();
    let requests = locked(&shared).heard.get(host).cloned().unwrap_or_default();
    axum::Json(requests).into_response()
}

async fn well_known(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    let request = json!({ "cookie": text(header::COOKIE), "referer": text(header::REFERER) });
    let mut memory = locked(&shared);
    memory.heard.entry(host.clone()).or_default().push(request);
    let Some(told) = memory.told.get(&host).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = (with_type(&told.kind), told.body).into_response();
    *response.status_mut() = StatusCode::from_u16(told.status).unwrap_or_default();
    if let Some(location) = told.location.and_then(|location| location.parse().ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

async fn cookie() -> Response {
    ([(header::SET_COOKIE, "seen=before; Secure; SameSite=None")], "").into_response()
}

async fn file(uri: Uri, Query(query): Query<HashMap<String, String>>) -> Response {
    let path = Path::new(uri.path().trim_start_matches('/'));
    let path = if path.as_os_str().is_empty() { Path::new("index.html") } else { path };
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let read = || std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(path)).ok();
    let Some(body) = query.get("body").map(|body| body.clone().into_bytes()).or_else(|| inside.then(read).flatten())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match path.extension().and_then(|name| name.to_str()) {
        Some("js") => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    let mut response = (with_type(query.get("type").map_or(kind, String::as_str)), body).into_response();
    if let Some((name, value)) = query.get("header").and_then(|line| line.split_once(':'))
        && let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>())
    {
        response.headers_mut().insert(name, value);
    }
    response
}

fn with_type(kind: &str) -> [(HeaderName, String); 2] {
    [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())]
}

fn locked(shared: &Shared) -> MutexGuard<'_, Memory> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
