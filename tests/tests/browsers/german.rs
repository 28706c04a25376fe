//! Every screen in the other language, whose words are longer: pictures of all, and axe-core's word on them.

use serde_json::json;
use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;

use super::steps::{ensure, register};

/// Each page of ours, and a text that it has once it is filled.
const PAGES: [(&str, &str, &str); 7] = [
    ("manager.html", "manager", "Passkeys: "),
    ("manager.html?popup", "popup", "Passkeys: "),
    ("manager.html#deleted", "deleted", "30 Tage"),
    ("manager.html#sync", "sync", "Sync einschalten"),
    ("manager.html#settings", "settings", "Erscheinungsbild"),
    ("manager.html#diagnostics", "diagnostics", "Enthält den Schlüssel zu Ihren Passkeys"),
    ("welcome.html", "welcome", "Willkommen bei Keystow"),
];

pub async fn every_screen_in_german(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    speak(stage, json!({ "language": "de" })).await?;
    for (page, name, text) in PAGES {
        stage.open_beside(page).await?;
        has(stage, text).await?;
        stage.looks_well(&format!("german-{name}")).await?;
    }
    for (call, text) in [("create", "Passkey erstellen"), ("get", "Anmelden")] {
        let mut judge = stage.visit(host).await?;
        let options = match call {
            "create" => judge.registration_options(Policy::new("grace", "required")).await?,
            _ => judge.sign_in_options(Policy::new("nobody", "required")).await?,
        };
        stage.begin(call, &options).await?;
        let window = PromptWindow::appears(&stage.browser).await?;
        has(stage, text).await?;
        stage.looks_well(&format!("german-{call}")).await?;
        window.press("cancel").await?;
    }
    speak(stage, json!({})).await
}

/// Sets the preferences as they are kept.
pub async fn speak(stage: &Stage, preferences: serde_json::Value) -> Result<(), Error> {
    stage.open_beside("manager.html#settings").await?;
    has(stage, "Keystow").await?;
    let set = "const [preferences, done] = arguments; chrome.storage.local.set({ preferences }).then(() => done(true))";
    let done = stage.browser.execute_async(set, vec![preferences]).await?;
    ensure(done.json() == true, "the language cannot be chosen")
}

async fn has(stage: &Stage, text: &str) -> Result<(), Error> {
    for _ in 0..250 {
        let shown = stage.browser.execute("return document.body.innerText", vec![]).await?;
        if shown.json().as_str().is_some_and(|shown| shown.contains(text)) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let shown = stage.browser.execute("return document.body.innerText", vec![]).await?;
    Err(format!("\"{text}\" is not there within 5 seconds, but: {}", shown.json()).into())
}
