//! What opens from the toolbar, opened there by the browser itself: in its own little window, about the tab in front.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::{Browser, Error, Kind};
use tests::stage::Stage;
use thirtyfour::WindowHandle;

use super::steps::{ensure, register};
use super::toolbar::{flip, says};

pub async fn opens_from_the_toolbar(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    match stage.browser.kind() {
        Kind::Chromium => in_chromium(stage, host).await,
        Kind::Firefox => in_firefox(stage, host).await,
    }
}

/// WebDriver knows the popup as a window, until another one is turned to.
async fn in_chromium(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open_beside("manager.html#settings").await?;
    let before = stage.browser.windows().await?;
    let opened = stage.browser.execute_async(CHROMIUM, vec![]).await?.json().clone();
    ensure(opened == true, format!("no popup opens: {opened}"))?;
    stage.browser.switch_to_window(another(stage, &before).await?).await?;
    for said in [host, "Keystow is ready.", "ada", "Passkeys: "] {
        says(stage, said).await?;
    }
    let size = "return [innerWidth, innerHeight, document.documentElement.scrollWidth]";
    let size = stage.browser.execute(size, vec![]).await?.json().clone();
    ensure(size == json!([380, 580, 380]), format!("the popup's width, height, and what is in it: {size}"))?;
    stage.browser.screenshot(&picture(stage)?).await?;
    flip(stage, "on-here").await?;
    says(stage, "Keystow is off on this site.").await?;
    flip(stage, "on-here").await?;
    says(stage, "Keystow is ready.").await
}

async fn another(stage: &Stage, before: &[WindowHandle]) -> Result<WindowHandle, Error> {
    for _ in 0..250 {
        if let Some(new) = stage.browser.windows().await?.into_iter().find(|handle| !before.contains(handle)) {
            return Ok(new);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("no window comes up from the toolbar".into())
}

/// WebDriver sees no popup here, so the browser's own window tells of it.
async fn in_firefox(stage: &Stage, host: &str) -> Result<(), Error> {
    let words = json!([host, "Keystow is ready.", "Passkeys: ", "ada"]);
    let arguments = vec![json!(Browser::FIREFOX_ID), words, json!(picture(stage)?)];
    let problem = stage.browser.in_chrome(FIREFOX, arguments).await?;
    ensure(problem == Value::Null, format!("in the popup: {problem}"))
}

/// Where the popup's picture goes.
fn picture(stage: &Stage) -> Result<std::path::PathBuf, Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/screens").canonicalize()?;
    Ok(folder.join(format!("{:?}-toolbar-popup.png", stage.browser.kind()).to_lowercase()))
}

/// Brings the page's tab to the front, and opens the popup before it.
const CHROMIUM: &str = "
    const [done] = arguments;
    (async () => {
      const { id: own } = await chrome.tabs.getCurrent();
      const { id } = (await chrome.tabs.query({ currentWindow: true })).find(({ id }) => id !== own);
      await chrome.tabs.update(id, { active: true });
      await chrome.action.openPopup();
    })().then(() => done(true), (error) => done(String(error)));";

/// Opens the popup as a click on the icon does; gives what is wrong with it, or null. Its picture goes to the file.
const FIREFOX: &str = "
    const [id, words, file, done] = arguments;
    (async () => {
      const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
      const { extension } = WebExtensionPolicy.getByID(id);
      const window = Services.wm.getMostRecentWindow('navigator:browser');
      await ExtensionParent.apiManager.global.browserActionFor(extension).openPopup(window);
      const pause = () => new Promise((resolve) => window.setTimeout(resolve, 100));
      const look = `data:,sendAsyncMessage('keystow', {
        size: [content.innerWidth, content.innerHeight, content.document.documentElement.scrollWidth].join(),
        text: content.document.body.innerText,
      })`;
      let popup, seen;
      for (let tries = 0; tries < 50; tries++) {
        await pause();
        // It is loaded out of sight first, and then put into the panel.
        popup = window.document.querySelector('browser[webextension-view-type=popup]');
        if (!popup?.messageManager) continue;
        const told = new Promise((resolve) => popup.messageManager.addMessageListener('keystow', ({ data }) => resolve(data)));
        popup.messageManager.loadFrameScript(look, false);
        seen = (await Promise.race([told, pause()])) ?? seen;
        if (seen?.size === '380,580,380' && words.every((word) => seen.text.includes(word))) break;
      }
      if (!popup) return 'none opens';
      const shot = await popup.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, 'white');
      const canvas = new window.OffscreenCanvas(shot.width, shot.height);
      canvas.getContext('2d').drawImage(shot, 0, 0);
      await IOUtils.write(file, new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
      popup.closest('panel')?.hidePopup();
      const isWhole = seen.size === '380,580,380' && words.every((word) => seen.text.includes(word));
      return isWhole ? null : JSON.stringify(seen);
    })().then(done, (error) => done(String(error)));";
