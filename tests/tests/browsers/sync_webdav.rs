//! Sync over a server, with the host itself: whether a passkey is backed up is told to the site, and shown, as it is (SYNC §13).

use servers::{Cut, PASSWORD, Proxy, WebDav};
use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::relying_party::Facts;
use tests::stage::Stage;
use tests::sync_steps::{open, sync_in_vain, sync_now, turn_on};

use super::steps::{credential, ensure, registered};

/// A passkey is backed up once the server has it: at once where it can be reached, and after the next sync where it could not.
pub async fn play() -> Result<(), Error> {
    let Some(server) = WebDav::rclone() else { return Ok(()) };
    let way = Proxy::before(server.port());
    let stage = Stage::set(Kind::Chromium).await?;
    let mut judge = stage.visit("localhost").await?;
    let facts = made(&stage, &mut judge, "ada").await?;
    ensure(!facts.backup_state, "a passkey without sync is told to be backed up")?;

    let look = async |_: &Stage, _: &str| Ok(());
    turn_on(&stage, "Desk", &server.config_at(way.port(), "keystow", PASSWORD), &look).await?;
    ensure(server.folder().join("v1").is_dir(), "nothing is on the server")?;
    stage.open("localhost").await?;
    let facts = made(&stage, &mut judge, "grace").await?;
    ensure(facts.backup_state, "a passkey that the server has is not told to be backed up")?;
    let facts = used(&stage, &mut judge, "ada").await?;
    ensure(facts.backup_state, "a passkey from before is not backed up though sync is on")?;

    way.set(Cut::Down(0));
    let facts = made(&stage, &mut judge, "joan").await?;
    ensure(!facts.backup_state, "a passkey is told to be backed up while the server is away")?;
    stage.open_beside("manager.html").await?;
    stage.says("Only on this device").await?;
    stage.looks_well("sync-real-here-only").await?;
    ensure(marked(&stage).await? == ["joan"], format!("marked: {:?}", marked(&stage).await?))?;
    details_say(&stage, "joan", "On this computer only").await?;
    details_say(&stage, "grace", "Here and, sealed, on your storage").await?;
    sync_in_vain(&stage, "Storage out of reach; syncs later").await?;

    way.set(Cut::Never);
    sync_now(&stage).await?;
    stage.open_beside("manager.html").await?;
    details_say(&stage, "joan", "Here and, sealed, on your storage").await?;
    ensure(marked(&stage).await?.is_empty(), "what is backed up is still marked")?;
    stage.open("localhost").await?;
    let facts = used(&stage, &mut judge, "joan").await?;
    ensure(facts.backup_state, "a passkey that the server has by now is not told to be backed up")?;
    stage.browser.quit().await
}

/// A passkey that the site has accepted; it may always be on more than one device.
async fn made(stage: &Stage, judge: &mut Script, user: &str) -> Result<Facts, Error> {
    of(Facts::of_registration(&registered(stage, judge, user).await?))
}

/// The same for a sign-in.
async fn used(stage: &Stage, judge: &mut Script, user: &str) -> Result<Facts, Error> {
    let options = judge.sign_in_options(Policy::new(user, "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let credential = credential(stage).await?;
    judge.sign_in(&credential).await??;
    of(Facts::of_sign_in(&credential))
}

fn of(facts: Option<Facts>) -> Result<Facts, Error> {
    let facts = facts.ok_or("there is no authenticator data")?;
    ensure(facts.backup_eligible, "it is not told that the passkey may be on other devices")?;
    Ok(facts)
}

/// The accounts whose passkeys are marked as on this device alone.
async fn marked(stage: &Stage) -> Result<Vec<String>, Error> {
    let script = "return [...document.querySelectorAll('.passkey')]
        .filter((row) => row.querySelector('.marks').textContent.includes('Only on this device'))
        .map((row) => row.querySelector('.detail').textContent)";
    Ok(serde_json::from_value(stage.browser.execute(script, vec![]).await?.json().clone())?)
}

async fn details_say(stage: &Stage, user: &str, text: &str) -> Result<(), Error> {
    open(stage, user).await?;
    stage.says(text).await
}
