//! One computer, one vault, two browsers.

use std::sync::Arc;

use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::machine::Machine;
use tests::prompt_window::PromptWindow;
use tests::site::Site;
use tests::stage::Stage;

use super::steps::{PIN, credential, ensure, signed_in};

/// A passkey made in either browser signs in in the other; the PIN chosen in one is asked for by both.
pub async fn play() -> Result<(), Error> {
    let machine = Arc::new(Machine::start()?);
    let site = Arc::new(Site::start().await?);
    let chromium = Stage::on(Arc::clone(&machine), Arc::clone(&site), Kind::Chromium).await?;
    let firefox = Stage::on(machine, Arc::clone(&site), Kind::Firefox).await?;
    let mut judge = Script::simplewebauthn("localhost", &site.origin("localhost"))?;
    chromium.open("localhost").await?;
    firefox.open("localhost").await?;

    made_in_one_used_in_the_other(&mut judge, &chromium, &firefox, "ada").await?;
    made_in_one_used_in_the_other(&mut judge, &firefox, &chromium, "grace").await?;
    chromium.browser.quit().await?;
    firefox.browser.quit().await
}

async fn made_in_one_used_in_the_other(
    judge: &mut Script,
    one: &Stage,
    other: &Stage,
    user: &str,
) -> Result<(), Error> {
    let options = judge.registration_options(Policy::new(user, "required")).await?;
    one.begin("create", &options).await?;
    consent_with_pin(one).await?;
    judge.register(&credential(one).await?).await??;

    let options = judge.sign_in_options(Policy::new(user, "required")).await?;
    other.begin("get", &options).await?;
    consent_with_pin(other).await?;
    let accepted = signed_in(other, judge).await?;
    ensure(accepted.user == user && accepted.user_verified, format!("{accepted:?}"))
}

async fn consent_with_pin(stage: &Stage) -> Result<(), Error> {
    let window = PromptWindow::appears(&stage.browser).await?;
    window.enter_pin(PIN).await?;
    window.approve().await.map(|_| ())
}
