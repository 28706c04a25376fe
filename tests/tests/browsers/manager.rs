//! The manager: in a tab of its own, where there is room for all of it.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::Error;
use tests::host::Host;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key};

use super::conditional::{is_shown, parked_with};
use super::steps::{PIN, credential, ensure, register, window_says};
use super::toolbar::says;

pub async fn lists_searches_and_opens(stage: &Stage, host: &str) -> Result<(), Error> {
    // Enough before it that the list shows its own only when it is searched.
    Host::start(&stage.machine)?.fill("a-site", 30).await?;
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada@example.com").await?;
    register(stage, &mut judge, "grace@example.com").await?;
    open(stage, "").await?;
    search(stage, host).await?;
    says(stage, "ada@example.com").await?;
    ensure(!text(stage, "#count").await?.is_empty(), "it does not say how many there are")?;
    // What is typed anywhere in the list is searched for.
    stage.browser.find(By::Id("list")).await?.send_keys("x").await?;
    is(stage, "document.activeElement.id", &json!("search")).await?;
    search(stage, "nobody at all").await?;
    says(stage, "Nothing found").await?;
    stage.looks_well("manager-nothing-found").await?;
    search(stage, &format!("GRACE {host}")).await?;
    is(stage, "document.querySelectorAll('.passkey').length", &json!(1)).await?;
    stage.browser.find(By::Id("search")).await?.send_keys(Key::Down + "").await?;
    is(stage, "document.activeElement.id", &json!("list")).await?;
    let place = "(({ id, ariaSelected, ariaSetSize, ariaPosInSet }) => [id, ariaSelected, ariaSetSize, ariaPosInSet])
        (document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant')))";
    is(stage, place, &json!(["row-0", "true", "1", "1"])).await?;
    is(stage, "document.getElementById('user-name').textContent", &json!("grace@example.com")).await?;
    says(stage, "Elliptic curve").await?;
    stage.looks_well("manager-details").await?;
    search(stage, "").await?;
    stage.looks_well("manager").await?;
    pictures(stage, "manager", host).await
}

pub async fn deletes_with_undo_and_restores(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let id = register(stage, &mut judge, "ada").await?;
    open(stage, "").await?;
    choose(stage, host).await?;
    stage.browser.find(By::Id("delete")).await?.click().await?;
    says(stage, "your only passkey").await?;
    stage.looks_well("manager-delete").await?;
    stage.browser.find(By::Id("confirm-yes")).await?.click().await?;
    says(stage, &format!("The passkey for {host} is deleted.")).await?;
    stage.looks_well("manager-deleted").await?;
    is(stage, "document.activeElement.className", &json!("undo")).await?;
    is(stage, "document.querySelectorAll('.passkey').length", &json!(0)).await?;
    stage.browser.find(By::Css(".toast .undo")).await?.click().await?;
    says(stage, "The passkey is back.").await?;
    is(stage, "document.querySelectorAll('.passkey').length", &json!(1)).await?;
    stage.browser.find(By::Id("delete")).await?.click().await?;
    stage.browser.find(By::Id("confirm-yes")).await?.click().await?;
    says(stage, "is deleted.").await?;
    open(stage, "#deleted").await?;
    says(stage, host).await?;
    says(stage, "You deleted it").await?;
    stage.looks_well("manager-trash").await?;
    stage.browser.find(By::Css(format!(".restore[aria-label*='{host}']"))).await?.click().await?;
    says(stage, "The passkey is back.").await?;
    // It signs in as before.
    stage.open(host).await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("get", &options).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    let used = credential(stage).await?;
    ensure(used["id"] == id.as_str(), "another passkey signs in than the one that was restored")
}

pub async fn writes_a_name_and_a_note(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    open(stage, "").await?;
    choose(stage, host).await?;
    stage.browser.find(By::Id("label")).await?.send_keys("My blue key").await?;
    stage.browser.find(By::Id("note")).await?.send_keys("In the drawer").await?;
    stage.browser.find(By::Id("save")).await?.click().await?;
    says(stage, "Saved").await?;
    // It is written down, and found by either.
    open(stage, "").await?;
    says(stage, "Passkeys: ").await?;
    search(stage, "drawer").await?;
    is(stage, "document.querySelector('.passkey .label').textContent", &json!("My blue key")).await?;
    search(stage, "blue").await?;
    is(stage, "document.querySelectorAll('.passkey').length", &json!(1)).await
}

pub async fn a_rule_is_undone(stage: &Stage, host: &str) -> Result<(), Error> {
    stage.open(host).await?;
    stage.open_beside("manager.html?popup").await?;
    says(stage, host).await?;
    stage.browser.execute("document.getElementById('this-site').open = true", vec![]).await?;
    stage.browser.find(By::Id("on-here")).await?.click().await?;
    says(stage, "Keystow is off on this site.").await?;
    open(stage, "#settings").await?;
    says(stage, "The browser answers; Keystow is off.").await?;
    stage.looks_well("manager-settings").await?;
    stage.browser.find(By::Css(format!(".undo-rule[aria-label$='{host}']"))).await?.click().await?;
    is(stage, "document.querySelectorAll('#rules > li').length", &json!(0)).await?;
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await.map(|_| ())
}

pub async fn the_pin_is_changed(stage: &Stage, host: &str) -> Result<(), Error> {
    let other = "another sesame 8";
    open(stage, "#settings").await?;
    change_pin(stage, "not the PIN", other).await?;
    says(stage, "That is not the PIN. 7 tries left.").await?;
    stage.looks_well("manager-wrong-pin").await?;
    stage.browser.find(By::Id("pin-cancel")).await?.click().await?;
    change_pin(stage, PIN, "123").await?;
    says(stage, "at least 4 characters").await?;
    stage.browser.find(By::Id("pin-cancel")).await?.click().await?;
    change_pin(stage, PIN, other).await?;
    says(stage, "The new PIN is set.").await?;
    // The new one is good in the window.
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window.enter_pin(other).await?;
    window.approve().await?;
    judge.register(&credential(stage).await?).await??;
    open(stage, "#settings").await?;
    change_pin(stage, other, PIN).await?;
    says(stage, "The new PIN is set.").await?;
    // And so is the old one again, for a switch that takes it.
    stage.browser.find(By::Id("always")).await?.click().await?;
    stage.browser.find(By::Id("pin")).await?.send_keys(PIN).await?;
    stage.browser.find(By::Id("pin-ok")).await?.click().await?;
    is(stage, "document.getElementById('pin-dialog').open", &json!(false)).await?;
    open(stage, "#settings").await?;
    is(stage, "document.getElementById('always').checked", &json!(true)).await?;
    stage.browser.find(By::Id("always")).await?.click().await?;
    stage.browser.find(By::Id("pin")).await?.send_keys(PIN).await?;
    stage.browser.find(By::Id("pin-ok")).await?.click().await?;
    is(
        stage,
        "[document.getElementById('pin-dialog').open, document.getElementById('always').checked]",
        &json!([false, false]),
    )
    .await
}

pub async fn theme_and_language(stage: &Stage, host: &str) -> Result<(), Error> {
    open(stage, "#settings").await?;
    says(stage, "Appearance").await?;
    pick(stage, "theme", "dark").await?;
    let ground = "getComputedStyle(document.body).backgroundColor";
    is(stage, ground, &json!("rgb(21, 25, 27)")).await?;
    pick(stage, "language", "de").await?;
    says(stage, "Erscheinungsbild").await?;
    is(stage, "document.documentElement.lang", &json!("de")).await?;
    stage.looks_well("manager-settings-german-dark").await?;
    // Every screen speaks so.
    open(stage, "").await?;
    says(stage, "Zuletzt gelöscht").await?;
    is(stage, ground, &json!("rgb(21, 25, 27)")).await?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, "Passkey erstellen").await?;
    is(stage, ground, &json!("rgb(21, 25, 27)")).await?;
    window.press("cancel").await?;
    open(stage, "#settings").await?;
    says(stage, "Erscheinungsbild").await?;
    pick(stage, "theme", "system").await?;
    is(stage, "document.getElementById('theme').value", &json!("system")).await?;
    pick(stage, "language", "").await?;
    says(stage, "Appearance").await
}

pub async fn private_windows_and_autofill_are_left_to_the_browser(stage: &Stage, host: &str) -> Result<(), Error> {
    open(stage, "#settings").await?;
    says(stage, "Offer passkeys at sign-in fields").await?;
    is(stage, "document.getElementById('autofill').checked", &json!(true)).await?;
    stage.browser.find(By::Id("autofill")).await?.click().await?;
    let written = "chrome.storage.local.get('preferences').then(({ preferences }) => preferences?.autofill)";
    eventually(stage, written, &json!(false)).await?;
    parked_with(stage, host, r#"<input autocomplete="webauthn">"#).await?;
    stage.browser.find(By::Css("input")).await?.click().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let invited = is_shown(stage).await?;
    open(stage, "#settings").await?;
    says(stage, "Offer passkeys at sign-in fields").await?;
    is(stage, "document.getElementById('autofill').checked", &json!(false)).await?;
    stage.browser.find(By::Id("autofill")).await?.click().await?;
    eventually(stage, written, &json!(true)).await?;
    ensure(!invited, "there is an invitation though they are switched off")
}

pub async fn tells_what_is_in_order(stage: &Stage, _host: &str) -> Result<(), Error> {
    open(stage, "#diagnostics").await?;
    says(stage, "Keystow’s extension").await?;
    for line in ["Your system’s keychain", "Holds the key to your passkeys", "is sound.", "In order"] {
        says(stage, line).await?;
    }
    stage.looks_well("manager-diagnostics").await
}

/// The manager in a tab of its own, at a place.
async fn open(stage: &Stage, place: &str) -> Result<(), Error> {
    stage.open_beside(&format!("manager.html{place}")).await
}

/// Searches for `host`, and opens the first that is found.
async fn choose(stage: &Stage, host: &str) -> Result<(), Error> {
    says(stage, "Passkeys: ").await?;
    search(stage, host).await?;
    is(stage, "document.querySelectorAll('.passkey').length", &json!(1)).await?;
    stage.browser.find(By::Css(".passkey")).await?.click().await?;
    is(stage, "document.getElementById('details').hidden", &json!(false)).await
}

async fn search(stage: &Stage, query: &str) -> Result<(), Error> {
    let field = stage.browser.find(By::Id("search")).await?;
    field.clear().await?;
    Ok(field.send_keys(if query.is_empty() { " " } else { query }).await?)
}

async fn change_pin(stage: &Stage, pin: &str, new: &str) -> Result<(), Error> {
    says(stage, "Change PIN").await?;
    stage.browser.find(By::Id("pin-open")).await?.click().await?;
    for (id, text) in [("pin", pin), ("pin-new", new), ("pin-repeat", new)] {
        stage.browser.find(By::Id(id)).await?.send_keys(text).await?;
    }
    Ok(stage.browser.find(By::Id("pin-ok")).await?.click().await?)
}

async fn pick(stage: &Stage, select: &str, value: &str) -> Result<(), Error> {
    let script = "const field = document.getElementById(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    stage.browser.execute(script, vec![json!(select), json!(value)]).await?;
    Ok(())
}

async fn text(stage: &Stage, selector: &str) -> Result<String, Error> {
    Ok(stage.browser.find(By::Css(selector)).await?.text().await?)
}

/// Waits until the expression has this value.
async fn is(stage: &Stage, expression: &str, expected: &Value) -> Result<(), Error> {
    eventually(stage, &format!("Promise.resolve().then(() => {expression})"), expected).await
}

/// Waits until what the promise comes to has this value.
pub async fn eventually(stage: &Stage, promise: &str, expected: &Value) -> Result<(), Error> {
    let script = format!("const [done] = arguments; {promise}.then(done, (error) => done(String(error)))");
    let mut now = Value::Null;
    for _ in 0..150 {
        now = stage.browser.execute_async(script.as_str(), vec![]).await?.json().clone();
        if now == *expected {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("{promise} should be {expected} and is {now}").into())
}

/// Pictures in other sizes and colours. Where it is narrow, list and details come one after the other.
async fn pictures(stage: &Stage, name: &str, host: &str) -> Result<(), Error> {
    let dark = "document.documentElement.dataset.theme = 'dark'";
    stage.browser.execute(dark, vec![]).await?;
    stage.looks_well(&format!("{name}-dark")).await?;
    stage.open_beside("manager.html?popup").await?;
    says(stage, "Passkeys: ").await?;
    stage.looks_well(&format!("{name}-popup")).await?;
    search(stage, host).await?;
    says(stage, "ada@example.com").await?;
    stage.browser.find(By::Css(".passkey")).await?.click().await?;
    is(stage, "document.activeElement.id", &json!("site")).await?;
    is(stage, "document.getElementById('list').checkVisibility()", &json!(false)).await?;
    stage.looks_well(&format!("{name}-popup-details")).await?;
    stage.browser.find(By::Id("back")).await?.click().await?;
    is(
        stage,
        "[document.activeElement.id, document.getElementById('details').checkVisibility()]",
        &json!(["list", false]),
    )
    .await
}
