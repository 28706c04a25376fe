//! The toolbar: its icon's badge, and the page that opens from it. The page says which tab it is about, shows what it is told, and sends
//! what the user does.

use std::cell::RefCell;
use std::collections::BTreeSet;

use protocol::manage;
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::action::{self, Badge};
use super::runtime::{Port, json};
use super::sender::Asker;
use super::tabs::{self, Message};
use super::{native_port, offers, rules, saved, sync, web_navigation};
use crate::admission::ancestors::web_origin;
use crate::admission::rules::{Rules, SiteRule, site_of};
use crate::client::{HostError, Origin};
use crate::presentation::toolbar::{Command, Host, Offer, Saved, State, Switches};

/// The name of the page's port.
pub const TOOLBAR: &str = "toolbar";

const PAGE: &str = "manager.html";

/// The page, while it is open.
struct Open {
    port: Port,
    tab: i32,
    host: Host,
}

thread_local! {
    static OPEN: RefCell<Vec<Open>> = RefCell::default();
    /// Frames (tab, frame) whose functions another extension has got hold of, as they said when the page was opened.
    static COVERED: RefCell<BTreeSet<(i32, i64)>> = RefCell::default();
}

/// A message of the page: which tab it is about, or what the user does. Only our own page may send any.
pub fn message(port: &Port, message: JsValue) {
    if !port.message_sender().is_some_and(|sender| sender.is_page(PAGE)) {
        return port.disconnect();
    }
    let Some(message) = json(message) else { return };
    let ready = message.get("ready").and_then(|tab| i32::try_from(tab.as_i64()?).ok());
    if let Some(tab) = ready {
        OPEN.with_borrow_mut(|open| {
            open.retain(|other| !other.port.is(port));
            open.push(Open { port: port.clone(), tab, host: Host::Asked });
        });
        wasm_bindgen_futures::spawn_local(present(port.clone(), tab));
    } else if let (Ok(command), Some(tab)) = (serde_json::from_value(message), tab_of(port)) {
        wasm_bindgen_futures::spawn_local(act(tab, command));
    }
}

/// The page was closed.
pub fn gone(port: &Port) {
    OPEN.with_borrow_mut(|open| open.retain(|other| !other.port.is(port)));
}

/// Something changed that the tab's icon or the open page shows.
pub async fn changed(tab: i32) {
    action::show(tab, badge(tab).await).await;
    let pages: Vec<(Port, Host)> = OPEN.with_borrow(|open| {
        open.iter().filter(|page| page.tab == tab).map(|page| (page.port.clone(), page.host.clone())).collect()
    });
    for (port, host) in pages {
        port.post(&json!({"state": state(tab, host).await}));
    }
}

/// A rule was made or undone elsewhere: every open page shows it.
pub async fn rules_changed() {
    let tabs: BTreeSet<i32> = OPEN.with_borrow(|open| open.iter().map(|page| page.tab).collect());
    for tab in tabs {
        changed(tab).await;
    }
}

/// What the document of `asker` said of its functions. Only what the open page shows is kept.
pub async fn locked(asker: &Asker, functions: &[String]) {
    let frame = (asker.tab.id, asker.frame_id);
    COVERED
        .with_borrow_mut(|covered| if functions.is_empty() { covered.remove(&frame) } else { covered.insert(frame) });
    changed(asker.tab.id).await;
}

/// The tab was closed.
pub async fn tab_removed(tab: i32) {
    COVERED.with_borrow_mut(|covered| covered.retain(|(other, _)| *other != tab));
    offers::forget(tab).await;
    super::passwords::forget(tab).await;
}

/// Fills the page: at once with what is known, then with what the tab's frames and the host answer.
async fn present(port: Port, tab: i32) {
    COVERED.with_borrow_mut(|covered| covered.retain(|(other, _)| *other != tab));
    saved::seen(tab).await;
    changed(tab).await;
    tabs::tell(tab, None, Message::Check(true)).await;
    let _host = native_port::in_use();
    let host = match native_port::manage(manage::Request::Status {}).await {
        Ok(_) => Host::Good,
        Err(HostError::Refused(error)) => Host::Refused(error.message),
        Err(HostError::Gone | HostError::Unintelligible) => Host::Missing,
    };
    OPEN.with_borrow_mut(|open| {
        if let Some(page) = open.iter_mut().find(|page| page.port.is(&port)) {
            page.host = host;
        }
    });
    changed(tab).await;
}

async fn act(tab: i32, command: Command) {
    let site = origin(tab).await.map(|origin| site_of(&origin).to_owned());
    match command {
        Command::Use(frame) => return tabs::tell(tab, Some(frame), Message::Use(true)).await,
        Command::Undo(ceremony) => {
            let _told_by_the_state = saved::undo(&ceremony, tab).await;
            return;
        }
        Command::Upgrades(upgrades) => rules::change(|rules| rules.upgrades = upgrades).await,
        Command::OnHere(on) => switch(site, |rule| rule.off = !on).await,
        Command::UpgradesHere(upgrades) => switch(site, |rule| rule.upgrades = upgrades).await,
    }
    changed(tab).await;
}

async fn switch(site: Option<String>, set: impl FnOnce(&mut SiteRule)) {
    let Some(site) = site else { return };
    rules::change(|rules: &mut Rules| {
        let mut rule = rules.of(&site);
        set(&mut rule);
        rules.set(&site, rule);
    })
    .await;
}

async fn state(tab: i32, host: Host) -> State {
    let origin = origin(tab).await;
    let site = origin.as_ref().map(|origin| site_of(origin).to_owned());
    let rules = rules::rules().await;
    let rule = rules.of(site.as_deref().unwrap_or_default());
    let offers = offers::of(tab).await.into_iter();
    let saved = saved::of(tab).await.into_iter();
    State {
        site,
        offers: offers.map(|(frame, offer)| Offer { frame, rp_id: offer.rp_id.to_string() }).collect(),
        saved: saved
            .map(|(ceremony, saved)| Saved {
                ceremony,
                rp_id: saved.rp_id.to_string(),
                user_name: saved.user_name,
                undo: saved.undo,
            })
            .collect(),
        is_covered: COVERED.with_borrow(|covered| covered.iter().any(|(other, _)| *other == tab)),
        host,
        switches: Switches { on_here: !rule.off, upgrades_here: rule.upgrades, upgrades: rules.upgrades },
        is_private: tabs::get(tab).await.is_some_and(|tab| tab.incognito),
    }
}

async fn badge(tab: i32) -> Badge {
    let offers: Vec<_> = offers::of(tab).await.into_iter().filter(|(_, offer)| offer.badge).collect();
    let saved: Vec<_> = saved::of(tab).await.into_iter().filter(|(_, saved)| !saved.seen).collect();
    let title = match (saved.first(), offers.first()) {
        (Some((_, saved)), _) => ("saved", saved.rp_id.to_string()),
        (None, Some((_, offer))) => ("usePasskey", offer.rp_id.to_string()),
        (None, None) => action::title(sync::waiting().await),
    };
    Badge { count: offers.len() + saved.len(), title }
}

/// The origin of the tab's page, where Keystow serves it. It is only shown, and a rule is named by it.
async fn origin(tab: i32) -> Option<Origin> {
    let address = web_navigation::address(tab, 0).await?;
    Origin::from_sender(&web_origin(&address)?).ok()
}

fn tab_of(port: &Port) -> Option<i32> {
    OPEN.with_borrow(|open| open.iter().find(|page| page.port.is(port)).map(|page| page.tab))
}
