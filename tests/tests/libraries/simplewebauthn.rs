//! `@simplewebauthn/browser`: what of it `tests/tests/browsers.rs` does not use.

use serde_json::json;
use tests::browser::Error;
use tests::invitation;
use tests::judge::{Judge, Policy, Script};
use tests::stage::Stage;

use super::steps::{begin, consent, ensure, is_ours, settled, shown};

pub async fn signs_in_by_autofill(stage: &Stage) -> Result<(), Error> {
    let mut judge = registered(stage, "autofill.simplewebauthn.test").await?;
    let options = judge.sign_in_options(Policy::new("nobody", "required")).await?;
    begin(stage, "begin(...arguments)", &[json!("autofill"), options]).await?;
    invitation::take(&stage.browser, &shown(stage, "[name=account]").await?).await?;
    consent(stage).await?;
    let answer = settled(stage).await?;
    let accepted = judge.sign_in(&answer["credential"]).await?.map_err(|reason| format!("{reason}: {answer}"))?;
    ensure(accepted.user == "ada", format!("{} signed in", accepted.user))
}

async fn registered(stage: &Stage, host: &str) -> Result<Script, Error> {
    stage.only_the_page().await?;
    stage.browser.goto(format!("{}/simplewebauthn/index.html", stage.origin(host))).await?;
    let mut judge = Script::simplewebauthn(host, &stage.origin(host))?;
    let supported = stage.browser.execute_async("supported.then(arguments[0])", vec![]).await?;
    ensure(supported.json() == true, "the library finds no autofill in this browser")?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    begin(stage, "begin(...arguments)", &[json!("create"), options]).await?;
    consent(stage).await?;
    let answer = settled(stage).await?;
    ensure(is_ours(&answer["credential"]), format!("the page got {answer}"))?;
    judge.register(&answer["credential"]).await??;
    Ok(judge)
}
