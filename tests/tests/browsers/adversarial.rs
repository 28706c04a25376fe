//! Pages that work against Keystow with all that a page has, in the whole chain.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;

use super::conditional::{appears, click_field, is_pending, parked_with, take};
use super::steps::{credential, ensure, is_ours, register, window_says};

const FORGED: &str = include_str!("../../hostile/forged.js");
const POISON: &str = include_str!("../../hostile/poison.js");

/// The way from page.js to content.js was handed over before the page began: who says the same again is heard by no one.
pub async fn forged_messages_on_the_handshake_event(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    in_the_page(stage, FORGED).await?;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let forged = stage.browser.execute("return forged", vec![]).await?.json().clone();
    ensure(forged == json!({ "answers": 0, "taken": 0 }), format!("somebody listened: {forged}"))?;
    ensure(!stage.has_window().await?, "a forged message brought up a window")?;
    register(stage, &mut judge, "ada").await.map(|_| ())
}

/// All that page.js could use takes notes: it gets to see neither the port nor a message.
pub async fn poisoned_primordials_see_nothing(stage: &Stage, host: &str) -> Result<(), Error> {
    poisoned(stage, host, false).await
}

/// All that page.js could use throws: the ceremony does not notice.
pub async fn poisoned_primordials_break_nothing(stage: &Stage, host: &str) -> Result<(), Error> {
    poisoned(stage, host, true).await
}

async fn poisoned(stage: &Stage, host: &str, throws: bool) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    // The first credential patches the prototypes, which the page may poison afterwards.
    register(stage, &mut judge, "grace").await?;
    in_the_page(stage, POISON).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let created = under_poison(stage, "create", options, throws).await?;
    ensure(is_ours(&created), "the browser made the passkey, not Keystow")?;
    judge.register(&created).await??;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    let assertion = under_poison(stage, "get", options, throws).await?;
    judge.sign_in(&assertion).await??;
    Ok(())
}

async fn under_poison(stage: &Stage, call: &str, options: Value, throws: bool) -> Result<Value, Error> {
    stage.browser.execute("poison(...arguments)", vec![json!(call), options, json!(throws)]).await?;
    for _ in 0..1000 {
        if stage.has_window().await? {
            PromptWindow::appears(&stage.browser).await?.approve().await?;
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The test driver's own scripts would be poisoned too, until the page has its answer.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let credential = credential(stage).await?;
    let noted = stage.browser.execute("return noted", vec![]).await?.json().clone();
    ensure(noted == json!([]), format!("the page saw a port or a message in: {noted}"))?;
    Ok(credential)
}

/// As a script of the page's own: what WebDriver runs in Firefox has globals of its own.
async fn in_the_page(stage: &Stage, script: &str) -> Result<(), Error> {
    let add = "const element = document.createElement('script');
        element.textContent = arguments[0];
        document.head.append(element);";
    stage.browser.execute(add, vec![json!(script)]).await?;
    Ok(())
}

/// At most one window at a time, no more than the limit lets come up, and every promise ends.
pub async fn a_thousand_calls(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let flood = "const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(arguments[0]);
        window.ended = [];
        for (let i = 0; i < 1000; i += 1) {
            navigator.credentials.create({ publicKey })
                .then((credential) => credential.toJSON(), ({ name }) => name).then((end) => ended.push(end));
        }";
    stage.browser.execute(flood, vec![options]).await?;
    let (start, mut seen) = (Instant::now(), HashSet::new());
    while start.elapsed() < Duration::from_secs(3) {
        let windows = stage.browser.windows().await?;
        ensure(windows.len() <= 2, format!("{} windows at once", windows.len() - 1))?;
        seen.extend(windows);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    ensure(seen.len() - 1 <= 7, format!("{} windows came up within three seconds", seen.len() - 1))?;
    for _ in 0..3000 {
        if stage.has_window().await? {
            PromptWindow::appears(&stage.browser).await?.press("cancel").await?;
        }
        let ended = stage.browser.execute("return ended.length", vec![]).await?.json().clone();
        if ended == 1000 {
            let ends = stage.browser.execute("return [...new Set(ended)]", vec![]).await?.json().clone();
            // So many at once may be too many for a sign of life within a second: then the browser's own function answers, also its way.
            let fit = |end: &Value| match end.as_str() {
                Some(name) => ["AbortError", "NotAllowedError", "OperationError"].contains(&name),
                None => !is_ours(end),
            };
            return ensure(ends.as_array().is_some_and(|ends| ends.iter().all(fit)), format!("they ended with {ends}"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ended = stage.browser.execute("return ended.length", vec![]).await?.json().clone();
    Err(format!("only {ended} of 1000 promises ended").into())
}

/// A frame calls, and is led to another origin while the window is open: the window goes, nothing is signed, and what the other origin
/// asks for is not the first one's to give.
pub async fn a_frame_that_changes_its_origin(stage: &Stage, host: &str) -> Result<(), Error> {
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "discouraged")).await?;
    let frame = "const [options, done] = arguments;
        window.got = [];
        addEventListener('message', ({ data }) => got.push(data));
        const frame = document.body.appendChild(document.createElement('iframe'));
        frame.onload = () => {
            const { PublicKeyCredential, navigator } = frame.contentWindow;
            const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
            navigator.credentials.create({ publicKey }).then(() => got.push('credential'), () => {});
            done(true);
        };
        frame.src = '/?frame';";
    stage.browser.execute_async(frame, vec![options.clone()]).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window_says(&window, &stage.origin(host)).await?;
    window.back().await?;
    let elsewhere = format!("{}/?frame", stage.origin(&format!("elsewhere.{host}")));
    let lead = "const [url, done] = arguments, [frame] = document.getElementsByTagName('iframe');
        frame.onload = () => done(true);
        frame.src = url;";
    stage.browser.execute_async(lead, vec![json!(elsewhere)]).await?;
    stage.window_closes().await?;
    stage.browser.enter_frame(0).await?;
    let mut asked = options;
    asked["rp"]["id"] = json!(host);
    stage.browser.execute("begin('create', arguments[0])", vec![asked]).await?;
    let outcome = stage.outcome().await;
    stage.browser.enter_default_frame().await?;
    let outcome = outcome?.result;
    let refused = matches!(&outcome, Err((name, _)) if name == "NotAllowedError" || name == "SecurityError");
    ensure(refused, format!("the frame got {outcome:?}"))?;
    ensure(!stage.has_window().await?, "a window came up for the frame")?;
    let got = stage.browser.execute("return got", vec![]).await?.json().clone();
    ensure(got == json!([]), format!("the page got {got}"))
}

/// The page lays something opaque over the invitation, which lets the click through: at most the window opens, and nothing is signed.
pub async fn a_covered_invitation(stage: &Stage, host: &str) -> Result<(), Error> {
    let cover = "const cover = document.createElement('div');
        cover.popover = 'manual';
        cover.textContent = 'Play the film';
        cover.style.cssText = 'inset:0;width:100vw;height:100vh;margin:0;background:white;pointer-events:none';
        document.body.append(cover);
        cover.showPopover();";
    tricked(stage, host, cover).await
}

/// The page keeps the field, and so the invitation, where the pointer is about to click.
pub async fn a_dragged_invitation(stage: &Stage, host: &str) -> Result<(), Error> {
    let drag = "const field = document.querySelector('#user');
        field.style.position = 'fixed';
        addEventListener('pointermove', ({ clientX, clientY }) => {
            field.style.left = `${clientX - 40}px`;
            field.style.top = `${clientY - 24 - field.offsetHeight}px`;
        }, true);";
    tricked(stage, host, drag).await
}

/// A click that the page has led to the invitation: if the window opens, it says what it is for, and without consent nothing is signed.
async fn tricked(stage: &Stage, host: &str, trick: &str) -> Result<(), Error> {
    const FIELD: &str = r#"<input id="user" autocomplete="username webauthn">"#;
    parked_with(stage, host, FIELD).await?;
    click_field(stage).await?;
    appears(stage).await?;
    stage.browser.execute(trick, vec![]).await?;
    for _ in 0..3 {
        take(stage).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        ensure(stage.browser.windows().await?.len() <= 2, "a click opened more than one window")?;
    }
    if stage.has_window().await? {
        let window = PromptWindow::appears(&stage.browser).await?;
        window_says(&window, host).await?;
        window.press("cancel").await?;
    }
    ensure(is_pending(stage).await?, "the page was answered without consent")
}
