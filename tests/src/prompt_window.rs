//! Keystow's consent window as a person meets it: found among the browser's windows, read, typed into and clicked, over
//! WebDriver. Nothing here can consent in any other way.

use std::path::Path;
use std::time::{Duration, Instant};

use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, WebElement, WindowHandle};

use crate::browser::{Browser, Error};

/// How long anything in the window may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open window. WebDriver's commands go to it until [`PromptWindow::back`].
pub struct PromptWindow<'a> {
    browser: &'a Browser,
    page: WindowHandle,
    /// From the call of [`PromptWindow::appears`] until the window's button could be seen.
    pub appeared_after: Duration,
}

impl<'a> PromptWindow<'a> {
    /// Waits for the window that the page in the current window has caused, and turns to it.
    pub async fn appears(browser: &'a Browser) -> Result<Self, Error> {
        let start = Instant::now();
        let page = browser.window().await?;
        while start.elapsed() < PATIENCE {
            for handle in browser.windows().await? {
                if handle == page || browser.switch_to_window(handle).await.is_err() {
                    continue;
                }
                let is_prompt = browser.current_url().await.is_ok_and(|url| url.path().ends_with("/prompt.html"));
                if is_prompt && shown(browser, By::Css("body:not(.loading) #approve")).await {
                    return Ok(Self { browser, page, appeared_after: start.elapsed() });
                }
            }
            browser.switch_to_window(page.clone()).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("Keystow's window did not appear within 20 seconds".into())
    }

    /// All that the window says.
    pub async fn text(&self) -> Result<String, Error> {
        Ok(self.browser.find(By::Tag("body")).await?.text().await?)
    }

    /// Picks the account whose line holds `name`; where the window shows a single account, makes sure that it is that one.
    pub async fn choose_account(&self, name: &str) -> Result<(), Error> {
        for label in self.browser.find_all(By::Css("#people .person")).await? {
            if !label.text().await?.contains(name) {
                continue;
            }
            let choices = label.find_all(By::Css("input[type=radio]")).await?;
            if choices.is_empty() {
                return Ok(());
            }
            return Ok(label.click().await?);
        }
        Err(format!("the window offers no account called {name}; it says: {}", self.text().await?).into())
    }

    /// Types the PIN; where Keystow has none yet, chooses it (both fields).
    pub async fn enter_pin(&self, pin: &str) -> Result<(), Error> {
        let fields =
            if shown(self.browser, By::Id("pin")).await { &["pin"][..] } else { &["pin-new", "pin-repeat"][..] };
        for id in fields {
            self.browser.find(By::Id(*id)).await?.send_keys(pin).await?;
        }
        Ok(())
    }

    /// Clicks the consenting button once it is armed, and waits until the window is gone. The answer is the time from
    /// the click until then.
    pub async fn approve(self) -> Result<Duration, Error> {
        let button = self.armed("approve").await?;
        let start = Instant::now();
        unless_closed(button.click().await)?;
        self.gone(start).await
    }

    /// Clicks the consenting button once it is armed, and waits for what comes: whether the window tells of a second way in, or is gone.
    pub async fn approve_and_be_advised_or_closed(&self) -> Result<bool, Error> {
        let handle = self.browser.window().await?;
        unless_closed(self.armed("approve").await?.click().await)?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !self.browser.windows().await?.contains(&handle) {
                return Ok(false);
            }
            if shown(self.browser, By::Id("got-it")).await {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("the window neither closes nor tells of a second way in".into())
    }

    /// Clicks a button that ends the ceremony otherwise: `cancel` or `use-another`.
    pub async fn press(self, id: &str) -> Result<Duration, Error> {
        let start = Instant::now();
        unless_closed(self.browser.find(By::Id(id)).await?.click().await)?;
        self.gone(start).await
    }

    /// Turns back to the page, the window still open.
    pub async fn back(self) -> Result<(), Error> {
        Ok(self.browser.switch_to_window(self.page).await?)
    }

    /// Saves what the window looks like.
    pub async fn screenshot(&self, file: &Path) -> Result<(), Error> {
        Ok(self.browser.screenshot(file).await?)
    }

    async fn armed(&self, id: &str) -> Result<WebElement, Error> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let button = self.browser.find(By::Id(id)).await?;
            let held_back = button.attr("aria-disabled").await?.as_deref() == Some("true");
            if button.is_enabled().await? && !held_back {
                return Ok(button);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(format!("the button {id} did not arm; the window says: {}", self.text().await?).into())
    }

    /// Waits until the window is gone. What it tells after a site's first passkey is read first.
    async fn gone(self, start: Instant) -> Result<Duration, Error> {
        let window = self.browser.window().await;
        while let Ok(handle) = &window {
            if !self.browser.windows().await?.contains(handle) {
                break;
            }
            read_advice(self.browser).await;
            if start.elapsed() > PATIENCE {
                return Err(format!("the window stayed open; it says: {}", self.text().await?).into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let took = start.elapsed();
        self.browser.switch_to_window(self.page).await?;
        Ok(took)
    }
}

/// Clicks "Got it", if the current window tells of a second way in. Whether there is one, and whether it stays, is for the caller to see.
pub async fn read_advice(browser: &Browser) {
    if let Ok(button) = browser.find(By::Css("#got-it:not([hidden])")).await {
        let _ = button.click().await;
    }
}

/// A key or a click that ends the window may find it closed before WebDriver has let go of the key. That the window is gone then is
/// for the caller to see.
///
/// # Errors
/// Any other error.
pub fn unless_closed(done: WebDriverResult<()>) -> Result<(), Error> {
    match done {
        Err(error) if matches!(error.as_inner(), WebDriverErrorInner::NoSuchWindow(_)) => Ok(()),
        other => Ok(other?),
    }
}

async fn shown(browser: &Browser, by: By) -> bool {
    match browser.find(by).await {
        Ok(element) => element.is_displayed().await.unwrap_or(false),
        Err(_) => false,
    }
}
