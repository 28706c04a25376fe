//! Sync, with the host itself: two computers with a keychain and a browser each meet in a folder, and a third has nothing but 24 words.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use protocol::manage::sync::StorageConfig;
use tempfile::TempDir;
use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::machine::Machine;
use tests::prompt_window::PromptWindow;
use tests::site::Site;
use tests::stage::Stage;
use thirtyfour::By;

use super::steps::{ensure, register, signed_in};
use super::sync_states::{press, typed};
use super::toolbar::says;

/// A passkey made on one computer signs in on the other, which joined by the code; what both write while apart is all kept; a computer that
/// is removed signs in with what it had and learns nothing new; and when all are lost, the words bring everything back.
pub async fn play() -> Result<(), Error> {
    let home = TempDir::new()?;
    let (there, away) = (home.path().join("keystow"), home.path().join("away"));
    fs::create_dir(&there)?;
    let folder = StorageConfig::Folder { path: there.display().to_string() };
    let site = Arc::new(Site::start().await?);
    let computer = |kind| {
        let site = Arc::clone(&site);
        async move { Stage::on(Arc::new(Machine::start()?), site, kind).await }
    };
    let mut judge = Script::simplewebauthn("localhost", &site.origin("localhost"))?;
    let desk = computer(Kind::Chromium).await?;
    desk.open("localhost").await?;
    register(&desk, &mut judge, "ada").await?;
    let words = turn_on(&desk, &folder).await?;

    let laptop = computer(Kind::Firefox).await?;
    join(&desk, &laptop).await?;
    sign_in(&laptop, &mut judge, "ada").await?;

    fs::rename(&there, &away)?;
    name_it(&desk, "From the desk").await?;
    name_it(&laptop, "From the laptop").await?;
    fs::rename(&away, &there)?;
    for stage in [&desk, &laptop, &desk] {
        sync_now(stage).await?;
    }
    let (on_desk, on_laptop) = (names(&desk).await?, names(&laptop).await?);
    ensure(on_desk == on_laptop, format!("they do not agree: {on_desk:?}, {on_laptop:?}"))?;
    let is_kept = |name| on_desk.iter().any(|kept| kept == name);
    ensure(is_kept("From the desk") && is_kept("From the laptop"), format!("a name is lost: {on_desk:?}"))?;

    remove(&desk, "Laptop").await?;
    desk.open("localhost").await?;
    register(&desk, &mut judge, "grace").await?;
    sync_now(&desk).await?;
    place(&laptop).await?;
    press(&laptop, "sync-now").await?;
    says(&laptop, "This device was removed").await?;
    laptop.looks_well("sync-real-removed").await?;
    sign_in(&laptop, &mut judge, "ada").await?;
    laptop.open_beside("manager.html").await?;
    says(&laptop, "Passkeys: 1").await?;

    desk.browser.quit().await?;
    laptop.browser.quit().await?;
    let third = computer(Kind::Chromium).await?;
    recover(&third, &folder, &words).await?;
    sign_in(&third, &mut judge, "grace").await?;
    third.browser.quit().await
}

/// Turns sync on, with all that is typed and pressed for it. The answer is the words of the recovery key.
pub async fn turn_on(stage: &Stage, at: &StorageConfig) -> Result<Vec<String>, Error> {
    place(stage).await?;
    press(stage, "sync-turn-on").await?;
    storage(stage, at).await?;
    typed(stage, "sync-name", "Desk").await?;
    press(stage, "sync-form-yes").await?;
    patiently(stage, "Write down your recovery key").await?;
    stage.looks_well("sync-real-key").await?;
    let mut words = Vec::new();
    for word in stage.browser.find_all(By::Css("#key-words li")).await? {
        words.push(word.text().await?);
    }
    press(stage, "sync-yes").await?;
    says(stage, "Is it all there?").await?;
    for field in ["word-first", "word-second"] {
        let label = stage.browser.find(By::Id(format!("{field}-label"))).await?.text().await?;
        let number: usize = label.trim_start_matches("Word ").parse()?;
        typed(stage, field, words.get(number - 1).ok_or("so many words are not there")?).await?;
    }
    press(stage, "sync-yes").await?;
    patiently(stage, "Sync is on").await?;
    press(stage, "sync-yes").await?;
    says(stage, "This device").await?;
    Ok(words)
}

/// Types it in.
async fn storage(stage: &Stage, at: &StorageConfig) -> Result<(), Error> {
    match at {
        StorageConfig::Folder { path } => typed(stage, "folder-path", path).await,
        StorageConfig::WebDav { url, user, password } => {
            press(stage, "kind-webdav").await?;
            for (field, text) in
                [("dav-url", url.as_str()), ("dav-user", user), ("dav-password", password.expose_secret())]
            {
                typed(stage, field, text).await?;
            }
            Ok(())
        }
        other => Err(format!("nobody types {other:?}").into()),
    }
}

/// By the invitation, as it is copied.
async fn join(old: &Stage, new: &Stage) -> Result<(), Error> {
    press(old, "sync-add").await?;
    says(old, "Good once").await?;
    let script = "const [done] = arguments;
        const port = chrome.runtime.connect({ name: 'manager' });
        port.onMessage.addListener(({ ok }) => done(ok.sync.step.code.invitation));
        port.postMessage({ id: 1, request: { sync: { state: {} } } })";
    let invitation = old.browser.execute_async(script, vec![]).await?;
    place(new).await?;
    press(new, "sync-join").await?;
    typed(new, "sync-code", invitation.json().as_str().ok_or("no invitation")?).await?;
    says(new, "The storage is filled in.").await?;
    typed(new, "sync-name", "Laptop").await?;
    press(new, "sync-form-yes").await?;
    says(new, "Waiting for your answer").await?;
    patiently(old, "Add “Laptop”?").await?;
    old.looks_well("sync-real-asked").await?;
    press(old, "sync-yes").await?;
    patiently(old, "“Laptop” is added").await?;
    says(old, "Passkeys shared: 1").await?;
    press(old, "sync-yes").await?;
    patiently(new, "Passkeys on this device: 1").await?;
    press(new, "sync-yes").await?;
    says(new, "Desk").await
}

async fn remove(stage: &Stage, name: &str) -> Result<(), Error> {
    place(stage).await?;
    says(stage, name).await?;
    stage.browser.find(By::Css(format!(".remove[aria-label*='{name}']"))).await?.click().await?;
    press(stage, "sync-stolen").await?;
    press(stage, "sync-form-yes").await?;
    patiently(stage, &format!("“{name}” is removed")).await?;
    says(stage, "localhost").await?;
    stage.looks_well("sync-real-sites").await?;
    press(stage, "sync-yes").await
}

async fn recover(stage: &Stage, at: &StorageConfig, words: &[String]) -> Result<(), Error> {
    place(stage).await?;
    press(stage, "sync-recover").await?;
    typed(stage, "sync-words", &words.join(" ")).await?;
    storage(stage, at).await?;
    press(stage, "sync-form-yes").await?;
    patiently(stage, "Found your passkeys").await?;
    stage.looks_well("sync-real-found").await?;
    press(stage, "sync-yes").await?;
    patiently(stage, "Passkeys on this device: 2").await?;
    says(stage, "Is one of these lost?").await?;
    stage.looks_well("sync-real-lost").await?;
    stage.browser.find(By::Css("#sync-lost-devices .remove[aria-label*='Desk']")).await?.click().await?;
    says(stage, "Remove “Desk”?").await?;
    press(stage, "sync-form-yes").await?;
    patiently(stage, "“Desk” is removed").await?;
    press(stage, "sync-yes").await?;
    says(stage, "This device").await
}

async fn sign_in(stage: &Stage, judge: &mut Script, user: &str) -> Result<(), Error> {
    stage.open("localhost").await?;
    let options = judge.sign_in_options(Policy::new(user, "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let accepted = signed_in(stage, judge).await?;
    ensure(accepted.user == user, format!("{accepted:?}"))
}

async fn name_it(stage: &Stage, name: &str) -> Result<(), Error> {
    stage.open_beside("manager.html").await?;
    says(stage, "Passkeys: ").await?;
    stage.browser.find(By::Css(".passkey")).await?.click().await?;
    typed(stage, "label", name).await?;
    press(stage, "save").await?;
    says(stage, "Saved").await
}

/// The name of today, then those of before.
async fn names(stage: &Stage) -> Result<Vec<String>, Error> {
    stage.open_beside("manager.html").await?;
    says(stage, "Passkeys: ").await?;
    stage.browser.find(By::Css(".passkey")).await?.click().await?;
    says(stage, "Earlier names and notes").await?;
    let script = "return [document.getElementById('label').value,
        ...[...document.querySelectorAll('#earlier-list .text')].map((text) => text.textContent)]";
    Ok(serde_json::from_value(stage.browser.execute(script, vec![]).await?.json().clone())?)
}

/// Until everything is synced.
pub async fn sync_now(stage: &Stage) -> Result<(), Error> {
    place(stage).await?;
    press(stage, "sync-now").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    patiently(stage, "Everything is synced").await
}

/// The place in the manager, once it is told how sync stands.
pub async fn place(stage: &Stage) -> Result<(), Error> {
    stage.open_beside("manager.html#sync").await?;
    for _ in 0..250 {
        let shown = "return ['off', 'home', 'step'].some((name) => !document.getElementById(`sync-${name}`).hidden)";
        if *stage.browser.execute(shown, vec![]).await?.json() == true {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("how sync stands is not told within 5 seconds".into())
}

/// What takes a few looks at a mailbox.
pub async fn patiently(stage: &Stage, text: &str) -> Result<(), Error> {
    for _ in 0..5 {
        if says(stage, text).await.is_ok() {
            return Ok(());
        }
    }
    says(stage, text).await
}
