//! One computer, one vault, two browsers.

use std::sync::Arc;

use protocol::manage::{HistoryRequest, ListRequest, Request, Response, Use, UseKind, Verified};
use protocol::native_message::{Body, ToHost};
use tests::browser::{Error, Kind};
use tests::host::Host;
use tests::judge::{Judge, Policy, Script};
use tests::machine::Machine;
use tests::prompt_window::PromptWindow;
use tests::site::Site;
use tests::stage::Stage;

use super::steps::{PIN, credential, ensure, signed_in};

/// A passkey made in either browser signs in in the other; the PIN chosen in one is asked for by both. The history tells which was which.
pub async fn play() -> Result<(), Error> {
    let machine = Arc::new(Machine::start()?);
    let site = Arc::new(Site::start().await?);
    let chromium = Stage::on(Arc::clone(&machine), Arc::clone(&site), Kind::Chromium).await?;
    let firefox = Stage::on(Arc::clone(&machine), Arc::clone(&site), Kind::Firefox).await?;
    let mut judge = Script::simplewebauthn("localhost", &site.origin("localhost"))?;
    chromium.open("localhost").await?;
    firefox.open("localhost").await?;

    made_in_one_used_in_the_other(&mut judge, &chromium, &firefox, "ada").await?;
    made_in_one_used_in_the_other(&mut judge, &firefox, &chromium, "grace").await?;
    chromium.browser.quit().await?;
    firefox.browser.quit().await?;
    let mut host = Host::start(&machine)?;
    let origin = site.origin("localhost");
    for (user, made_in, used_in) in [("ada", "Chrom", "Firefox"), ("grace", "Firefox", "Chrom")] {
        let [used, made] = uses(&mut host, user).await?.try_into().map_err(|uses| format!("{uses:?} are not two"))?;
        let is = |used: &Use, kind, browser: &str| {
            let named =
                used.browser.as_ref().is_some_and(|name| name.starts_with(browser) && !name.ends_with("family"));
            named && used.kind == kind && used.origin.as_ref() == Some(&origin) && used.verified == Verified::Pin
        };
        let told = is(&made, UseKind::Created, made_in) && is(&used, UseKind::SignedIn, used_in);
        ensure(told, format!("{user}: {made:?} {used:?}"))?;
    }
    Ok(())
}

/// What the passkey of `user` was used for, the last first.
async fn uses(host: &mut Host, user: &str) -> Result<Vec<Use>, Error> {
    let list = Request::List(ListRequest::default());
    let Body::Ok(Response::List(list)) = host.request(|id| ToHost::Manage { id, request: list }).await? else {
        return Err("no list".into());
    };
    let account = list.accounts.into_iter().find(|account| account.user_name == user).ok_or("no such passkey")?;
    let history = Request::History(HistoryRequest { credential_id: account.credential_id });
    match host.request(|id| ToHost::Manage { id, request: history }).await? {
        Body::Ok(Response::History(history)) => Ok(history.uses),
        other => Err(format!("{other:?}").into()),
    }
}

async fn made_in_one_used_in_the_other(
    judge: &mut Script,
    one: &Stage,
    other: &Stage,
    user: &str,
) -> Result<(), Error> {
    let options = judge.registration_options(Policy::new(user, "required")).await?;
    one.begin("create", &options).await?;
    consent_with_pin(one).await?;
    judge.register(&credential(one).await?).await??;

    let options = judge.sign_in_options(Policy::new(user, "required")).await?;
    other.begin("get", &options).await?;
    consent_with_pin(other).await?;
    let accepted = signed_in(other, judge).await?;
    ensure(accepted.user == user && accepted.user_verified, format!("{accepted:?}"))
}

async fn consent_with_pin(stage: &Stage) -> Result<(), Error> {
    let window = PromptWindow::appears(&stage.browser).await?;
    window.enter_pin(PIN).await?;
    window.approve().await.map(|_| ())
}
