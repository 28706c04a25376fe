//! `django-allauth`: an account by password, its own pages for passkeys, and signing in with one.

use tests::browser::Error;
use tests::stage::Stage;
use thirtyfour::By;

use super::steps::{arrives, consent, ensure, shown};

/// The site's host.
pub const HOST: &str = "allauth.test";
const PASSWORD: &str = "a long and unusual password";

pub async fn adds_a_passkey_and_signs_in_with_it(stage: &Stage) -> Result<(), Error> {
    sign_up(stage, "ada").await?;
    confirm_access(stage).await?;
    shown(stage, "[name=passwordless]").await?.click().await?;
    add(stage).await?;
    sign_out(stage).await?;

    visit(stage, "/accounts/login/").await?;
    shown(stage, "#passkey_login").await?.click().await?;
    consent(stage).await?;
    arrives(stage, "/accounts/2fa/").await?;
    ensure(email_page_says(stage, "ada@example.com").await?, "another account is signed in")?;
    sign_out(stage).await
}

/// Not passwordless: asked for after the password, and not discoverable.
pub async fn a_passkey_is_the_second_factor(stage: &Stage) -> Result<(), Error> {
    sign_up(stage, "grace").await?;
    confirm_access(stage).await?;
    add(stage).await?;
    sign_out(stage).await?;

    visit(stage, "/accounts/login/").await?;
    shown(stage, "[name=login]").await?.send_keys("grace").await?;
    shown(stage, "[name=password]").await?.send_keys(PASSWORD).await?;
    shown(stage, "form[action*=login] button[type=submit]").await?.click().await?;
    arrives(stage, "/accounts/2fa/authenticate/").await?;
    shown(stage, "#mfa_webauthn_authenticate").await?.click().await?;
    consent(stage).await?;
    arrives(stage, "/accounts/2fa/").await?;
    ensure(email_page_says(stage, "grace@example.com").await?, "another account is signed in")
}

async fn sign_up(stage: &Stage, name: &str) -> Result<(), Error> {
    stage.only_the_page().await?;
    visit(stage, "/accounts/login/").await?;
    stage.browser.delete_all_cookies().await?;
    visit(stage, "/accounts/signup/").await?;
    shown(stage, "[name=email]").await?.send_keys(format!("{name}@example.com")).await?;
    shown(stage, "[name=username]").await?.send_keys(name).await?;
    for field in ["password1", "password2"] {
        shown(stage, &format!("[name={field}]")).await?.send_keys(PASSWORD).await?;
    }
    shown(stage, "form[action*=signup] button").await?.click().await?;
    arrives(stage, "/accounts/2fa/").await
}

/// The page that adds a passkey, behind the one that asks for the password again.
async fn confirm_access(stage: &Stage) -> Result<(), Error> {
    visit(stage, "/accounts/2fa/webauthn/add/").await?;
    shown(stage, "[name=password]").await?.send_keys(PASSWORD).await?;
    shown(stage, "form[action*=reauthenticate] button").await?.click().await?;
    arrives(stage, "/accounts/2fa/webauthn/add/").await
}

async fn sign_out(stage: &Stage) -> Result<(), Error> {
    visit(stage, "/accounts/logout/").await?;
    shown(stage, "form[action*=logout] button").await?.click().await?;
    arrives(stage, "/").await
}

async fn add(stage: &Stage) -> Result<(), Error> {
    shown(stage, "#mfa_webauthn_add").await?.click().await?;
    consent(stage).await?;
    arrives(stage, "/accounts/2fa/").await?;
    let text = stage.browser.find(By::Tag("body")).await?.text().await?;
    ensure(text.contains("Security key added."), format!("the site says: {text}"))
}

async fn email_page_says(stage: &Stage, address: &str) -> Result<bool, Error> {
    visit(stage, "/accounts/email/").await?;
    Ok(stage.browser.find(By::Tag("body")).await?.text().await?.contains(address))
}

async fn visit(stage: &Stage, path: &str) -> Result<(), Error> {
    Ok(stage.browser.goto(format!("https://{HOST}{path}")).await?)
}
