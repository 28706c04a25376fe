//! `better-auth` with its plug-in `@better-auth/passkey`: client and server.

use serde_json::Value;
use tests::browser::Error;
use tests::invitation;
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;

use super::steps::{begin, consent, ensure, settled, shown, text};

/// The site's host.
pub const HOST: &str = "better-auth.test";
/// As the server gives it of an authenticator that it knows by its AAGUID; Keystow's is its own.
const AAGUID: &str = "8fbd00ba-ea22-421e-855a-db5d23b0ac05";

pub async fn registers_signs_out_and_signs_in(stage: &Stage) -> Result<(), Error> {
    stage.open(HOST).await?;
    step(stage, "signUp").await?;
    begin(stage, "begin(arguments[0])", &[text("addPasskey")]).await?;
    consent(stage).await?;
    done(stage, "addPasskey").await?;
    let passkeys = step(stage, "passkeys").await?;
    let aaguids: Vec<_> = passkeys.as_array().into_iter().flatten().map(|passkey| &passkey["aaguid"]).collect();
    // "none" attestation leaves the server zeros.
    let ours = aaguids.len() == 1 && (aaguids[0] == AAGUID || aaguids[0] == "00000000-0000-0000-0000-000000000000");
    ensure(ours, format!("the server has {passkeys}"))?;
    step(stage, "signOut").await?;
    ensure(step(stage, "session").await?.is_null(), "signing out left a session")?;

    begin(stage, "begin(arguments[0])", &[text("signInByPasskey")]).await?;
    consent(stage).await?;
    done(stage, "signInByPasskey").await?;
    let session = step(stage, "session").await?;
    ensure(session["user"]["email"] == "ada@example.com", format!("the session is {session}"))
}

/// After the row above: the account and its passkey are there.
pub async fn signs_in_by_autofill(stage: &Stage) -> Result<(), Error> {
    stage.open(HOST).await?;
    step(stage, "signOut").await?;
    begin(stage, "begin(arguments[0])", &[text("signInByAutofill")]).await?;
    invitation::take(&stage.browser, &shown(stage, "[name=email]").await?).await?;
    consent(stage).await?;
    done(stage, "signInByAutofill").await?;
    let session = step(stage, "session").await?;
    ensure(session["user"]["email"] == "ada@example.com", format!("the session is {session}"))
}

pub async fn a_cancelled_sign_in_is_told_as_such(stage: &Stage) -> Result<(), Error> {
    stage.open(HOST).await?;
    begin(stage, "begin(arguments[0])", &[text("signInByPasskey")]).await?;
    PromptWindow::appears(&stage.browser).await?.press("cancel").await?;
    let answer = settled(stage).await?;
    let code = answer["error"]["code"].as_str().unwrap_or_default();
    ensure(answer["data"].is_null() && !code.is_empty(), format!("the library made of it {answer}"))
}

/// A step without a window.
async fn step(stage: &Stage, name: &str) -> Result<Value, Error> {
    begin(stage, "begin(arguments[0])", &[text(name)]).await?;
    done(stage, name).await
}

async fn done(stage: &Stage, name: &str) -> Result<Value, Error> {
    let mut answer = settled(stage).await?;
    ensure(answer["error"].is_null(), format!("{name}: {}", answer["error"]))?;
    Ok(answer["data"].take())
}
