//! A link of the chain breaks while it is in use: the ceremony is taken up again, or the browser's own call runs.

use std::time::Duration;

use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::{Stage, end_process};

use super::steps::{credential, ensure, is_ours, register, signed_in};

/// The page is answered by Keystow all the same, after one consent in the one window.
pub async fn background_ended_while_the_window_is_open(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    let hosts = stage.hosts();
    stage.end_background().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    window.approve().await?;
    signed_in(stage, &mut judge).await?;
    // A host ends with the background that started it: another one means another background.
    ensure(!hosts.is_empty() && hosts.iter().all(|old| !stage.hosts().contains(old)), "the background was not ended")
}

/// A window that can no longer be served is not left standing: the browser's own call takes over, or the page is told.
pub async fn host_killed_while_the_window_is_open(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    let hosts = stage.hosts();
    ensure(!hosts.is_empty(), "the browser runs no host")?;
    hosts.into_iter().for_each(end_process);
    super::steps::consent(stage).await?;
    drop(window);
    stage.window_closes().await?;
    let credential = credential(stage).await?;
    judge.register(&credential).await??;
    // And the next call has a new host.
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "grace").await.map(|_| ())
}

pub async fn host_not_installed(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let file = stage.host_manifest();
    let manifest = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    stage.hosts().into_iter().for_each(end_process);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let outcome = stage.outcome().await;
    std::fs::write(&file, manifest)?;
    let outcome = outcome?;
    let took = outcome.took;
    let credential = outcome.result.map_err(|error| format!("{error:?}"))?;
    ensure(!is_ours(&credential), "Keystow answered without a host")?;
    judge.register(&credential).await??;
    ensure(took < Duration::from_secs(1), format!("the browser's answer took {took:?}"))
}

/// The call under way settles: as cancelled where the window's end is noticed first, else by the browser. A document
/// that was open has the browser's own call from then on in Chromium, and the new scripts in Firefox; the next one has Keystow again.
pub async fn extension_reloaded_while_the_window_is_open(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    // The reload takes the window, and with it the command's answer.
    let _ =
        stage.browser.execute("setTimeout(() => (globalThis.browser ?? chrome).runtime.reload(), 50)", vec![]).await;
    drop(window);
    stage.window_closes().await?;
    match stage.outcome().await?.result {
        Ok(credential) => ensure(!is_ours(&credential), "Keystow answered, though it was reloaded")?,
        Err((name, message)) => ensure(name == "NotAllowedError", format!("the page got {name}: {message}"))?,
    }
    if stage.browser.kind() == Kind::Chromium {
        let options = judge.registration_options(Policy::new("joan", "discouraged")).await?;
        stage.begin("create", &options).await?;
        let second = credential(stage).await?;
        ensure(!is_ours(&second), "Keystow answered a document that it has lost")?;
        judge.register(&second).await??;
    }
    for attempt in 0.. {
        let mut judge = stage.visit(host).await?;
        let options = judge.registration_options(Policy::new("grace", "discouraged")).await?;
        stage.begin("create", &options).await?;
        tokio::time::sleep(Duration::from_millis(1000)).await;
        if stage.has_window().await? {
            PromptWindow::appears(&stage.browser).await?.approve().await?;
            let credential = super::steps::credential(stage).await?;
            judge.register(&credential).await??;
            return ensure(is_ours(&credential), "the browser made the passkey, not Keystow");
        }
        ensure(attempt < 5, "Keystow is not back five seconds after the reload")?;
    }
    Ok(())
}
