//! Every way a ceremony can end without a passkey: the right error, and the window is gone.

use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::{PromptWindow, unless_closed};
use tests::stage::Stage;
use thirtyfour::Key;

use super::steps::{credential, ensure, is_ours, rejection};

pub async fn cancel_button(stage: &Stage, host: &str) -> Result<(), Error> {
    asked(stage, host).await?.press("cancel").await?;
    rejection(stage, "NotAllowedError").await.map(|_| ())
}

pub async fn escape(stage: &Stage, host: &str) -> Result<(), Error> {
    let _window = asked(stage, host).await?;
    unless_closed(stage.browser.action_chain().send_keys(Key::Escape).perform().await)?;
    stage.window_closes().await?;
    rejection(stage, "NotAllowedError").await.map(|_| ())
}

pub async fn closing_the_window(stage: &Stage, host: &str) -> Result<(), Error> {
    let _window = asked(stage, host).await?;
    stage.browser.close_window().await?;
    stage.window_closes().await?;
    rejection(stage, "NotAllowedError").await.map(|_| ())
}

pub async fn abort_by_the_page(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin_plain("create", &options, "{}").await?;
    PromptWindow::appears(&stage.browser).await?.back().await?;
    stage.browser.execute("abort()", vec![]).await?;
    let outcome = rejection(stage, "RangeError").await?;
    ensure(outcome.is_reason, "the error is not the signal's reason")?;
    stage.window_closes().await
}

pub async fn a_second_call_replaces_the_first(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin_plain("create", &options, "{}").await?;
    PromptWindow::appears(&stage.browser).await?.back().await?;
    stage.begin_plain("create", &options, "{}").await?;
    let first = stage.browser.execute_async("earlier.then(arguments[0])", vec![]).await?;
    ensure(first.json()["error"]["name"] == "NotAllowedError", format!("the first call got {}", first.json()))?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let credential = credential(stage).await?;
    judge.register(&credential).await??;
    ensure(is_ours(&credential), "the browser answered the second call, not Keystow")
}

pub async fn closing_the_tab(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let tab = stage.browser.new_tab().await?;
    stage.browser.switch_to_window(tab.clone()).await?;
    stage.browser.goto(format!("{}/", stage.origin(host))).await?;
    stage.begin("create", &options).await?;
    // The main tab is there too: the window is the third. To turn to the main tab meanwhile would put the asking one out of sight.
    while stage.browser.windows().await?.len() < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    PromptWindow::appears(&stage.browser).await?.back().await?;
    stage.browser.close_window().await?;
    stage.window_closes().await
}

pub async fn leaving_the_page(stage: &Stage, host: &str) -> Result<(), Error> {
    asked(stage, host).await?.back().await?;
    stage.browser.goto(format!("{}/?elsewhere", stage.origin(host))).await?;
    stage.window_closes().await
}

/// A registration that has come as far as the window.
async fn asked<'a>(stage: &'a Stage, host: &str) -> Result<PromptWindow<'a>, Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await
}
