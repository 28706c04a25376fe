//! Steps that many rows take.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::Error;
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, WebElement};

/// The PIN of the vault here.
pub const PIN: &str = "open sesame 7";

/// Fails with a sentence unless something holds.
pub fn ensure(holds: bool, sentence: impl Into<String>) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(sentence.into().into()) }
}

/// Keystow's window comes up and is consented to; the PIN is typed where it asks for one.
pub async fn consent(stage: &Stage) -> Result<(), Error> {
    let window = PromptWindow::appears(&stage.browser).await?;
    if !stage.browser.find_all(By::Css("input[type=password]")).await?.is_empty() {
        window.enter_pin(PIN).await?;
    }
    window.approve().await.map(|_| ())
}

/// Runs a line of JavaScript that leaves `settled` pending.
pub async fn begin(stage: &Stage, line: &str, arguments: &[Value]) -> Result<(), Error> {
    for _ in 0..250 {
        // A module is run after the document has been read.
        if stage.browser.execute("return typeof begin === 'function'", vec![]).await?.json() == true {
            stage.browser.execute(line, arguments.to_vec()).await?;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the page's script has not run within 5 seconds".into())
}

/// Waits for what `settled` comes to.
pub async fn settled(stage: &Stage) -> Result<Value, Error> {
    Ok(stage.browser.execute_async("settled.then(arguments[0])", vec![]).await?.json().clone())
}

/// The element, once it is there and shown.
pub async fn shown(stage: &Stage, css: &str) -> Result<WebElement, Error> {
    for _ in 0..500 {
        if let Ok(element) = stage.browser.find(By::Css(css)).await
            && element.is_displayed().await.unwrap_or(false)
        {
            return Ok(element);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let text = stage.browser.find(By::Tag("body")).await?.text().await?;
    Err(format!("{} shows no {css}: {text}", stage.browser.current_url().await?).into())
}

/// Waits until the page is at `path`.
pub async fn arrives(stage: &Stage, path: &str) -> Result<(), Error> {
    for _ in 0..500 {
        if stage.browser.current_url().await?.path() == path {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let text = stage.browser.find(By::Tag("body")).await?.text().await?;
    Err(format!("the page is at {}, not at {path}: {text}", stage.browser.current_url().await?).into())
}

/// A credential, by the AAGUID in its authenticator data, is Keystow's.
pub fn is_ours(credential: &Value) -> bool {
    let facts = tests::relying_party::Facts::of_registration(credential);
    facts.and_then(|facts| facts.aaguid).is_some_and(|aaguid| aaguid == "8fbd00ba-ea22-421e-855a-db5d23b0ac05")
}

/// A JSON text as an argument.
pub fn text(value: &str) -> Value {
    json!(value)
}
