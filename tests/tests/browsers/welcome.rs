//! The first minutes: the page that opens after the installation, and the way to the first passkey.

use std::sync::Arc;
use std::time::Duration;

use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy};
use tests::machine::Machine;
use tests::prompt_window::{PromptWindow, unless_closed};
use tests::stage::{Stage, end_process};
use thirtyfour::By;

use super::steps::{PIN, consent, credential, ensure, signed_in};

/// From a fresh profile and an empty vault to the first passkey used at a site. Of Keystow's own it takes three clicks ("Create passkey",
/// where the PIN is chosen along with it, "Got it" and "Sign in"); the site's buttons are the site's.
pub async fn first_run(kind: Kind) -> Result<(), Error> {
    let stage = Stage::as_installed(kind).await?;
    stage.browser.welcome().await?;
    let mut clicks = Clicks::default();
    let host = "first-run.localhost";
    let mut judge = stage.visit(host).await?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    stage.begin("create", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window.enter_pin(PIN).await?;
    clicks.consent(&stage).await?;
    drop(window);
    clicks.on(&stage, "#got-it:not([hidden])").await?;
    stage.window_closes().await?;
    judge.register(&credential(&stage).await?).await??;
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    stage.begin("get", &options).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    window.enter_pin(PIN).await?;
    clicks.consent(&stage).await?;
    drop(window);
    stage.window_closes().await?;
    ensure(signed_in(&stage, &mut judge).await?.user_verified, "UV is not set though a PIN was entered")?;
    ensure(clicks.0 == 3, format!("it takes {} clicks", clicks.0))?;
    stage.browser.quit().await
}

/// The same by way of the welcome page: four clicks until it has tried a passkey itself, and everything is in order.
pub async fn welcomed(kind: Kind) -> Result<(), Error> {
    let stage = Stage::as_installed(kind).await?;
    let mut clicks = Clicks::default();
    let welcome = stage.browser.welcome().await?;
    stage.browser.switch_to_window(welcome.clone()).await?;
    for step in ["host", "keychain", "vault"] {
        is(&stage, step, "done").await?;
    }
    is(&stage, "verification", "todo").await?;
    stage.looks_well("welcome-pin").await?;
    let type_pin = |first: &'static str, second: &'static str| {
        let stage = &stage;
        async move {
            for (id, text) in [("pin-new", first), ("pin-repeat", second)] {
                let field = stage.browser.find(By::Id(id)).await?;
                field.clear().await?;
                field.send_keys(text).await?;
            }
            Ok::<(), Error>(())
        }
    };
    type_pin(PIN, "something else").await?;
    stage.browser.find(By::Css("#pin-form button")).await?.click().await?;
    says(&stage, "The two PINs are not the same.").await?;
    stage.looks_well("welcome-pin-mismatch").await?;
    type_pin(PIN, PIN).await?;
    clicks.on(&stage, "#pin-form button").await?;
    is(&stage, "verification", "done").await?;
    tried(&stage, &mut clicks).await?;
    ensure(clicks.0 == 4, format!("it takes {} clicks", clicks.0))?;
    stage.browser.quit().await
}

/// A computer without a keychain: the page says so and what to do, and goes on by itself once there is one.
pub async fn without_keychain(kind: Kind) -> Result<(), Error> {
    let machine = Arc::new(Machine::without_keychain()?);
    let stage = Stage::as_installed_on(Arc::clone(&machine), kind).await?;
    let welcome = stage.browser.welcome().await?;
    stage.browser.switch_to_window(welcome).await?;
    is(&stage, "host", "done").await?;
    is(&stage, "keychain", "wrong").await?;
    is(&stage, "vault", "later").await?;
    says(&stage, "Your system’s keychain does not answer.").await?;
    let commands = stage.browser.find_all(By::Css(".step code")).await?;
    ensure(commands.len() == 1, format!("there are {} commands", commands.len()))?;
    ensure(commands[0].text().await? == "sudo apt install gnome-keyring", "it is another command")?;
    stage.looks_well("welcome-no-keychain").await?;
    machine.start_keychain()?;
    is(&stage, "keychain", "done").await?;
    is(&stage, "verification", "todo").await?;
    stage.browser.quit().await
}

pub async fn a_missing_host_is_noticed_when_it_is_there(stage: &Stage, _: &str) -> Result<(), Error> {
    let file = stage.host_manifest();
    let manifest = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    stage.hosts().into_iter().for_each(end_process);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let told = async {
        stage.open_beside("welcome.html").await?;
        is(stage, "host", "wrong").await?;
        says(stage, "keystow install").await?;
        stage.looks_well("welcome-no-host").await
    };
    let told = told.await;
    std::fs::write(&file, manifest)?;
    told?;
    is(stage, "host", "done").await?;
    is(stage, "verification", "done").await?;
    stage.looks_well("welcome-host-found").await
}

pub async fn a_test_passkey_works_and_is_removed(stage: &Stage, _: &str) -> Result<(), Error> {
    stage.open_beside("welcome.html").await?;
    tried(stage, &mut Clicks::default()).await
}

/// The welcome page, which is the current window, tries a passkey.
async fn tried(stage: &Stage, clicks: &mut Clicks) -> Result<(), Error> {
    let welcome = stage.browser.window().await?;
    is(stage, "trial", "todo").await?;
    clicks.on(stage, "#trial button").await?;
    open(stage, 3).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    ensure(window.text().await?.contains("Create a test passkey"), "the window does not say that it is a test")?;
    stage.look(&window, "welcome-create").await?;
    clicks.consent(stage).await?;
    // The window goes, and another asks to sign in.
    stage.browser.switch_to_window(welcome.clone()).await?;
    open(stage, 2).await?;
    open(stage, 3).await?;
    let window = PromptWindow::appears(&stage.browser).await?;
    stage.look(&window, "welcome-sign-in").await?;
    window.enter_pin(PIN).await?;
    clicks.consent(stage).await?;
    stage.browser.switch_to_window(welcome).await?;
    is(stage, "trial", "done").await?;
    says(stage, "It works: made, used, and the signature is right.").await?;
    says(stage, "You are all set").await?;
    stage.looks_well("welcome-works").await?;
    let held = |stage: &Stage, list: &[&str]| -> Result<bool, Error> {
        let output = stage.machine.keystow(list)?.output()?;
        Ok(String::from_utf8_lossy(&output.stdout).contains("keystow:test"))
    };
    ensure(!held(stage, &["list"])?, "the test passkey is still there")?;
    ensure(held(stage, &["list", "--deleted"])?, "the test passkey is not among the recently deleted")
}

/// Waits until as many windows and tabs are open, and turns to none meanwhile: in Chromium that would put the page out of sight.
async fn open(stage: &Stage, number: usize) -> Result<(), Error> {
    for _ in 0..500 {
        if stage.browser.windows().await?.len() == number {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("there are not {number} windows and tabs; the page says: {}", text(stage).await?).into())
}

/// How many times a person has clicked into what is Keystow's.
#[derive(Default)]
struct Clicks(usize);

impl Clicks {
    async fn consent(&mut self, stage: &Stage) -> Result<(), Error> {
        self.0 += 1;
        unless_gone(consent(stage).await)
    }

    async fn on(&mut self, stage: &Stage, selector: &str) -> Result<(), Error> {
        for _ in 0..250 {
            if let Some(button) = stage.browser.find_all(By::Css(selector)).await?.first() {
                self.0 += 1;
                return unless_closed(button.click().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("there is no {selector}").into())
    }
}

fn unless_gone(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(error) if error.to_string().contains("no such window") => Ok(()),
        other => other,
    }
}

/// Waits until the step is as the class says.
async fn is(stage: &Stage, step: &str, class: &str) -> Result<(), Error> {
    for _ in 0..400 {
        if !stage.browser.find_all(By::Css(format!("#{step}.{class}"))).await?.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Err(format!("the step {step} is not {class}; the page says: {}", text(stage).await?).into())
}

async fn says(stage: &Stage, words: &str) -> Result<(), Error> {
    for _ in 0..250 {
        if text(stage).await?.contains(words) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("the page does not say “{words}” but: {}", text(stage).await?).into())
}

async fn text(stage: &Stage) -> Result<String, Error> {
    Ok(stage.browser.find(By::Tag("body")).await?.text().await?)
}
