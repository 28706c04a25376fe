//! What a page cannot do and asks for: see `tests/conformance/harness.js`, which lists the actions.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use thirtyfour::By;

use crate::browser::Error;
use crate::invitation;
use crate::prompt_window::PromptWindow;
use crate::stage::Stage;

/// The PIN of the vault here.
const PIN: &str = "open sesame 7";

/// The one who sits before the browser.
pub(super) struct Person<'a> {
    pub(super) stage: &'a Stage,
    pub(super) keystow: bool,
    /// The browser's own authenticator.
    pub(super) authenticator: String,
}

impl Person<'_> {
    /// Does it, and gives what the page is told.
    pub(super) async fn act(&mut self, action: &str) -> Result<Value, Error> {
        let done = match action {
            "keystow" => self.keystow,
            "consent" => self.keystow && self.consent().await?,
            "cancel" => self.cancel().await?,
            "window" => self.keystow && self.window_comes().await?,
            "no window" => self.window_goes().await?,
            "is window" => self.stage.has_window().await?,
            "hold" => self.authenticator_consents(false).await?,
            "hold beside" => self.keystow && self.authenticator_consents(false).await?,
            "let go" => self.authenticator_consents(true).await?,
            "click" => self.click("#act").await?,
            "click in frame" => self.click_in_frame().await?,
            "sign in" => self.take_invitation().await?,
            "sign in by password" => self.type_password().await?,
            other => return Err(format!("nobody knows how to {other}").into()),
        };
        Ok(json!(done))
    }

    /// Consents to the next window, unless the page's calls end before there is one.
    async fn consent(&self) -> Result<bool, Error> {
        for _ in 0..110 {
            if self.stage.has_window().await? {
                return self.consent_in_the_window().await;
            }
            let pending = self.stage.browser.execute("return window.callsPending", vec![]).await?;
            if pending.json() == 0 {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        Ok(false)
    }

    async fn consent_in_the_window(&self) -> Result<bool, Error> {
        let window = PromptWindow::appears(&self.stage.browser).await?;
        if !self.stage.browser.find_all(By::Css("input[type=password]")).await?.is_empty() {
            window.enter_pin(PIN).await?;
        }
        window.approve().await?;
        Ok(true)
    }

    async fn cancel(&self) -> Result<bool, Error> {
        PromptWindow::appears(&self.stage.browser).await?.press("cancel").await?;
        Ok(true)
    }

    async fn window_comes(&self) -> Result<bool, Error> {
        PromptWindow::appears(&self.stage.browser).await?.back().await?;
        Ok(true)
    }

    async fn window_goes(&self) -> Result<bool, Error> {
        self.stage.window_closes().await?;
        Ok(true)
    }

    async fn click(&self, css: &str) -> Result<bool, Error> {
        self.stage.browser.find(By::Css(css)).await?.click().await?;
        Ok(true)
    }

    async fn click_in_frame(&self) -> Result<bool, Error> {
        self.stage.browser.enter_frame(0).await?;
        self.click("#act").await?;
        self.stage.browser.enter_default_frame().await?;
        Ok(true)
    }

    /// The field is clicked, and then what stands below it.
    async fn take_invitation(&self) -> Result<bool, Error> {
        let browser = &self.stage.browser;
        let find = "return document.getElementById('account') ?? \
            [...document.querySelectorAll('*')].map((one) => one.shadowRoot?.getElementById('account')).find(Boolean)";
        let field = browser.execute(find, vec![]).await?.element()?;
        if !self.keystow {
            field.click().await?;
            return Ok(false);
        }
        invitation::take(browser, &field).await?;
        self.consent_in_the_window().await
    }

    async fn type_password(&self) -> Result<bool, Error> {
        let field = self.stage.browser.find(By::Css("#password-form [name=password]")).await?;
        field.send_keys("a long password").await?;
        self.click("#act").await
    }

    /// The browser's own authenticator is put away for one that consents at once, or never; its passkeys move.
    pub(super) async fn authenticator_consents(&mut self, consents: bool) -> Result<bool, Error> {
        let browser = &self.stage.browser;
        let old = format!("/webauthn/authenticator/{}", self.authenticator);
        let passkeys = browser.command(Method::GET, &format!("{old}/credentials"), Value::Null).await?;
        browser.command(Method::DELETE, &old, Value::Null).await?;
        self.authenticator = add_authenticator(self.stage, consents).await?;
        for passkey in passkeys.as_array().into_iter().flatten() {
            let path = format!("/webauthn/authenticator/{}/credential", self.authenticator);
            browser.command(Method::POST, &path, passkey.clone()).await?;
        }
        Ok(true)
    }
}

/// A virtual authenticator that can all a browser lets one do.
pub(super) async fn add_authenticator(stage: &Stage, consents: bool) -> Result<String, Error> {
    let mut options = json!({
        "protocol": "ctap2_1", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserConsenting": consents, "isUserVerified": true, "extensions": ["credBlob", "largeBlob", "minPinLength", "prf"],
    });
    let path = "/webauthn/authenticator";
    let id = match stage.browser.command(Method::POST, path, options.clone()).await {
        Ok(id) => id,
        Err(_) => {
            // Firefox knows no extensions here.
            options["extensions"] = json!([]);
            options["protocol"] = json!("ctap2");
            stage.browser.command(Method::POST, path, options).await?
        }
    };
    Ok(id.as_str().unwrap_or_default().to_owned())
}
