//! A private window, which the user has let the extension into: the consent window warns before a passkey stays, and the settings leave such
//! windows to the browser.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::{Browser, Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::By;

use super::manager::eventually;
use super::steps::{credential, ensure, is_ours, window_says};
use super::toolbar::says;

pub async fn warns_in_a_private_window_and_leaves_it_to_the_browser(stage: &Stage, host: &str) -> Result<(), Error> {
    let_in(stage).await?;
    let url = format!("{}/", stage.origin(host));
    open(stage, &url).await?;
    let mut judge = Script::simplewebauthn(host, &stage.origin(host))?;
    begin(stage, &mut judge, "ada").await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, "This is a private window, but the passkey stays after you close it.").await?;
    stage.looks_well("private").await?;
    window.approve().await?;
    let made = credential(stage).await?;
    ensure(is_ours(&made), "the browser made the passkey, though Keystow asked")?;
    judge.register(&made).await??;

    serve(stage, false).await?;
    open(stage, &url).await?;
    // Chromium's are tied to a tab.
    if stage.browser.kind() == Kind::Chromium {
        stage.browser.add_virtual_authenticator().await?;
    }
    begin(stage, &mut judge, "grace").await?;
    let made = credential(stage).await?;
    ensure(!is_ours(&made), "Keystow answers in a private window that is left to the browser")?;
    serve(stage, true).await
}

async fn begin(stage: &Stage, judge: &mut Script, user: &str) -> Result<(), Error> {
    let options = judge.registration_options(Policy::new(user, "discouraged")).await?;
    stage.begin("create", &options).await
}

/// The switch in the settings.
async fn serve(stage: &Stage, serve: bool) -> Result<(), Error> {
    stage.open_beside("manager.html#settings").await?;
    says(stage, "Passkeys in private windows").await?;
    stage.browser.find(By::Id("private-windows")).await?.click().await?;
    let written = "chrome.storage.local.get('preferences').then(({ preferences }) => preferences?.privateWindows)";
    eventually(stage, written, &json!(serve)).await
}

/// As a person does among the browser's extensions.
async fn let_in(stage: &Stage) -> Result<(), Error> {
    let id = match stage.browser.kind() {
        Kind::Chromium => Browser::CHROMIUM_ID,
        Kind::Firefox => Browser::FIREFOX_ID,
    };
    let problem = match stage.browser.kind() {
        Kind::Chromium => {
            stage.only_the_page().await?;
            stage.browser.goto("chrome://extensions/").await?;
            stage.browser.execute_async(CHROMIUM, vec![json!(id)]).await?.json().clone()
        }
        Kind::Firefox => stage.browser.in_chrome(FIREFOX, vec![json!(id)]).await?,
    };
    // It starts anew.
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure(problem == Value::Null, format!("the extension is not let into private windows: {problem}"))
}

/// Opens a private window with a page, and turns to it.
async fn open(stage: &Stage, url: &str) -> Result<(), Error> {
    stage.open_beside("manager.html#settings").await?;
    let before = stage.browser.windows().await?;
    let open = "const [url, done] = arguments;
        chrome.windows.create({ incognito: true, url }).then(() => done(null), (error) => done(String(error)))";
    let problem = stage.browser.execute_async(open, vec![json!(url)]).await?.json().clone();
    ensure(problem == Value::Null, format!("no private window: {problem}"))?;
    for _ in 0..250 {
        let new = stage.browser.windows().await?.into_iter().find(|handle| !before.contains(handle));
        if let Some(new) = new {
            stage.browser.switch_to_window(new).await?;
            if stage.browser.current_url().await.is_ok_and(|now| now.as_str() == url) {
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the private window does not show the page within five seconds".into())
}

const CHROMIUM: &str = "
    const [extensionId, done] = arguments;
    chrome.developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true })
      .then(() => done(null), (error) => done(String(error)));";

const FIREFOX: &str = "
    const [id, done] = arguments;
    (async () => {
      const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
      const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
      const { extension } = WebExtensionPolicy.getByID(id);
      await ExtensionPermissions.add(id, { permissions: ['internal:privateBrowsingAllowed'], origins: [] }, extension);
      await (await AddonManager.getAddonByID(id)).reload();
    })().then(() => done(null), (error) => done(String(error)));";
