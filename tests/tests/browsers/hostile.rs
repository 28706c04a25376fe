//! Pages and moments that try to get what the user did not give.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key};

use super::steps::{credential, ensure, rejection, window_says};

/// Somebody hammers Enter while the window comes up. It is kept unarmed by being resized again and again, so that the slowest machine
/// has its Enters arrive too early.
pub async fn enter_hammered_before_the_window_is_armed(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    let unarm = "window.enters = 0;
        addEventListener('keydown', (event) => { if (event.isTrusted && event.key === 'Enter') window.enters += 1; }, true);
        setInterval(() => dispatchEvent(new Event('resize')), 50);";
    stage.browser.execute(unarm, vec![]).await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..8 {
        stage
            .browser
            .action_chain()
            .send_keys(Key::Enter)
            .send_keys(Key::Enter)
            .send_keys(Key::Enter)
            .perform()
            .await?;
        stage.browser.find(By::Id("approve")).await?.click().await?;
        ensure(stage.has_window().await?, "hammering Enter consented")?;
    }
    let enters = stage.browser.execute("return window.enters", vec![]).await?.json().as_u64();
    ensure(enters >= Some(20), format!("only {enters:?} Enters have arrived: nothing is shown by that"))?;
    window.press("cancel").await?;
    rejection(stage, "NotAllowedError").await.map(|_| ())
}

/// A page says that it is somebody else, in every place that it can write to.
pub async fn a_page_that_lies_about_itself(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let mut options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    for member in ["origin", "topOrigin", "rpId", "clientDataJSON", "crossOrigin"] {
        options[member] = json!("https://bank.example");
    }
    let lies =
        "{ origin: 'https://bank.example', sender: { origin: 'https://bank.example' }, ceremony: '0'.repeat(32) }";
    stage.begin_plain("create", &options, lies).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, &stage.origin(host)).await?;
    ensure(!window.text().await?.contains("bank.example"), "the window believes the page")?;
    window.approve().await?;
    let credential = credential(stage).await?;
    let client_data = credential["response"]["clientDataJSON"].as_str().unwrap_or_default();
    let client_data: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(client_data.as_bytes())?)?;
    ensure(client_data["origin"] == stage.origin(host), format!("{client_data}"))?;
    judge.register(&credential).await??;

    // Another site's RP ID is not this page's to ask for, in Keystow as in the browser.
    let mut options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    options["rp"]["id"] = json!("bank.example");
    stage.begin("create", &options).await?;
    rejection(stage, "SecurityError").await?;
    ensure(!stage.has_window().await?, "a window came up")
}
