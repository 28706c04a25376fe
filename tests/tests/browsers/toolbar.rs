//! What opens from the toolbar: the section of the manager on the tab. Here it fills a tab, beside the one that it is about: WebDriver sees no popups in Firefox.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::{Stage, end_process};
use thirtyfour::By;

use super::conditional::{is_pending, is_shown, parked_with};
use super::steps::{credential, ensure, is_ours, register, signed_in};

pub async fn carries_the_offer_of_a_page_without_a_field(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = parked_with(stage, host, "").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure(!is_shown(stage).await?, "there is an invitation though there is no field")?;
    open(stage).await?;
    says(stage, &format!("Use a passkey for {host}")).await?;
    stage.looks_well("toolbar-offer").await?;
    let icon = "Promise.all([chrome.action.getBadgeText({ tabId }), chrome.action.getTitle({ tabId })])";
    let badge = beside(stage, icon).await?;
    ensure(badge == json!(["1", format!("Use a passkey for {host}")]), format!("the icon says {badge}"))?;
    stage.browser.find(By::Css(".offer")).await?.click().await?;
    only_page_and_window(stage).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

pub async fn an_offer_that_was_withdrawn_is_gone(stage: &Stage, host: &str) -> Result<(), Error> {
    parked_with(stage, host, "").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    stage.browser.execute("parkedBy.abort()", vec![]).await?;
    open(stage).await?;
    says(stage, "Keystow is ready.").await?;
    ensure(stage.browser.find_all(By::Css(".offer")).await?.is_empty(), "what was taken back is still offered")
}

pub async fn a_site_that_is_switched_off_is_left_to_the_browser(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    open(stage).await?;
    says(stage, host).await?;
    flip(stage, "on-here").await?;
    says(stage, "Keystow is off on this site.").await?;
    stage.looks_well("toolbar-off").await?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("grace", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let made = credential(stage).await?;
    ensure(!is_ours(&made), "Keystow answers a site that it is switched off for")?;
    judge.register(&made).await??;
    // The switch outlives the background.
    stage.end_background().await?;
    open(stage).await?;
    says(stage, "Keystow is off on this site.").await?;
    flip(stage, "on-here").await?;
    says(stage, "Keystow is ready.").await?;
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "joan").await.map(|_| ())
}

pub async fn the_switches_for_saving_automatically(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open(host).await?;
    open(stage).await?;
    says(stage, "Keystow is ready.").await?;
    let switches = "return ['on-here', 'upgrades-here', 'upgrades'].map((id) => document.getElementById(id))
        .map(({ checked, disabled }) => [checked, disabled])";
    let are = |expected: Value| async move {
        for _ in 0..100 {
            if *stage.browser.execute(switches, vec![]).await?.json() == expected {
                return Ok::<(), Error>(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let now = stage.browser.execute(switches, vec![]).await?;
        Err(format!("the switches should be {expected} and are {}", now.json()).into())
    };
    are(json!([[true, false], [true, false], [true, false]])).await?;
    flip(stage, "upgrades-here").await?;
    are(json!([[true, false], [false, false], [true, false]])).await?;
    flip(stage, "upgrades-here").await?;
    flip(stage, "upgrades").await?;
    are(json!([[true, false], [false, true], [false, false]])).await?;
    flip(stage, "upgrades").await?;
    are(json!([[true, false], [true, false], [true, false]])).await
}

/// What a conditional create leaves behind is put there by hand.
pub async fn what_was_saved_automatically_is_listed_and_undone(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let id = register(stage, &mut judge, "ada").await?;
    open(stage).await?;
    says(stage, "Keystow is ready.").await?;
    let saved = json!({ "rpId": host, "credentialId": id, "userName": "ada" });
    let put = "chrome.storage.session.set({ ['saved:' + '0'.repeat(32)]: { ...SAVED, tab: tabId, at: Date.now() } }).then(() => '')";
    beside(stage, &put.replace("SAVED", &saved.to_string())).await?;
    open(stage).await?;
    says(stage, "Saved automatically").await?;
    stage.looks_well("toolbar-saved").await?;
    stage.browser.find(By::Css(".undo")).await?.click().await?;
    says(stage, "Removed again").await?;
    stage.looks_well("toolbar-undone").await?;
    // It is gone: the browser's own function answers.
    let mut judge = stage.visit(host).await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure(!stage.has_window().await?, "the passkey is still there after Undo")
}

pub async fn something_in_front_of_the_passkey_functions_is_told(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open(host).await?;
    open(stage).await?;
    says(stage, host).await?;
    stage.only_the_page().await?;
    stage.browser.execute("navigator.credentials.get = () => Promise.reject()", vec![]).await?;
    open(stage).await?;
    says(stage, "Something else handles passkeys on this page").await?;
    stage.looks_well("toolbar-covered").await
}

/// That one was entered, and where; nothing else.
pub async fn a_password_that_was_entered_is_noted(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open(host).await?;
    let put = "document.body.insertAdjacentHTML('beforeend', '<input id=pw type=password>');
        document.querySelector('#pw').dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))";
    stage.browser.execute(put, vec![]).await?;
    open(stage).await?;
    says(stage, host).await?;
    let note = "chrome.storage.session.get(`password:${tabId}`).then((all) => Object.values(all).map(({ at, ...rest }) => rest))";
    let noted = beside(stage, note).await?;
    let earlier = noted.as_array().is_some_and(|notes| notes.iter().all(|note| note["site"] != host));
    ensure(earlier, format!("what a page pretends is noted: {noted}"))?;
    stage.only_the_page().await?;
    stage.browser.find(By::Id("pw")).await?.send_keys("correct horse").await?;
    open(stage).await?;
    says(stage, host).await?;
    let noted = beside(stage, note).await?;
    ensure(noted == json!([{ "site": host }]), format!("what is noted of a password: {noted}"))
}

pub async fn a_missing_host_is_told_with_what_to_do(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open(host).await?;
    let file = stage.host_manifest();
    let manifest = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    stage.hosts().into_iter().for_each(end_process);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let told = async {
        open(stage).await?;
        says(stage, "keystow doctor").await?;
        stage.looks_well("toolbar-no-host").await
    };
    let told = told.await;
    std::fs::write(&file, manifest)?;
    told
}

pub async fn a_request_stays_parked_while_the_toolbar_is_looked_at(stage: &Stage, host: &str) -> Result<(), Error> {
    parked_with(stage, host, r#"<input autocomplete="webauthn">"#).await?;
    open(stage).await?;
    says(stage, &format!("Use a passkey for {host}")).await?;
    stage.only_the_page().await?;
    ensure(is_pending(stage).await?, "looking has settled the page's promise")
}

/// What the promise `expression` comes to in the toolbar's page, `tabId` being the tab that it is about.
async fn beside(stage: &Stage, expression: &str) -> Result<Value, Error> {
    let script = format!(
        "const [done] = arguments;
         (async () => {{
           const {{ id: own }} = await chrome.tabs.getCurrent();
           const others = (await chrome.tabs.query({{ currentWindow: true }})).filter(({{ id }}) => id !== own);
           const {{ id: tabId }} = others.sort((one, other) => other.lastAccessed - one.lastAccessed)[0];
           return {expression};
         }})().then(done, (error) => done(String(error)))"
    );
    Ok(stage.browser.execute_async(script, vec![]).await?.json().clone())
}

/// Opens what opens from the toolbar in a tab beside the page's, and turns to it.
async fn open(stage: &Stage) -> Result<(), Error> {
    stage.open_beside("manager.html?popup").await
}

/// Waits until the toolbar's page says `words`.
pub async fn says(stage: &Stage, words: &str) -> Result<(), Error> {
    stage.says(words).await
}

pub async fn flip(stage: &Stage, switch: &str) -> Result<(), Error> {
    stage.browser.execute("document.getElementById('this-site').open = true", vec![]).await?;
    Ok(stage.browser.find(By::Id(switch)).await?.click().await?)
}

/// Turns to the page, the toolbar's own tab closed; the window that asks stays.
async fn only_page_and_window(stage: &Stage) -> Result<(), Error> {
    tokio::time::sleep(Duration::from_millis(500)).await;
    for handle in stage.browser.windows().await? {
        if stage.browser.switch_to_window(handle).await.is_ok()
            && stage.browser.current_url().await?.path().ends_with("/manager.html")
        {
            stage.browser.close_window().await?;
        }
    }
    stage.back_to_the_page().await
}
