//! Conditional get: parked until the user comes to a field for it, takes Keystow's invitation, and chooses in Keystow's window.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::{By, Key, WebElement};

use super::steps::{ensure, register, rejection, signed_in};

/// HTML for the field that the request is for.
const FIELD: &str = r#"<input id="user" autocomplete="username webauthn"> <input id="other">"#;

pub async fn focusing_the_field_invites_and_one_click_in_the_window_signs_in(
    stage: &Stage,
    host: &str,
) -> Result<(), Error> {
    let mut judge = parked_with(stage, host, FIELD).await?;
    ensure(!is_shown(stage).await?, "the invitation is there before the field has the focus")?;
    click_field(stage).await?;
    appears(stage).await?;
    take(stage).await?;
    ensure(!is_shown(stage).await?, "the invitation stays beside the window")?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await?;
    ensure(!is_shown(stage).await?, "the invitation outlives its request")
}

pub async fn a_window_that_was_closed_leaves_the_request_parked(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = parked_with(stage, host, FIELD).await?;
    for _ in 0..2 {
        click_field(stage).await?;
        appears(stage).await?;
        take(stage).await?;
        PromptWindow::appears(&stage.browser).await?.press("cancel").await?;
        ensure(is_pending(stage).await?, "the page's promise is settled though its request is parked")?;
    }
    click_field(stage).await?;
    appears(stage).await?;
    take(stage).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

pub async fn the_invitation_by_keyboard_alone(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = parked_with(stage, host, FIELD).await?;
    let press = |key: Key| async move { stage.browser.action_chain().send_keys(key).perform().await };
    stage.browser.execute("document.querySelector('#user').focus()", vec![]).await?;
    appears(stage).await?;
    press(Key::Tab).await?;
    goes(stage).await?;
    ensure(active(stage).await? == "other", "Tab does not go on to the next field")?;
    stage.browser.execute("document.querySelector('#user').focus()", vec![]).await?;
    appears(stage).await?;
    press(Key::Escape).await?;
    goes(stage).await?;
    ensure(active(stage).await? == "user", "Escape takes the focus away")?;
    press(Key::Down).await?;
    appears(stage).await?;
    press(Key::Down).await?;
    ensure(active(stage).await? != "user", "the arrow key does not go to the invitation")?;
    press(Key::Tab).await?;
    goes(stage).await?;
    ensure(active(stage).await? == "other", "Tab does not go on from the field")?;
    stage.browser.execute("document.querySelector('#user').focus()", vec![]).await?;
    appears(stage).await?;
    press(Key::Down).await?;
    press(Key::Enter).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

pub async fn what_the_page_says_to_the_invitation_takes_nothing(stage: &Stage, host: &str) -> Result<(), Error> {
    parked_with(stage, host, FIELD).await?;
    click_field(stage).await?;
    appears(stage).await?;
    let script = "const host = document.querySelector(':popover-open');
        for (const target of [host, document.querySelector('#user'), window])
          for (const [type, make] of [['click', MouseEvent], ['keydown', KeyboardEvent]])
            target.dispatchEvent(new make(type, { bubbles: true, composed: true, key: 'ArrowDown' }));
        host.click();
        return [host.shadowRoot === null, host.textContent]";
    let seen = stage.browser.execute(script, vec![]).await?.json().clone();
    ensure(seen == json!([true, ""]), format!("the page reads the invitation: {seen}"))?;
    tokio::time::sleep(Duration::from_millis(700)).await;
    ensure(!stage.has_window().await?, "a page opened the window without the user")?;
    ensure(active(stage).await? == "user", "a page moved the focus into the invitation")
}

pub async fn the_page_takes_its_conditional_request_back(stage: &Stage, host: &str) -> Result<(), Error> {
    parked_with(stage, host, FIELD).await?;
    click_field(stage).await?;
    appears(stage).await?;
    stage.browser.execute("parkedBy.abort(new RangeError('changed my mind'))", vec![]).await?;
    rejection(stage, "RangeError").await?;
    goes(stage).await
}

pub async fn fields_in_shadow_trees_and_a_modal_dialog(stage: &Stage, host: &str) -> Result<(), Error> {
    let shadow = |mode: &str| {
        format!(
            "const root = document.querySelector('#place').attachShadow({{ mode: '{mode}' }});
             root.innerHTML = `<input id=before> {FIELD}`;
             root.querySelector('#before').focus();
             window.moveOn = () => root.querySelector('#user').focus();"
        )
    };
    let modal = format!(
        "const dialog = document.querySelector('#place').appendChild(document.createElement('dialog'));
         dialog.innerHTML = `<input id=before> {FIELD}`;
         dialog.showModal();
         window.moveOn = () => dialog.querySelector('#user').focus();"
    );
    for (what, script) in [("open", shadow("open")), ("closed", shadow("closed")), ("modal", modal)] {
        parked_with(stage, host, "<my-place id=place></my-place>").await?;
        stage.browser.execute(script, vec![]).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        ensure(!is_shown(stage).await?, format!("{what}: invited at another field"))?;
        stage.browser.execute("moveOn()", vec![]).await?;
        appears(stage).await.map_err(|error| format!("{what}: {error}"))?;
        stage.browser.action_chain().send_keys(Key::Down + "").perform().await?;
        stage.browser.action_chain().send_keys(Key::Enter + "").perform().await?;
        PromptWindow::appears(&stage.browser).await?.press("cancel").await?;
    }
    Ok(())
}

pub async fn a_strict_policy_of_the_page_changes_nothing(stage: &Stage, host: &str) -> Result<(), Error> {
    let policy = "default-src 'none'; style-src 'none'; require-trusted-types-for 'script'";
    let hostile = "*, *::backdrop { opacity: 0 !important; display: none !important; background: red !important }";
    parked_with(stage, host, FIELD).await?;
    click_field(stage).await?;
    let script = "const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[1]);
        const meta = document.createElement('meta'); meta.httpEquiv = 'Content-Security-Policy'; meta.content = arguments[0];
        document.head.append(meta); document.querySelector('#other').focus()";
    stage.browser.execute(script, vec![json!(policy), json!(hostile)]).await?;
    goes(stage).await?;
    click_field(stage).await?;
    appears(stage).await?;
    // The page's own rules for everything do not reach it.
    let script = "const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[0].replaceAll('display: none !important;', ''));
        document.adoptedStyleSheets.push(sheet)";
    stage.browser.execute(script, vec![json!(hostile)]).await?;
    let opacity = "return getComputedStyle(document.querySelector(':popover-open')).opacity";
    ensure(stage.browser.execute(opacity, vec![]).await?.json() == "1", "the page makes it invisible")?;
    take(stage).await?;
    PromptWindow::appears(&stage.browser).await?.press("cancel").await.map(|_| ())
}

pub async fn a_field_in_a_frame_of_the_same_origin(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    let frame = "const [done] = arguments, frame = document.createElement('iframe'); frame.width = frame.height = 500;
        frame.src = '/'; frame.onload = () => done(); document.body.append(frame)";
    stage.browser.execute_async(frame, vec![]).await?;
    stage.browser.enter_frame(0).await?;
    put(stage, FIELD).await?;
    park(stage, &options).await?;
    click_field(stage).await?;
    appears(stage).await?;
    stage.browser.action_chain().send_keys(Key::Down + "").perform().await?;
    stage.browser.action_chain().send_keys(Key::Enter + "").perform().await?;
    stage.browser.enter_default_frame().await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    stage.browser.enter_frame(0).await?;
    signed_in(stage, &mut judge).await?;
    Ok(stage.browser.enter_default_frame().await?)
}

pub async fn nothing_is_offered_where_nothing_is_held(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    put(stage, FIELD).await?;
    park(stage, &options).await?;
    click_field(stage).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure(!is_shown(stage).await?, "there is an invitation though nothing is held")?;
    ensure(is_pending(stage).await?, "the page learns at once that nothing is held")
}

pub async fn the_background_ended_while_a_request_is_parked(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = parked_with(stage, host, FIELD).await?;
    stage.end_background().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    click_field(stage).await?;
    appears(stage).await?;
    stage.end_background().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    take(stage).await?;
    PromptWindow::appears(&stage.browser).await?.approve().await?;
    signed_in(stage, &mut judge).await.map(|_| ())
}

/// Ada has a passkey, the page has `html` in it, and a conditional request is parked.
pub async fn parked_with(stage: &Stage, host: &str, html: &str) -> Result<Script, Error> {
    let mut judge = stage.visit(host).await?;
    register(stage, &mut judge, "ada").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    put(stage, html).await?;
    park(stage, &options).await?;
    Ok(judge)
}

/// The invitation, or any other popover of the page's, is open.
pub async fn is_shown(stage: &Stage) -> Result<bool, Error> {
    let open = "return document.querySelectorAll(':popover-open, dialog > :popover-open').length > 0";
    Ok(stage.browser.execute(open, vec![]).await?.json() == true)
}

/// The page's promise is not settled.
pub async fn is_pending(stage: &Stage) -> Result<bool, Error> {
    let script = "Promise.race([settled, new Promise((done) => setTimeout(done, 300, 'pending'))]).then(arguments[0])";
    Ok(stage.browser.execute_async(script, vec![]).await?.json() == "pending")
}

async fn put(stage: &Stage, html: &str) -> Result<(), Error> {
    let script = "document.body.insertAdjacentHTML('beforeend', arguments[0])";
    stage.browser.execute(script, vec![json!(html)]).await?;
    Ok(())
}

async fn park(stage: &Stage, options: &Value) -> Result<(), Error> {
    let script = "window.parkedBy = new AbortController();
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(arguments[0]);
        const promise = navigator.credentials.get({ publicKey, mediation: 'conditional', signal: parkedBy.signal });
        window.settled = outcome(promise.then((credential) => credential.toJSON()))";
    stage.browser.execute(script, vec![options.clone()]).await?;
    ensure(is_pending(stage).await?, "the page's request was not parked")
}

async fn field(stage: &Stage) -> Result<WebElement, Error> {
    Ok(stage.browser.find(By::Id("user")).await?)
}

/// Comes to the field.
pub async fn click_field(stage: &Stage) -> Result<(), Error> {
    Ok(field(stage).await?.click().await?)
}

/// Clicks the invitation, which stands below its field.
pub async fn take(stage: &Stage) -> Result<(), Error> {
    let place = field(stage).await?.rect().await?;
    #[allow(clippy::cast_possible_truncation)] // pixels of a small page
    let (x, y) = (place.x as i64 + 40, (place.y + place.height) as i64 + 24);
    Ok(stage.browser.action_chain().move_to(x, y).click().perform().await?)
}

/// Waits for the invitation.
pub async fn appears(stage: &Stage) -> Result<(), Error> {
    becomes(stage, true).await
}

async fn goes(stage: &Stage) -> Result<(), Error> {
    becomes(stage, false).await
}

async fn becomes(stage: &Stage, shown: bool) -> Result<(), Error> {
    for _ in 0..250 {
        if is_shown(stage).await? == shown {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let what = if shown { "no invitation appears" } else { "the invitation stays" };
    Err(format!("{what} for 5 seconds").into())
}

async fn active(stage: &Stage) -> Result<String, Error> {
    let id = stage.browser.execute("return document.activeElement?.id ?? ''", vec![]).await?;
    Ok(id.json().as_str().unwrap_or_default().to_owned())
}
