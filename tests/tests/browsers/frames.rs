//! Pages in frames of other sites, and pages out of sight: who may ask, and what the window and the client data say of it.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::By;

use super::steps::{credential, ensure, is_ours, register, rejection, signed_in, window_says};

const BOTH: &str = "publickey-credentials-create *; publickey-credentials-get *";

/// Where the policy allows it and, to create, the user has just acted there.
pub async fn a_frame_that_may_registers_and_signs_in(stage: &Stage, host: &str) -> Result<(), Error> {
    let framed = framed(host);
    let mut judge = judge_in_frames(stage, host, &framed)?;
    embed(stage, host, &framed, BOTH).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.browser.find(By::Id("nothing")).await?.click().await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, &stage.origin(host)).await?;
    window_says(&window, &stage.origin(&framed)).await?;
    stage.look(&window, "framed-create").await?;
    window.approve().await?;
    stage.browser.enter_frame(0).await?;
    let made = credential(stage).await?;
    ensure(is_ours(&made), "the browser answered, not Keystow")?;
    names_the_top(&made, stage, host, &framed)?;
    judge.register(&made).await??;

    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, &stage.origin(host)).await?;
    window.approve().await?;
    stage.browser.enter_frame(0).await?;
    names_the_top(&credential(stage).await?, stage, host, &framed)?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

/// No `allow` attribute: the browser's own words, and no window, though a passkey is held.
pub async fn a_frame_that_may_not_is_the_browsers(stage: &Stage, host: &str) -> Result<(), Error> {
    let framed = framed(host);
    let mut judge = stage.visit(&framed).await?;
    register(stage, &mut judge, "ada").await?;
    embed(stage, host, &framed, "").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    rejection(stage, "NotAllowedError").await?;
    let options = judge.registration_options(Policy::new("grace", "discouraged")).await?;
    stage.browser.find(By::Id("nothing")).await?.click().await?;
    stage.begin("create", &options).await?;
    rejection(stage, "NotAllowedError").await?;
    ensure(!stage.has_window().await?, "a window came up")
}

/// L3 §5.1.3 step 2.
pub async fn to_create_in_a_frame_takes_the_users_activation(stage: &Stage, host: &str) -> Result<(), Error> {
    let framed = framed(host);
    let mut judge = stage.visit(&framed).await?;
    embed(stage, host, &framed, BOTH).await?;
    let active = "return navigator.userActivation.isActive";
    let is_active = stage.browser.execute(active, vec![]).await?.json() == &json!(true);
    ensure(!is_active, "the frame is activated before anybody has touched it: nothing is shown by that")?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    rejection(stage, "NotAllowedError").await?;
    ensure(!stage.has_window().await?, "a window came up")
}

/// The frame's call waits until its page has its answer.
pub async fn a_frame_does_not_end_what_its_page_asks(stage: &Stage, host: &str) -> Result<(), Error> {
    let framed = framed(host);
    stage.open(&framed).await?;
    let mut in_the_frame = judge_in_frames(stage, host, &framed)?;
    register(stage, &mut in_the_frame, "grace").await?;
    embed(stage, host, &framed, BOTH).await?;
    stage.browser.enter_default_frame().await?;
    let mut judge = Script::simplewebauthn(host, &stage.origin(host))?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await?.back().await?;
    stage.browser.enter_frame(0).await?;
    let options = in_the_frame.sign_in_options(Policy::new("grace", "discouraged")).await?;
    stage.begin("get", &options).await?;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    stage.browser.enter_default_frame().await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, "ada").await?;
    window.approve().await?;
    judge.register(&credential(stage).await?).await??;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, "grace").await?;
    window.approve().await?;
    stage.browser.enter_frame(0).await?;
    signed_in(stage, &mut in_the_frame).await.map(|_| ())
}

/// A page in a tab that is not shown has no window come up over another one; the call is the browser's.
pub async fn a_page_out_of_sight_asks_nobody(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let later = "const [call, options] = arguments; setTimeout(() => begin(call, options), 1500);";
    stage.browser.execute(later, vec![json!("create"), options]).await?;
    let page = stage.browser.window().await?;
    let other = stage.browser.new_tab().await?;
    stage.browser.switch_to_window(other.clone()).await?;
    stage.browser.goto(format!("{}/", stage.origin("elsewhere.localhost"))).await?;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let windows = stage.browser.windows().await?;
    let others: Vec<_> = windows.iter().filter(|window| **window != page && **window != other).collect();
    ensure(others.is_empty(), "a window came up for a page that is not shown")?;
    stage.only_the_page().await?;
    let outcome = stage.outcome().await?;
    ensure(!outcome.result.is_ok_and(|made| is_ours(&made)), "Keystow made a passkey for a page that is not shown")
}

fn judge_in_frames(stage: &Stage, host: &str, framed: &str) -> Result<Script, Error> {
    Script::simplewebauthn_in_frames(framed, &stage.origin(framed), Some(&stage.origin(host)))
}

fn framed(host: &str) -> String {
    format!("framed-{host}")
}

/// Opens `host` in the page's window, with a frame of `framed` in it, and turns to that.
async fn embed(stage: &Stage, host: &str, framed: &str, allow: &str) -> Result<(), Error> {
    stage.open(host).await?;
    let script = "const [src, allow, done] = arguments;
        const frame = Object.assign(document.createElement('iframe'), { allow, src, onload: () => done() });
        frame.style.cssText = 'inline-size: 400px; block-size: 200px';
        document.body.append(frame);";
    let src = format!("{}/", stage.origin(framed));
    stage.browser.execute_async(script, vec![json!(src), json!(allow)]).await?;
    Ok(stage.browser.enter_frame(0).await?)
}

/// L3 `crossOrigin` and `topOrigin` in the client data.
fn names_the_top(credential: &Value, stage: &Stage, host: &str, framed: &str) -> Result<(), Error> {
    let client_data = credential["response"]["clientDataJSON"].as_str().unwrap_or_default();
    let client_data: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(client_data.as_bytes())?)?;
    let expected = (json!(stage.origin(framed)), json!(true), json!(stage.origin(host)));
    let actual = (&client_data["origin"], &client_data["crossOrigin"], &client_data["topOrigin"]);
    ensure(actual == (&expected.0, &expected.1, &expected.2), format!("the client data are {client_data}"))
}
