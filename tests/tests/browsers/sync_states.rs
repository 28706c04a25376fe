//! States of sync for the stand-in to tell, and what a person does about them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::browser::Error;
use tests::stage::{Stage, StandIn};
use thirtyfour::By;

use super::steps::ensure;
use super::toolbar::says;

/// A recovery key, as far as a stand-in knows.
pub const KEY: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual";

pub const DAY: u64 = 86_400_000;

/// So many milliseconds ago.
pub fn ago(milliseconds: u64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or_default() - milliseconds
}

/// A vault in which all is well, but for `changed`.
pub fn on(changed: Value) -> Value {
    let at = json!({"webDav": {"url": "https://cloud.example.org/Keystow", "user": "ada", "password": ""}});
    let mut on = json!({
        "storage": "WebDAV, cloud.example.org", "at": at, "last": ago(120_000), "busy": false, "pending": 0, "recoveryKeys": 1,
        "alarms": [], "removed": false,
        "devices": [
            {"id": "00", "name": "Laptop", "here": true, "seen": ago(0), "removable": false},
            {"id": "01", "name": "Desktop", "here": false, "seen": ago(DAY), "removable": true},
        ],
    });
    for (name, value) in changed.as_object().into_iter().flatten() {
        on[name] = value.clone();
    }
    on
}

pub fn key(wrong: bool) -> Value {
    json!({"step": {"recoveryKey": {"words": KEY, "asked": [7, 19], "wrong": wrong}}})
}

pub fn code() -> Value {
    let invitation = format!("keystow-join:{}", "abcd".repeat(45));
    json!({"code": {"code": "7QK4-M2XB-P9DT-3HWE", "invitation": invitation, "until": ago(0) + 1_800_000}})
}

pub fn failed(why: Value) -> Value {
    json!({"step": {"failed": {"why": why, "sentence": "What the host says."}}})
}

pub fn now(host: &StandIn, sync: Value) -> Result<(), Error> {
    host.answer(&sync, &json!({"labels": [], "notes": []}))
}

/// The place, as sync stands like this.
pub async fn at(stage: &Stage, host: &StandIn, sync: Value, text: &str) -> Result<(), Error> {
    now(host, sync)?;
    stage.open_beside("manager.html#sync").await?;
    says(stage, text).await
}

pub async fn press(stage: &Stage, id: &str) -> Result<(), Error> {
    Ok(stage.browser.find(By::Id(id)).await?.click().await?)
}

pub async fn typed(stage: &Stage, id: &str, text: &str) -> Result<(), Error> {
    Ok(stage.browser.find(By::Id(id)).await?.send_keys(text).await?)
}

pub async fn focus_is(stage: &Stage, id: &str) -> Result<(), Error> {
    let focus = stage.browser.execute("return document.activeElement.id", vec![]).await?;
    ensure(*focus.json() == id, format!("the keyboard is at {} instead of {id}", focus.json()))
}

/// Waits until this is asked of the host.
pub async fn asked(host: &StandIn, expected: Value) -> Result<(), Error> {
    let mut all = Vec::new();
    for _ in 0..250 {
        all.extend(host.asked()?);
        if all.contains(&expected) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("{expected} should have been asked, not {all:?}").into())
}
