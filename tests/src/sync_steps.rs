//! What a person does with several devices, step by step, on the manager's own screens and nowhere else. Each step leaves the manager open on the
//! device; where there is something to look at, `look` is called with the device and a name for what it shows.

use std::time::{Duration, Instant};

use protocol::manage::sync::StorageConfig;
use serde_json::Value;
use thirtyfour::By;

use crate::browser::Error;
use crate::stage::Stage;

/// The PIN of the person, where Keystow asks for one.
pub const PIN: &str = "open sesame 7";

/// For what takes a few looks at a storage.
const PATIENCE: Duration = Duration::from_secs(45);

/// The first device turns sync on: it is called `name`, and writes down the recovery key, whose words are the answer.
pub async fn turn_on(
    stage: &Stage,
    name: &str,
    storage: &StorageConfig,
    look: &impl AsyncFn(&Stage, &str) -> Result<(), Error>,
) -> Result<Vec<String>, Error> {
    place(stage).await?;
    stage.press("sync-turn-on").await?;
    fill_in(stage, storage).await?;
    stage.types("sync-name", name).await?;
    stage.press("sync-form-yes").await?;
    through(stage, "Write down your recovery key").await?;
    look(stage, "key").await?;
    let mut words = Vec::new();
    for word in stage.browser.find_all(By::Css("#key-words li")).await? {
        words.push(word.text().await?);
    }
    stage.press("sync-yes").await?;
    stage.says("Is it all there?").await?;
    for field in ["word-first", "word-second"] {
        let label = stage.browser.find(By::Id(format!("{field}-label"))).await?.text().await?;
        let number: usize = label.trim_start_matches("Word ").parse()?;
        stage.types(field, words.get(number - 1).ok_or("so many words are not there")?).await?;
    }
    stage.press("sync-yes").await?;
    through(stage, "Sync is on").await?;
    stage.press("sync-yes").await?;
    stage.says("This device").await?;
    Ok(words)
}

/// `new` joins by the invitation that `old`, whose manager is open, copies; both say at the end that `passkeys` are shared. The storage is told
/// by the invitation, all but its password.
pub async fn join(
    old: &Stage,
    (new, name): (&Stage, &str),
    storage: &StorageConfig,
    passkeys: usize,
    look: &impl AsyncFn(&Stage, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    place(old).await?;
    old.press("sync-add").await?;
    through(old, "Good once").await?;
    look(old, "code").await?;
    let invitation = state(old).await?["step"]["code"]["invitation"].clone();
    place(new).await?;
    new.press("sync-join").await?;
    new.types("sync-code", invitation.as_str().ok_or("no invitation")?).await?;
    new.says("The storage is filled in.").await?;
    if let StorageConfig::WebDav { password, .. } = storage {
        new.types("dav-password", password.expose_secret()).await?;
    }
    new.types("sync-name", name).await?;
    new.press("sync-form-yes").await?;
    through(new, "Waiting for your answer").await?;
    through(old, &format!("Add “{name}”?")).await?;
    look(old, "asked").await?;
    old.press("sync-yes").await?;
    through(old, &format!("“{name}” is added")).await?;
    old.says(&format!("Passkeys shared: {passkeys}")).await?;
    old.press("sync-yes").await?;
    through(new, &format!("Passkeys on this device: {passkeys}")).await?;
    look(new, "joined").await?;
    new.press("sync-yes").await?;
    new.says("This device").await
}

/// Removes the device of this name as a stolen one: what it had is listed, a site a line.
pub async fn remove(
    stage: &Stage,
    name: &str,
    look: &impl AsyncFn(&Stage, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    place(stage).await?;
    stage.says(name).await?;
    stage.browser.find(By::Css(format!(".remove[aria-label*='{name}']"))).await?.click().await?;
    stage.press("sync-stolen").await?;
    stage.press("sync-form-yes").await?;
    through(stage, &format!("“{name}” is removed")).await?;
    stage.says("localhost").await?;
    look(stage, "sites").await?;
    stage.press("sync-yes").await?;
    stage.says("This device").await
}

/// A device that has nothing recovers `passkeys` from the words; it is called `name`. The device that is `lost` is removed at once.
pub async fn recover(
    (stage, name): (&Stage, &str),
    words: &[String],
    storage: &StorageConfig,
    (passkeys, lost): (usize, &str),
    look: &impl AsyncFn(&Stage, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    place(stage).await?;
    stage.press("sync-recover").await?;
    stage.types("sync-words", &words.join(" ")).await?;
    fill_in(stage, storage).await?;
    stage.types("sync-name", name).await?;
    stage.press("sync-form-yes").await?;
    through(stage, "Found your passkeys").await?;
    look(stage, "found").await?;
    stage.press("sync-yes").await?;
    through(stage, &format!("Passkeys on this device: {passkeys}")).await?;
    stage.says("Is one of these lost?").await?;
    look(stage, "lost").await?;
    stage.browser.find(By::Css(format!("#sync-lost-devices .remove[aria-label*='{lost}']"))).await?.click().await?;
    stage.says(&format!("Remove “{lost}”?")).await?;
    stage.press("sync-form-yes").await?;
    through(stage, &format!("“{lost}” is removed")).await?;
    stage.press("sync-yes").await?;
    stage.says("This device").await
}

/// Presses "Sync now", and waits until a pass that began after that has come to its end, and nothing waits to be synced.
pub async fn sync_now(stage: &Stage) -> Result<(), Error> {
    place(stage).await?;
    let before = state(stage).await?["on"]["last"].as_u64();
    stage.press("sync-now").await?;
    let begun = Instant::now();
    loop {
        let on = state(stage).await?["on"].take();
        let is_through = on["last"].as_u64() > before && on["busy"] == false && on["pending"] == 0;
        if is_through {
            return stage.says("Everything is synced").await;
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("no pass comes to its end: {on}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Presses "Sync now" where that cannot succeed, and waits for what is said of it.
pub async fn sync_in_vain(stage: &Stage, said: &str) -> Result<(), Error> {
    place(stage).await?;
    stage.press("sync-now").await?;
    stage.says_within(said, PATIENCE).await
}

/// Gives the passkey of `user` a name of one's own.
pub async fn name_it(stage: &Stage, user: &str, name: &str) -> Result<(), Error> {
    open(stage, user).await?;
    stage.browser.find(By::Id("label")).await?.clear().await?;
    stage.types("label", name).await?;
    stage.press("save").await?;
    stage.says("Saved").await
}

/// The name of the passkey of `user`, then those that it had before, as the manager shows them.
pub async fn names(stage: &Stage, user: &str) -> Result<Vec<String>, Error> {
    open(stage, user).await?;
    stage.says("Earlier names and notes").await?;
    stage.browser.execute("document.getElementById('earlier').open = true", vec![]).await?;
    let script = "return [document.getElementById('label').value,
        ...[...document.querySelectorAll('#earlier-list .text')].map((text) => text.textContent)]";
    Ok(serde_json::from_value(stage.browser.execute(script, vec![]).await?.json().clone())?)
}

/// Opens the manager where the devices are, and waits until it tells how things stand.
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

/// Waits until the screen says `words`; the PIN is typed where it is asked for before.
async fn through(stage: &Stage, words: &str) -> Result<(), Error> {
    let begun = Instant::now();
    let mut is_asked = false;
    while begun.elapsed() < PATIENCE {
        if stage.says_within(words, Duration::from_millis(200)).await.is_ok() {
            return Ok(());
        }
        let dialog = stage.browser.find_all(By::Css("#pin-dialog[open]")).await?;
        if !is_asked && !dialog.is_empty() {
            stage.types("pin", PIN).await?;
            stage.press("pin-ok").await?;
            is_asked = true;
        }
    }
    stage.says(words).await
}

/// Opens the passkey of `user`.
pub async fn open(stage: &Stage, user: &str) -> Result<(), Error> {
    stage.open_beside("manager.html").await?;
    stage.says("Passkeys: ").await?;
    for _ in 0..50 {
        for line in stage.browser.find_all(By::Css(".passkey")).await? {
            // A list that has just been told something new draws its lines anew.
            if line.text().await.is_ok_and(|text| text.contains(user)) && line.click().await.is_ok() {
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("no passkey of {user} is listed").into())
}

async fn fill_in(stage: &Stage, storage: &StorageConfig) -> Result<(), Error> {
    match storage {
        StorageConfig::Folder { path } => stage.types("folder-path", path).await,
        StorageConfig::WebDav { url, user, password } => {
            stage.press("kind-webdav").await?;
            stage.types("dav-url", url).await?;
            stage.types("dav-user", user).await?;
            stage.types("dav-password", password.expose_secret()).await
        }
        StorageConfig::S3 { .. } | StorageConfig::Sftp { .. } => Err("no step of these types such a storage".into()),
    }
}

/// What the host tells of sync, asked as the open manager does.
async fn state(stage: &Stage) -> Result<Value, Error> {
    let script = "const [done] = arguments;
        const port = chrome.runtime.connect({ name: 'manager' });
        port.onMessage.addListener(({ ok }) => { done(ok.sync); port.disconnect(); });
        port.postMessage({ id: 1, request: { sync: { state: {} } } })";
    Ok(stage.browser.execute_async(script, vec![]).await?.json().clone())
}
