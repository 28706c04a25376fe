//! Sync, with the host itself: two computers with a keychain and a browser each meet in a folder, and a third has nothing but 24 words.

use std::fs;
use std::sync::Arc;

use protocol::manage::sync::StorageConfig;
use tempfile::TempDir;
use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::machine::Machine;
use tests::prompt_window::PromptWindow;
use tests::site::Site;
use tests::stage::Stage;
use tests::sync_steps::{join, name_it, names, recover, remove, sync_in_vain, sync_now, turn_on};

use super::steps::{ensure, register, signed_in};

/// A passkey made on one computer signs in on the other, which joined by the code; what both write while apart is all kept; a computer that
/// is removed signs in with what it had and learns nothing new; and when all are lost, the words bring everything back.
pub async fn play() -> Result<(), Error> {
    let home = TempDir::new()?;
    let (there, away) = (home.path().join("keystow"), home.path().join("away"));
    fs::create_dir(&there)?;
    let storage = StorageConfig::Folder { path: there.display().to_string() };
    let site = Arc::new(Site::start().await?);
    let computer = |kind| {
        let site = Arc::clone(&site);
        async move { Stage::on(Arc::new(Machine::start()?), site, kind).await }
    };
    let look = async |stage: &Stage, name: &str| stage.looks_well(&format!("sync-real-{name}")).await;
    let mut judge = Script::simplewebauthn("localhost", &site.origin("localhost"))?;
    let desk = computer(Kind::Chromium).await?;
    desk.open("localhost").await?;
    register(&desk, &mut judge, "ada").await?;
    let words = turn_on(&desk, "Desk", &storage, &look).await?;

    let laptop = computer(Kind::Firefox).await?;
    join(&desk, (&laptop, "Laptop"), &storage, 1, &look).await?;
    sign_in(&laptop, &mut judge, "ada").await?;

    fs::rename(&there, &away)?;
    name_it(&desk, "ada", "From the desk").await?;
    name_it(&laptop, "ada", "From the laptop").await?;
    fs::rename(&away, &there)?;
    for stage in [&desk, &laptop, &desk] {
        sync_now(stage).await?;
    }
    let (on_desk, on_laptop) = (names(&desk, "ada").await?, names(&laptop, "ada").await?);
    ensure(on_desk == on_laptop, format!("they do not agree: {on_desk:?}, {on_laptop:?}"))?;
    let is_kept = |name| on_desk.iter().any(|kept| kept == name);
    ensure(is_kept("From the desk") && is_kept("From the laptop"), format!("a name is lost: {on_desk:?}"))?;

    remove(&desk, "Laptop", &look).await?;
    desk.open("localhost").await?;
    register(&desk, &mut judge, "grace").await?;
    sync_now(&desk).await?;
    sync_in_vain(&laptop, "This device was removed").await?;
    look(&laptop, "removed").await?;
    sign_in(&laptop, &mut judge, "ada").await?;
    laptop.open_beside("manager.html").await?;
    laptop.says("Passkeys: 1").await?;

    desk.browser.quit().await?;
    laptop.browser.quit().await?;
    let third = computer(Kind::Chromium).await?;
    recover((&third, "New"), &words, &storage, (2, "Desk"), &look).await?;
    sign_in(&third, &mut judge, "grace").await?;
    third.browser.quit().await
}

async fn sign_in(stage: &Stage, judge: &mut Script, user: &str) -> Result<(), Error> {
    stage.open("localhost").await?;
    let options = judge.sign_in_options(Policy::new(user, "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let accepted = signed_in(stage, judge).await?;
    ensure(accepted.user == user, format!("{accepted:?}"))
}
