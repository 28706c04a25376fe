//! The system asks the user instead of Keystow.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use tests::browser::Error;
use tests::judge::{Judge, Policy};
use tests::polkit::{Person, Polkit};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use thirtyfour::By;

use super::steps::{PIN, consent, credential, ensure, rejection, signed_in, window_says};

const ASKING: &str = "Your computer is asking you now.";

pub async fn the_system_verifies_after_a_click(stage: &Stage, host: &str) -> Result<(), Error> {
    let polkit = system_verification(stage)?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = stage.window("built-in").await?;
    window_says(&window, "Your computer will ask you to confirm that it is you.").await?;
    ensure(stage.browser.find_all(By::Css("input[type=password]")).await?.is_empty(), "a PIN is asked for")?;
    ensure(!polkit.has_asked(), "the system asks before the user has consented")?;
    consent(stage).await?;
    let prompt = polkit.prompt()?;
    window_says(&window, ASKING).await?;
    stage.look(&window, "built-in-waiting").await?;
    prompt.answer(Person::Right)?;
    drop(window);
    stage.window_closes().await?;
    let accepted = judge.register(&credential(stage).await?).await??;
    ensure(accepted.user_verified, "UV is not set though the system has verified the user")?;

    let options = judge.sign_in_options(Policy::new("ada", "preferred")).await?;
    stage.begin("get", &options).await?;
    let window = stage.window("built-in-sign-in").await?;
    consent(stage).await?;
    polkit.prompt()?.answer(Person::Right)?;
    drop(window);
    stage.window_closes().await?;
    ensure(signed_in(stage, &mut judge).await?.user_verified, "UV is not set though the system has verified the user")?;
    pin_verification(stage)
}

pub async fn the_settings_let_the_system_ask_instead_of_the_pin(stage: &Stage, host: &str) -> Result<(), Error> {
    let polkit = Polkit::start(&stage.machine)?;
    stage.open_beside("manager.html#settings").await?;
    holds(stage, "document.getElementById('os').checkVisibility() && !document.getElementById('os').disabled").await?;
    stage.browser.find(By::Id("os")).await?.click().await?;
    stage.browser.find(By::Id("pin")).await?.send_keys(PIN).await?;
    stage.browser.find(By::Id("pin-ok")).await?.click().await?;
    holds(stage, "document.getElementById('os').checked && !document.getElementById('pin-dialog').open").await?;
    stage.looks_well("manager-settings-built-in").await?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    PromptWindow::appears(&stage.browser).await?;
    consent(stage).await?;
    polkit.prompt()?.answer(Person::Right)?;
    stage.window_closes().await?;
    let accepted = judge.register(&credential(stage).await?).await??;
    ensure(accepted.user_verified, "the system was not asked, though the settings say so")?;
    pin_verification(stage)
}

/// Waits until `condition` holds in the current window.
async fn holds(stage: &Stage, condition: &str) -> Result<(), Error> {
    for _ in 0..250 {
        if stage.browser.execute(format!("return {condition}").as_str(), vec![]).await?.json() == true {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let shown = stage.browser.execute("return document.body.innerText", vec![]).await?;
    Err(format!("within 5 seconds it does not hold that {condition}: {}", shown.json()).into())
}

pub async fn what_the_system_did_not_confirm_is_tried_again_or_done_by_pin(
    stage: &Stage,
    host: &str,
) -> Result<(), Error> {
    let polkit = system_verification(stage)?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    for person in [Person::Wrong, Person::Dismisses] {
        consent(stage).await?;
        let prompt = polkit.prompt()?;
        window_says(&window, ASKING).await?;
        prompt.answer(person)?;
        window_says(&window, "Try again, or use your PIN.").await?;
    }
    stage.look(&window, "built-in-failed").await?;
    stage.browser.find(By::Id("use-pin")).await?.click().await?;
    window_says(&window, "Keystow PIN").await?;
    stage.look(&window, "pin-instead").await?;
    window.enter_pin(PIN).await?;
    window.approve().await?;
    let accepted = judge.register(&credential(stage).await?).await??;
    ensure(accepted.user_verified, "UV is not set though the PIN was right")?;
    pin_verification(stage)
}

/// The prompt is the system's and may stay; neither the page nor the window waits for it, and its answer makes no passkey any more.
pub async fn the_ceremony_ends_while_the_system_asks(stage: &Stage, host: &str) -> Result<(), Error> {
    let polkit = system_verification(stage)?;
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    for end in ["cancel", "close", "abort"] {
        stage.begin_plain("create", &options, "{}").await?;
        let window = PromptWindow::appears(&stage.browser).await?;
        consent(stage).await?;
        let prompt = polkit.prompt()?;
        window_says(&window, ASKING).await?;
        match end {
            "cancel" => {
                window.press("cancel").await?;
                rejection(stage, "NotAllowedError").await?;
            }
            "close" => {
                stage.browser.close_window().await?;
                stage.window_closes().await?;
                rejection(stage, "NotAllowedError").await?;
            }
            _ => {
                window.back().await?;
                stage.browser.execute("abort()", vec![]).await?;
                ensure(rejection(stage, "RangeError").await?.is_reason, "the error is not the signal's reason")?;
                stage.window_closes().await?;
            }
        }
        prompt.answer(Person::Right)?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let list = stage.machine.keystow(&["list"])?.output()?;
        ensure(
            !String::from_utf8_lossy(&list.stdout).contains(host),
            "a passkey was made though the user had cancelled",
        )?;
    }
    pin_verification(stage)
}

/// The user has the system ask, which it can from now on.
fn system_verification(stage: &Stage) -> Result<Polkit, Error> {
    let polkit = Polkit::start(&stage.machine)?;
    settle(stage, "on")?;
    Ok(polkit)
}

fn pin_verification(stage: &Stage) -> Result<(), Error> {
    settle(stage, "off")
}

fn settle(stage: &Stage, switch: &str) -> Result<(), Error> {
    let mut command = stage.machine.keystow(&["verification", "os", switch])?;
    let mut settling = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    writeln!(settling.stdin.take().ok_or("the input is piped")?, "{PIN}")?;
    let settled = settling.wait_with_output()?;
    ensure(settled.status.success(), String::from_utf8_lossy(&settled.stderr))
}
