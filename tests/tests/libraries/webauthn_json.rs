//! `@github/webauthn-json`: its first API and its ponyfill of the JSON methods.

use serde_json::json;
use tests::browser::Error;
use tests::judge::{Judge, Policy, Script};
use tests::stage::Stage;

use super::steps::{begin, consent, ensure, is_ours, settled};

pub async fn registers_and_signs_in_by_the_first_api(stage: &Stage) -> Result<(), Error> {
    registers_and_signs_in(stage, "first.webauthn-json.test", "first").await
}

pub async fn registers_and_signs_in_by_the_ponyfill(stage: &Stage) -> Result<(), Error> {
    registers_and_signs_in(stage, "ponyfill.webauthn-json.test", "ponyfill").await
}

async fn registers_and_signs_in(stage: &Stage, host: &str, api: &str) -> Result<(), Error> {
    let mut judge: Script = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    begin(stage, "begin(...arguments)", &[json!(api), json!("create"), options]).await?;
    consent(stage).await?;
    let answer = settled(stage).await?;
    let credential = &answer["credential"];
    ensure(is_ours(credential), format!("the page got {answer}"))?;
    ensure(judge.register(credential).await??.user_verified, "UV is not set though the PIN was typed")?;
    let supported = stage.browser.execute("return supported", vec![]).await?;
    ensure(supported.json() == true, "the library finds no WebAuthn in this browser")?;

    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    begin(stage, "begin(...arguments)", &[json!(api), json!("get"), options]).await?;
    consent(stage).await?;
    let answer = settled(stage).await?;
    let accepted = judge.sign_in(&answer["credential"]).await?.map_err(|reason| format!("{reason}: {answer}"))?;
    ensure(accepted.user == "ada", format!("{} signed in", accepted.user))
}
