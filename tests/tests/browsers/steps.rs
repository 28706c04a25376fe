//! Steps that many rows take.

use std::time::Duration;

use serde_json::Value;
use tests::browser::Error;
use tests::judge::{Accepted, Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::{Outcome, Stage};
use thirtyfour::By;

/// The PIN of every vault here.
pub const PIN: &str = "open sesame 7";

/// Fails with a sentence unless something holds.
pub fn ensure(holds: bool, sentence: impl Into<String>) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(sentence.into().into()) }
}

/// The account `user` gets a passkey, without a PIN; the judge has accepted it. The answer is the credential's ID.
pub async fn register(stage: &Stage, judge: &mut Script, user: &str) -> Result<String, Error> {
    Ok(registered(stage, judge, user).await?["id"].as_str().unwrap_or_default().to_owned())
}

/// The same; the answer is the RegistrationResponseJSON.
pub async fn registered(stage: &Stage, judge: &mut Script, user: &str) -> Result<Value, Error> {
    let options = judge.registration_options(Policy::new(user, "discouraged")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let credential = credential(stage).await?;
    judge.register(&credential).await??;
    Ok(credential)
}

/// What the page got, which must be a credential.
pub async fn credential(stage: &Stage) -> Result<Value, Error> {
    let outcome = stage.outcome().await?;
    outcome.result.map_err(|(name, message)| format!("the page got {name}: {message}").into())
}

/// The judge accepts the sign-in that the page got.
pub async fn signed_in(stage: &Stage, judge: &mut Script) -> Result<Accepted, Error> {
    Ok(judge.sign_in(&credential(stage).await?).await??)
}

/// What the page got, which must be an error of this name.
pub async fn rejection(stage: &Stage, name: &str) -> Result<Outcome, Error> {
    let outcome = stage.outcome().await?;
    match &outcome.result {
        Err((actual, _)) if actual == name => Ok(outcome),
        other => Err(format!("the page should have got {name}, and got {other:?}").into()),
    }
}

/// Whether a RegistrationResponseJSON is Keystow's, by the AAGUID in its authenticator data.
pub fn is_ours(credential: &Value) -> bool {
    let facts = tests::relying_party::Facts::of_registration(credential);
    facts.and_then(|facts| facts.aaguid).is_some_and(|aaguid| aaguid == "8fbd00ba-ea22-421e-855a-db5d23b0ac05")
}

/// Clicks the armed consenting button, and does not wait for the window to go.
pub async fn consent(stage: &Stage) -> Result<(), Error> {
    stage.browser.find(By::Id("approve")).await?;
    for _ in 0..500 {
        let armed = stage.browser.find_all(By::Css("#approve:not([aria-disabled=true])")).await?;
        if let Some(button) = armed.first() {
            return Ok(button.click().await?);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err("the consenting button did not arm within 5 seconds".into())
}

/// Waits until the window says `words`.
pub async fn window_says(window: &PromptWindow<'_>, words: &str) -> Result<(), Error> {
    for _ in 0..250 {
        if window.text().await?.contains(words) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("the window does not say “{words}” but: {}", window.text().await?).into())
}
