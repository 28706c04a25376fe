//! What the window offers, and what comes of it.

use std::time::Duration;

use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::{PromptWindow, unless_closed};
use tests::stage::Stage;
use thirtyfour::{By, Key};

use super::steps::{PIN, consent, credential, ensure, is_ours, register, rejection, signed_in, window_says};

pub async fn chooses_a_pin_and_registers(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = stage.window("choose-pin").await?;
    for words in [&format!("Create a passkey for {host}"), "ada's display name", &stage.origin(host), "Choose a PIN"] {
        window_says(&window, words).await?;
    }
    window.enter_pin(PIN).await?;
    window.approve().await?;
    let credential = credential(stage).await?;
    ensure(is_ours(&credential), "the browser made the passkey, not Keystow")?;
    let accepted = judge.register(&credential).await??;
    ensure(accepted.user_verified, "UV is not set though a PIN was chosen")
}

pub async fn signs_in_after_a_wrong_pin(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("sign-in").await?;
    window_says(&window, &format!("Sign in to {host}")).await?;
    window.enter_pin("not this one").await?;
    consent(stage).await?;
    window_says(&window, "That is not the PIN. 7 tries left.").await?;
    stage.look(&window, "wrong-pin").await?;
    stage.browser.find(By::Id("pin")).await?.clear().await?;
    window.enter_pin(PIN).await?;
    window.approve().await?;
    ensure(signed_in(stage, &mut judge).await?.user_verified, "UV is not set though the PIN was right")
}

pub async fn discouraged_asks_nothing(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("no-pin").await?;
    ensure(stage.browser.find_all(By::Css("input[type=password]")).await?.is_empty(), "a PIN is asked for")?;
    window.approve().await?;
    ensure(!signed_in(stage, &mut judge).await?.user_verified, "UV is set though nothing was verified")
}

pub async fn offers_several_accounts_last_used_first(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    for user in ["ada", "grace", "joan"] {
        register(stage, &mut judge, user).await?;
    }
    // "ada" was made first, and is used now.
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await?;

    let options = judge.sign_in_options(Policy::new("nobody", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("several-accounts").await?;
    let mut names = Vec::new();
    for name in stage.browser.find_all(By::Css("#people .name")).await? {
        names.push(name.text().await?);
    }
    ensure(names == ["ada", "joan", "grace"], format!("the order is {names:?}"))?;
    window.choose_account("joan").await?;
    window.approve().await?;
    let accepted = signed_in(stage, &mut judge).await?;
    ensure(accepted.user == "joan", format!("{} signed in", accepted.user))
}

pub async fn works_by_keyboard_alone(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    for user in ["ada", "grace"] {
        register(stage, &mut judge, user).await?;
    }
    let options = judge.sign_in_options(Policy::new("nobody", "required")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("keyboard").await?;
    let keys = || stage.browser.action_chain();
    // Tab to the first account, an arrow to the second, Tab to the PIN.
    press_until(stage, Key::Tab, "document.activeElement.name === 'account'").await?;
    keys().send_keys(Key::Down).perform().await?;
    press_until(stage, Key::Tab, "document.activeElement.id === 'pin'").await?;
    keys().send_keys(PIN).perform().await?;
    tokio::time::sleep(Duration::from_millis(700)).await;
    unless_closed(keys().send_keys(Key::Enter).perform().await)?;
    drop(window);
    stage.window_closes().await?;
    let accepted = signed_in(stage, &mut judge).await?;
    ensure(accepted.user == "ada" && accepted.user_verified, format!("{accepted:?}"))
}

async fn press_until(stage: &Stage, key: Key, holds: &str) -> Result<(), Error> {
    for _ in 0..12 {
        if stage.browser.execute(format!("return {holds}"), vec![]).await?.json() == true {
            return Ok(());
        }
        stage.browser.action_chain().send_keys(key.clone()).perform().await?;
    }
    Err(format!("the keyboard does not get to where {holds}").into())
}

pub async fn an_excluded_credential_is_told_after_consent(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.registration_options(Policy { exclude: true, ..Policy::new("ada", "discouraged") }).await?;
    stage.begin("create", &options).await?;
    let window = stage.window("excluded").await?;
    window_says(&window, &format!("You already have a passkey for {host}")).await?;
    window.approve().await?;
    rejection(stage, "InvalidStateError").await.map(|_| ())
}

pub async fn use_another_device_reaches_the_browser(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    stage.window("use-another").await?.press("use-another").await?;
    let credential = credential(stage).await?;
    ensure(!is_ours(&credential), "Keystow made the passkey, not the browser")?;
    judge.register(&credential).await?.map(|_| ()).map_err(Into::into)
}

pub async fn nothing_held_reaches_the_browser_at_once(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    // A passkey of the browser's own; then a sign-in that only it can answer.
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await?.press("use-another").await?;
    judge.register(&credential(stage).await?).await??;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    let outcome = stage.outcome().await?;
    ensure(!stage.has_window().await?, "a window came up")?;
    let took = outcome.took;
    let credential = outcome.result.map_err(|error| format!("{error:?}"))?;
    judge.sign_in(&credential).await??;
    ensure(took < Duration::from_millis(500), format!("the browser's answer took {took:?}"))
}

pub async fn takes_an_8_kib_challenge_and_refuses_64_mib(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin_plain("create", &options, "{ challenge: new Uint8Array(8192).fill(7) }").await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let long = credential(stage).await?;
    ensure(is_ours(&long), "the browser made the passkey, not Keystow")?;
    let client_data = long["response"]["clientDataJSON"].as_str().unwrap_or_default().len();
    ensure(client_data > 8192 * 16 / 9, format!("the client data has {client_data} characters"))?;

    stage.begin_plain("create", &options, "{ challenge: new Uint8Array(64 << 20) }").await?;
    rejection(stage, "TypeError").await?;
    ensure(!stage.has_window().await?, "a window came up")
}
