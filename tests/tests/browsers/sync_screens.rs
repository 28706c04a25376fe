//! Devices & sync in every state that it can be in, as a stand-in for the host tells it: what is shown, what is asked of the host, and how it
//! looks in every appearance and in both languages.

use serde_json::json;
use tests::browser::{Error, Kind};
use tests::stage::{Stage, StandIn};
use thirtyfour::By;

use super::steps::ensure;
use super::sync_icon;
use super::sync_states::{DAY, KEY, ago, asked, at, code, failed, focus_is, key, now, on, press, typed};
use super::toolbar::says;

pub async fn play(kind: Kind) -> Result<(), Error> {
    let (host, stage) = StandIn::set(kind).await?;
    turned_on(&stage, &host).await?;
    what_was_typed_is_kept(&stage, &host).await?;
    a_device_is_added(&stage, &host).await?;
    joined_by_an_invitation(&stage, &host).await?;
    recovered(&stage, &host).await?;
    home(&stage, &host).await?;
    removed(&stage, &host).await?;
    sync_icon::the_popup_and_the_icon(&stage, &host).await?;
    sync_icon::once_with_the_browser(&stage, &host).await?;
    every_screen_in_german(&stage, &host).await?;
    stage.browser.quit().await
}

async fn turned_on(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({}), "Turn on sync").await?;
    stage.looks_well("sync-off").await?;
    press(stage, "sync-turn-on").await?;
    says(stage, "Where your devices meet").await?;
    stage.looks_well("sync-form").await?;
    press(stage, "sync-form-yes").await?;
    says(stage, "This is still missing.").await?;
    focus_is(stage, "folder-path").await?;
    press(stage, "kind-webdav").await?;
    typed(stage, "dav-url", "cloud.example.org/Keystow").await?;
    typed(stage, "dav-user", "ada").await?;
    typed(stage, "dav-password", "hunter2").await?;
    stage.looks_well("sync-form-webdav").await?;
    host.asked()?;
    now(host, json!({"step": {"working": {}}}))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "Keystow is trying the storage.").await?;
    let at = json!({"webDav": {"url": "https://cloud.example.org/Keystow", "user": "ada", "password": "hunter2"}});
    asked(host, json!({"begin": {"task": {"turnOn": {"storage": at, "name": ""}}}})).await?;
    stage.looks_well("sync-working").await?;
    now(host, key(false))?;
    says(stage, "Write down your recovery key").await?;
    says(stage, "absorb").await?;
    stage.looks_well("sync-key").await?;
    press(stage, "sync-yes").await?;
    says(stage, "Word 19").await?;
    let shown = stage.browser.execute("return document.body.textContent", vec![]).await?;
    ensure(!shown.json().to_string().contains("absorb"), "the words are still in the document")?;
    typed(stage, "word-first", "Absorb ").await?;
    typed(stage, "word-second", "acrosss").await?;
    now(host, key(true))?;
    press(stage, "sync-yes").await?;
    asked(host, json!({"goOn": {"words": ["absorb", "acrosss"]}})).await?;
    says(stage, "Those are not the words.").await?;
    stage.looks_well("sync-key-check").await?;
    now(host, json!({"on": on(json!({})), "step": {"done": {"turnedOn": {}}}}))?;
    press(stage, "sync-yes").await?;
    says(stage, "Sync is on").await?;
    stage.looks_well("sync-done").await?;
    now(host, json!({"on": on(json!({}))}))?;
    press(stage, "sync-yes").await?;
    says(stage, "Everything is synced").await
}

async fn what_was_typed_is_kept(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({}), "Turn on sync").await?;
    press(stage, "sync-turn-on").await?;
    press(stage, "kind-s3").await?;
    for field in ["s3-endpoint", "s3-bucket", "s3-id", "s3-secret"] {
        typed(stage, field, field).await?;
    }
    stage.looks_well("sync-form-s3").await?;
    now(host, failed(json!({"storage": "notAllowed"})))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "The storage does not let Keystow in.").await?;
    focus_is(stage, "s3-secret").await?;
    let kept = "return [document.getElementById('s3-bucket').value, document.getElementById('s3-secret').ariaInvalid]";
    let kept = stage.browser.execute(kept, vec![]).await?;
    ensure(*kept.json() == json!(["s3-bucket", "true"]), format!("what was typed is lost: {}", kept.json()))?;
    stage.looks_well("sync-form-failed").await?;
    // Another reason is told by the host alone.
    now(host, failed(json!("badStorage")))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "What the host says.").await?;
    now(host, json!({}))?;
    press(stage, "sync-form-no").await?;
    press(stage, "sync-turn-on").await?;
    let empty = stage.browser.execute("return document.getElementById('s3-secret').value", vec![]).await?;
    ensure(*empty.json() == "", "a password outlives the form")
}

async fn a_device_is_added(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({"on": on(json!({}))}), "Everything is synced").await?;
    host.asked()?;
    now(host, json!({"on": on(json!({})), "step": code()}))?;
    press(stage, "sync-add").await?;
    says(stage, "7QK4-M2XB-P9DT-3HWE").await?;
    asked(host, json!({"begin": {"task": {"addDevice": {}}}})).await?;
    stage.looks_well("sync-code").await?;
    now(host, json!({"on": on(json!({})), "step": {"asked": {"name": "Office laptop (Firefox on Linux)"}}}))?;
    says(stage, "Add “Office laptop (Firefox on Linux)”?").await?;
    focus_is(stage, "sync-step-title").await?;
    stage.looks_well("sync-asked").await?;
    now(host, json!({"on": on(json!({})), "step": {"done": {"added": {"name": "Office laptop", "passkeys": 412}}}}))?;
    press(stage, "sync-yes").await?;
    asked(host, json!({"goOn": {"yes": {}}})).await?;
    says(stage, "Passkeys shared: 412").await
}

async fn joined_by_an_invitation(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({}), "Join my other devices").await?;
    press(stage, "sync-join").await?;
    stage.looks_well("sync-join").await?;
    let storage = json!({"webDav": {"url": "https://cloud.example.org/Keystow", "user": "ada", "password": ""}});
    let invitation: protocol::manage::sync::Invitation =
        serde_json::from_value(json!({"code": "7QK4-M2XB-P9DT-3HWE", "storage": storage}))?;
    typed(stage, "sync-code", invitation.to_text().expose_secret()).await?;
    says(stage, "The storage is filled in.").await?;
    typed(stage, "dav-password", "hunter2").await?;
    typed(stage, "sync-name", "Desk").await?;
    host.asked()?;
    now(host, json!({"step": {"waiting": {}}}))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "Waiting for your answer").await?;
    let storage = json!({"webDav": {"url": "https://cloud.example.org/Keystow", "user": "ada", "password": "hunter2"}});
    let device = json!({"storage": storage, "name": "Desk"});
    asked(host, json!({"begin": {"task": {"join": {"code": "7QK4-M2XB-P9DT-3HWE", "device": device}}}})).await?;
    stage.looks_well("sync-waiting").await?;
    now(host, failed(json!("badCode")))?;
    says(stage, "That code is not right.").await?;
    focus_is(stage, "sync-code").await?;
    now(host, json!({"on": on(json!({})), "step": {"done": {"joined": {"passkeys": 412}}}}))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "Passkeys on this device: 412").await?;
    stage.looks_well("sync-joined").await
}

async fn recovered(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    at(stage, host, json!({}), "I have a recovery key").await?;
    press(stage, "sync-recover").await?;
    typed(stage, "folder-path", "~/Sync/Keystow").await?;
    typed(stage, "sync-words", "abandon ability").await?;
    press(stage, "sync-form-yes").await?;
    says(stage, "A recovery key has 24 words; these are 2.").await?;
    stage.looks_well("sync-recover").await?;
    stage.browser.find(By::Id("sync-words")).await?.clear().await?;
    typed(stage, "sync-words", &KEY.to_uppercase()).await?;
    host.asked()?;
    let found =
        json!({"passkeys": 412, "devices": ["MacBook", "Desktop", "Phone"], "changed": ago(3 * DAY), "by": "MacBook"});
    now(host, json!({"step": {"found": found}}))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "from “MacBook”").await?;
    let device = json!({"storage": {"folder": {"path": "~/Sync/Keystow"}}, "name": ""});
    asked(host, json!({"begin": {"task": {"recover": {"device": device, "words": KEY}}}})).await?;
    stage.looks_well("sync-found").await?;
    now(host, json!({"on": on(json!({})), "step": {"done": {"joined": {"passkeys": 412}}}}))?;
    press(stage, "sync-yes").await?;
    says(stage, "Your passkeys are back").await?;
    says(stage, "Is one of these lost?").await?;
    stage.looks_well("sync-lost").await?;
    let listed = stage.browser.find_all(By::Css("#sync-lost-devices > li")).await?.len();
    ensure(listed == 1, format!("{listed} devices may be lost, of one"))?;
    now(host, json!({"on": on(json!({}))}))?;
    stage.browser.find(By::Css("#sync-lost-devices .remove")).await?.click().await?;
    says(stage, "Remove “Desktop”?").await
}

async fn home(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    let devices = json!({"devices": [
        {"id": "00", "name": "MacBook", "here": true, "seen": ago(0), "removable": false},
        {"id": "01", "name": "Office laptop", "here": false, "seen": ago(5 * 3_600_000), "removable": true, "invited": ["Tablet"]},
        {"id": "02", "name": "Old laptop", "here": false, "seen": ago(40 * DAY), "removable": false},
    ]});
    at(stage, host, json!({"on": on(devices.clone())}), "Office laptop").await?;
    stage.looks_well("sync-home").await?;
    now(host, json!({"on": on(json!({"trouble": {"kind": "unreachable", "sentence": "No."}}))}))?;
    press(stage, "sync-now").await?;
    says(stage, "Perhaps you are offline.").await?;
    stage.looks_well("sync-offline").await?;
    let mut alarmed = on(devices);
    alarmed["devices"]
        .as_array_mut()
        .ok_or("a list")?
        .push(json!({"id": "03", "name": "Office laptop", "here": false, "removable": true}));
    alarmed["alarms"] = json!([{"twice": {"device": "Office laptop"}}, {"rolledBack": {"device": "Office laptop"}},
        {"newer": {"device": "Phone"}}, {"withheld": {"device": "Phone"}}, {"removed": {"device": "Tablet", "by": "Old laptop"}},
        {"silent": {"device": "Old laptop"}}, {"strange": {"count": 7}}]);
    alarmed["trouble"] = json!({"kind": "notAllowed", "sentence": "No."});
    alarmed["pending"] = json!(3);
    alarmed["untold"] = json!(["Old laptop"]);
    at(stage, host, json!({"on": alarmed}), "“Office laptop” is listed twice.").await?;
    stage.looks_well("sync-alarms").await?;
    host.asked()?;
    stage.browser.find(By::Css(".publish")).await?.click().await?;
    asked(host, json!({"now": {}})).await?;
    at(stage, host, json!({"on": on(json!({"removed": true}))}), "This device was removed").await?;
    stage.looks_well("sync-removed-here").await
}

async fn removed(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    let devices = json!({"devices": [
        {"id": "00", "name": "MacBook", "here": true, "removable": false},
        {"id": "02", "name": "Old laptop", "here": false, "seen": ago(DAY), "removable": false, "invited": ["Tablet", "TV"]},
    ]});
    at(stage, host, json!({"on": on(devices.clone())}), "Old laptop").await?;
    stage.browser.find(By::Css(".remove")).await?.click().await?;
    says(stage, "Remove “Old laptop”?").await?;
    says(stage, "Tablet, TV").await?;
    press(stage, "sync-stolen").await?;
    stage.looks_well("sync-remove").await?;
    typed(stage, "sync-words", KEY).await?;
    host.asked()?;
    let sites: Vec<String> =
        ["bank", "mail", "shop", "forum"].iter().map(|name| format!("{name}.example.com")).collect();
    let done = json!({"done": {"removed": {"name": "Old laptop", "sites": sites}}});
    now(host, json!({"on": on(devices), "step": done}))?;
    press(stage, "sync-form-yes").await?;
    says(stage, "“Old laptop” is removed").await?;
    asked(host, json!({"begin": {"task": {"remove": {"device": "02", "stolen": true, "words": KEY}}}})).await?;
    stage.browser.find(By::Css("#sync-sites input")).await?.click().await?;
    says(stage, "Done: 1 / 4").await?;
    stage.looks_well("sync-sites").await?;
    let link = stage.browser.find(By::Css("#sync-sites a")).await?;
    ensure(link.attr("href").await?.as_deref() == Some("https://bank.example.com/"), "the site is not linked")
}

async fn every_screen_in_german(stage: &Stage, host: &StandIn) -> Result<(), Error> {
    super::german::speak(stage, json!({ "language": "de" })).await?;
    let mut alarmed = on(json!({"trouble": {"kind": "full", "sentence": "No."}}));
    alarmed["alarms"] = json!([{"twice": {"device": "Laptop"}}, {"rolledBack": {"device": "Laptop"}}, {"withheld": {"device": "Laptop"}}]);
    let found = json!({"passkeys": 412, "devices": ["MacBook", "Desktop"], "changed": ago(3 * DAY), "by": "MacBook"});
    let sites =
        json!({"done": {"removed": {"name": "Altes Notebook", "sites": ["bank.example.com", "mail.example.com"]}}});
    let screens = [
        ("off", json!({}), "Sync einschalten"),
        ("home", json!({"on": on(json!({}))}), "Alles ist synchronisiert"),
        ("alarms", json!({"on": alarmed}), "doppelt aufgeführt"),
        ("key", key(false), "Schreiben Sie"),
        ("code", json!({"on": on(json!({})), "step": code()}), "7QK4"),
        ("found", json!({"step": {"found": found}}), "gefunden"),
        ("sites", json!({"on": on(json!({})), "step": sites}), "ist entfernt"),
        ("waiting", json!({"step": {"waiting": {}}}), "Gehen Sie zu"),
    ];
    for (name, state, text) in screens {
        at(stage, host, state, text).await?;
        stage.looks_well(&format!("sync-german-{name}")).await?;
    }
    at(stage, host, json!({}), "Sync einschalten").await?;
    press(stage, "sync-turn-on").await?;
    press(stage, "kind-webdav").await?;
    stage.looks_well("sync-german-form").await?;
    super::german::speak(stage, json!({})).await
}
