//! Sync beside its own place: the popup's line, the number on the icon, and the browser's start.

use std::time::Duration;

use serde_json::json;
use tests::browser::Error;
use tests::stage::{Stage, StandIn};

use super::steps::ensure;
use super::sync_states::{at, now, on};
use super::toolbar::says;

/// What waits for a person is counted on the icon and said in the popup; nothing else is.
pub async fn the_popup_and_the_icon(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    let script = "const [done] = arguments; chrome.action.getBadgeText({}).then(done)";
    now(host, json!({"on": on(json!({"alarms": [{"twice": {"device": "Phone"}}, {"silent": {"device": "TV"}}]}))}))?;
    stage.open_beside("manager.html?popup").await?;
    says(stage, "Sync needs you: 1").await?;
    stage.looks_well("sync-popup-alarm").await?;
    let badge = stage.browser.execute_async(script, vec![]).await?;
    ensure(*badge.json() == "1", format!("the icon says {}", badge.json()))?;
    now(host, json!({"on": on(json!({}))}))?;
    stage.open_beside("manager.html?popup").await?;
    says(stage, "Everything is synced").await?;
    stage.looks_well("sync-popup").await?;
    let badge = stage.browser.execute_async(script, vec![]).await?;
    ensure(*badge.json() == "", format!("the icon still says {}", badge.json()))?;
    now(host, json!({}))?;
    stage.open_beside("manager.html?popup").await?;
    says(stage, "Passkeys").await?;
    let line = stage.browser.execute("return document.getElementById('sync-brief').hidden", vec![]).await?;
    ensure(*line.json() == true, "there is a line though sync is off")
}

/// Where sync is on, the first background of a browser has the host synchronize, and no later one.
pub async fn once_with_the_browser(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({"on": on(json!({}))}), "Everything is synced").await?;
    let wakes = async || {
        host.asked()?;
        stage.end_background().await?;
        stage.open_beside("manager.html#settings").await?;
        says(stage, "Appearance").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok::<_, Error>(host.asked()?.contains(&json!({"now": {}})))
    };
    ensure(!wakes().await?, "each background has the host synchronize")?;
    // As it is when the browser has been closed in between.
    let forget = "const [done] = arguments; chrome.storage.session.clear().then(done)";
    stage.browser.execute_async(forget, vec![]).await?;
    ensure(wakes().await?, "the host does not synchronize when the browser starts")?;
    at(stage, host, json!({}), "Turn on sync").await?;
    stage.browser.execute_async(forget, vec![]).await?;
    ensure(!wakes().await?, "the host is asked to synchronize though sync is off")
}
