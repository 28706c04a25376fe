//! Pages and moments that try to get what the user did not give.

use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key};

use super::steps::{credential, ensure, window_says};

/// Somebody types Enter, again and again, while the window comes up. Each Enter in the unarmed window also puts off the arming.
pub async fn enter_hammered_before_the_window_is_armed(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    let start = Instant::now();
    let mut presses = 0;
    while start.elapsed() < Duration::from_secs(2) {
        stage.browser.action_chain().send_keys(Key::Enter).perform().await?;
        stage.browser.find(By::Id("approve")).await?.click().await?;
        presses += 1;
    }
    ensure(presses > 8, format!("only {presses} presses in two seconds: nothing is shown by that"))?;
    ensure(stage.has_window().await?, "hammering Enter consented")?;
    window.press("cancel").await.map(|_| ())
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
    super::steps::rejection(stage, "SecurityError").await?;
    ensure(!stage.has_window().await?, "a window came up")
}
