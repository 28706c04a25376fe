//! What a person does on the demo site: registers and signs in, in the consent window with a PIN.

use std::time::{Duration, Instant};

use tests::browser::{Browser, Error};
use tests::prompt_window::PromptWindow;
use tests::stage::Stage;
use tests::sync_steps::PIN;
use thirtyfour::By;

use crate::album::Album;

/// A button of the demo page, pressed for an account, and what the page is to say then.
pub struct Scene<'a> {
    button: &'a str,
    user_name: &'a str,
    headline: String,
}

impl<'a> Scene<'a> {
    /// `user_name` makes a passkey.
    pub fn register(user_name: &'a str) -> Self {
        Self { button: "register", user_name, headline: format!("Passkey created for {user_name}.") }
    }

    /// `user_name` signs in.
    pub fn sign_in(user_name: &'a str) -> Self {
        Self { button: "sign-in", user_name, headline: format!("Welcome back, {user_name}.") }
    }

    /// The same without giving the site a name: Keystow's window has it.
    pub fn sign_in_any(user_name: &'a str) -> Self {
        Self { button: "sign-in-any", ..Self::sign_in(user_name) }
    }

    /// Plays it. Where the computer has no PIN yet, it is chosen.
    pub async fn play(&self, stage: &Stage, album: &Album) -> Result<(), Error> {
        stage.open("localhost").await?;
        let browser = &stage.browser;
        let name_field = browser.find(By::Id("user-name")).await?;
        name_field.clear().await?;
        name_field.send_keys(self.user_name).await?;
        browser.find(By::Id(self.button)).await?.click().await?;

        let window = PromptWindow::appears(browser).await?;
        println!("    window after {} ms: {}", window.appeared_after.as_millis(), first_lines(&window.text().await?));
        window.choose_account(self.user_name).await?;
        window.enter_pin(PIN).await?;
        album.keep(stage, &format!("{}-window", self.button)).await?;
        let closed = window.approve().await?;

        let (state, headline, settled) = result(browser).await?;
        println!(
            "    window gone {} ms after the click; the server has answered {settled} ms later: {headline}",
            closed.as_millis()
        );
        album.keep(stage, &format!("{}-page", self.button)).await?;
        if state == "accepted" && headline == self.headline {
            Ok(())
        } else {
            Err(format!("expected: {}", self.headline).into())
        }
    }
}

/// Waits for the page's result: its state, its headline, and the milliseconds waited.
async fn result(browser: &Browser) -> Result<(String, String, u128), Error> {
    let start = Instant::now();
    loop {
        let state = browser.find(By::Id("result")).await?.attr("data-state").await?.unwrap_or_default();
        if state != "busy" && state != "idle" {
            let waited = start.elapsed().as_millis();
            let mut headline = browser.find(By::Id("headline")).await?.text().await?;
            if state != "accepted" {
                headline = format!("{headline} {}", browser.find(By::Id("detail")).await?.text().await?);
            }
            return Ok((state, headline, waited));
        }
        if start.elapsed() > Duration::from_secs(10) {
            return Err("the page is still waiting 10 seconds after the window closed".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn first_lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).take(3).collect::<Vec<_>>().join(" | ")
}
