//! Libraries that sites use for passkeys, unmodified, on sites of their own over https: Keystow's real window is clicked, and what
//! judges is each library's own server, or `@simplewebauthn/server` where it has none.
//!
//! Each browser plays all rows in one session. `KEYSTOW_ROW=part of a name` plays the first row (it chooses the PIN) and those
//! that match.

mod libraries {
    pub mod allauth;
    pub mod better_auth;
    pub mod simplewebauthn;
    pub mod steps;
    pub mod webauthn_json;
}

use std::future::Future;
use std::path::{Component, Path};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Path as UrlPath;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use libraries::{allauth, better_auth, simplewebauthn, webauthn_json};
use tests::browser::{Error, Kind};
use tests::stage::Stage;
use tests::tenant::Tenant;
use tests::world::World;

type Row = (&'static str, for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>);

macro_rules! rows {
    ($($module:ident::$name:ident,)*) => {
        &[$((concat!(stringify!($module), "::", stringify!($name)), |stage| Box::pin($module::$name(stage)))),*]
    };
}

/// The first row chooses the PIN that the others type.
const ROWS: &[Row] = rows![
    webauthn_json::registers_and_signs_in_by_the_first_api,
    webauthn_json::registers_and_signs_in_by_the_ponyfill,
    simplewebauthn::signs_in_by_autofill,
    simplewebauthn::a_button_takes_over_from_autofill,
    better_auth::registers_signs_out_and_signs_in,
    better_auth::signs_in_by_autofill,
    better_auth::a_cancelled_sign_in_is_told_as_such,
    allauth::adds_a_passkey_and_signs_in_with_it,
    allauth::a_passkey_is_the_second_factor,
];

#[tokio::test(flavor = "multi_thread")]
async fn chromium() -> Result<(), Error> {
    play(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn firefox() -> Result<(), Error> {
    play(Kind::Firefox).await
}

async fn play(kind: Kind) -> Result<(), Error> {
    let better_auth = Tenant::start("better-auth/server.mjs", &format!("https://{}", better_auth::HOST))?;
    let allauth = Tenant::start("allauth/site.py", allauth::HOST)?;
    let router = Router::new().route("/npm/{*path}", get(npm)).route("/{*path}", get(page)).route("/", get(index));
    let tenants = [(better_auth::HOST, better_auth.port()), (allauth::HOST, allauth.port())];
    let stage = Stage::in_world(Arc::new(World::start(router, &tenants).await?), kind).await?;
    let wanted = std::env::var("KEYSTOW_ROW").unwrap_or_default();
    let mut failures = Vec::new();
    for (number, (name, row)) in ROWS.iter().enumerate() {
        if number > 0 && !name.contains(&wanted) {
            continue;
        }
        let start = Instant::now();
        let result = row(&stage).await;
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{kind:?}: {name} ... {verdict} ({:.1} s)", start.elapsed().as_secs_f64());
        if let Err(error) = result {
            failures.push(format!("{name}\n  {error}"));
        }
    }
    stage.browser.quit().await?;
    let sentence = format!("{} of {} rows failed in {kind:?}:\n{}", failures.len(), ROWS.len(), failures.join("\n"));
    libraries::steps::ensure(failures.is_empty(), sentence)
}

async fn index() -> Response {
    file("sites/webauthn-json/index.html")
}

async fn page(UrlPath(path): UrlPath<String>) -> Response {
    match path.starts_with("simplewebauthn/") {
        true => file(&format!("sites/{path}")),
        false => file(&format!("sites/webauthn-json/{path}")),
    }
}

async fn npm(UrlPath(path): UrlPath<String>) -> Response {
    file(&format!("npm/node_modules/{path}"))
}

fn file(path: &str) -> Response {
    let path = Path::new(path);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let body = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    let kind = match path.extension().and_then(|name| name.to_str()) {
        Some("js") => "text/javascript",
        _ => "text/html; charset=utf-8",
    };
    match body {
        Ok(body) if inside => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
