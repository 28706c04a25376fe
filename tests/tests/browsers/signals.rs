//! What a page signals of its passkeys, and a passkey that it gets without a question.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key};

use super::steps::{credential, ensure, is_ours, signed_in};

pub async fn what_a_site_no_longer_accepts_is_hidden_until_it_does(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let (id, user_id) = registered(stage, &mut judge).await?;
    let accept = |ids: Value| json!({"rpId": host, "userId": user_id, "allAcceptedCredentialIds": ids});
    signals(stage, "signalAllAcceptedCredentials", accept(json!([])), "done").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure(!stage.has_window().await?, "what the site no longer accepts is offered")?;
    stage.open(host).await?;
    signals(stage, "signalAllAcceptedCredentials", accept(json!([id])), "done").await?;
    signs_in(stage, &mut judge).await?;
    signals(stage, "signalUnknownCredential", json!({"rpId": host, "credentialId": id}), "done").await?;
    stage.begin("get", &judge.sign_in_options(Policy::new("ada", "discouraged")).await?).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure(!stage.has_window().await?, "what the site does not know is offered")
}

pub async fn the_window_shows_the_name_that_the_site_signals(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let (_, user_id) = registered(stage, &mut judge).await?;
    let details = json!({"rpId": host, "userId": user_id, "name": "countess", "displayName": "Ada Lovelace"});
    signals(stage, "signalCurrentUserDetails", details, "done").await?;
    stage.begin("get", &judge.sign_in_options(Policy::new("ada", "discouraged")).await?).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    super::steps::window_says(&window, "countess").await?;
    window.approve().await?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

pub async fn signals_that_are_wrong_or_of_another_site(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let (id, user_id) = registered(stage, &mut judge).await?;
    let elsewhere = json!({"rpId": "com", "credentialId": id});
    signals(stage, "signalUnknownCredential", elsewhere, "SecurityError").await?;
    signals(stage, "signalUnknownCredential", json!({"rpId": host, "credentialId": "="}), "TypeError").await?;
    signals(stage, "signalUnknownCredential", json!({"rpId": host}), "TypeError").await?;
    let accepted = json!({"rpId": host, "userId": user_id, "allAcceptedCredentialIds": ["="]});
    signals(stage, "signalAllAcceptedCredentials", accepted, "TypeError").await?;
    signals(stage, "signalUnknownCredential", json!({"rpId": host, "credentialId": "AQID"}), "done").await?;
    signs_in(stage, &mut judge).await
}

pub async fn after_a_password_a_passkey_is_made_without_a_window(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let field = "document.body.insertAdjacentHTML('beforeend', '<input id=password type=password>')";
    stage.browser.execute(field, vec![]).await?;
    let password = stage.browser.find(By::Id("password")).await?;
    password.send_keys("correct horse").await?;
    password.send_keys(Key::Tab + "").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let script = "const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(arguments[0]);
        const promise = navigator.credentials.create({ publicKey, mediation: 'conditional' });
        window.settled = outcome(promise.then((credential) => credential.toJSON()))";
    stage.browser.execute(script, vec![options]).await?;
    let made = credential(stage).await?;
    ensure(is_ours(&made), "the browser made the passkey, not Keystow")?;
    ensure(!stage.has_window().await?, "a window came up")?;
    let data = BASE64URL_NOPAD.decode(made["response"]["authenticatorData"].as_str().unwrap_or_default().as_bytes())?;
    ensure(data.get(32).is_some_and(|flags| flags & 0x05 == 0), "UP or UV is set though nobody was asked")?;
    let mut options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    options["allowCredentials"] = json!([{"type": "public-key", "id": made["id"]}]);
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    ensure(credential(stage).await?["id"] == made["id"], "another passkey signed in")
}

/// ada gets a passkey; its ID, and the user handle.
async fn registered(stage: &Stage, judge: &mut Script) -> Result<(String, Value), Error> {
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let made = credential(stage).await?;
    judge.register(&made).await??;
    Ok((made["id"].as_str().unwrap_or_default().to_owned(), options["user"]["id"].clone()))
}

async fn signs_in(stage: &Stage, judge: &mut Script) -> Result<(), Error> {
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, judge).await.map(|_| ())
}

/// The page calls the signal method, and it comes to `expected`: "done", or the name of an error.
async fn signals(stage: &Stage, method: &str, options: Value, expected: &str) -> Result<(), Error> {
    let script = "const [method, options, done] = arguments;
        PublicKeyCredential[method](options).then((nothing) => done(nothing === undefined ? 'done' : 'something'), ({ name }) => done(name))";
    let answer = stage.browser.execute_async(script, vec![json!(method), options]).await?;
    ensure(answer.json() == expected, format!("{method} should have come to {expected}, and came to {}", answer.json()))
}
