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

/// The page waits for autofill, and the user clicks the site's own button instead.
pub async fn a_button_takes_over_from_autofill(stage: &Stage) -> Result<(), Error> {
    let mut judge = registered(stage, "button.simplewebauthn.test").await?;
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    begin(stage, "begin(...arguments)", &[json!("autofill"), options.clone()]).await?;
    // The library looks at the browser's capabilities before it calls; a button faster than that would be ended by autofill's call.
    invitation::appears(&stage.browser, &shown(stage, "[name=account]").await?).await?;
    begin(stage, "begin(...arguments)", &[json!("get"), options]).await?;
    consent(stage).await?;
    let answer = settled(stage).await?;
    judge.sign_in(&answer["credential"]).await?.map_err(|reason| format!("{reason}: {answer}"))?;
    let autofill = stage.browser.execute_async("all.at(-2).then(arguments[0])", vec![]).await?;
    let name = autofill.json()["error"]["name"].as_str().unwrap_or_default();
    ensure(name == "AbortError", format!("autofill's call came to {}", autofill.json()))
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
