//! What the toolbar's page shows of a tab: which words, which buttons, which switches. Words are keys of `_locales`.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::view::{NoticeView, Tone, Words};

/// What the background knows of a tab.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    /// The site of the tab's page; `None` where Keystow does not serve (the browser's own pages, no secure connection).
    pub site: Option<String>,
    /// What can be used there now.
    pub offers: Vec<Offer>,
    /// What was saved there without a window, the newest first.
    pub saved: Vec<Saved>,
    /// Whether another extension has locked the page's passkey functions, or put itself in front of them.
    pub is_covered: bool,
    /// How the host is.
    pub host: Host,
    /// The switches.
    pub switches: Switches,
    /// Whether the tab is private: then no rule is made for its site, as it would outlive the window.
    pub is_private: bool,
}

/// A conditional request that is parked, and that Keystow holds a passkey for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The frame that asked.
    pub frame: i64,
    /// The RP ID of the passkey.
    pub rp_id: String,
}

/// A passkey that was saved without a window.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The ceremony that it was made in.
    pub ceremony: String,
    /// Its RP ID.
    pub rp_id: String,
    /// The account.
    pub user_name: String,
    /// How it is with its Undo.
    pub undo: Undo,
}

/// How it is with the Undo of a [`Saved`].
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Undo {
    /// It can be undone.
    #[default]
    Possible,
    /// It was undone.
    Done,
    /// The host did not do it.
    Failed,
}

/// How the host is.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Host {
    /// It has not answered yet.
    #[default]
    Asked,
    /// It answers.
    Good,
    /// It does not answer.
    Missing,
    /// It cannot serve; this is its own sentence about it.
    Refused(String),
}

/// The switches, each as it is set.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Switches {
    /// Whether Keystow serves the site.
    pub on_here: bool,
    /// Whether passkeys are saved automatically at the site.
    pub upgrades_here: bool,
    /// Whether they are, anywhere.
    pub upgrades: bool,
}

/// What the user does there.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// Takes the offer of a frame.
    Use(i64),
    /// Takes back what a ceremony saved.
    Undo(String),
    /// Sets [`Switches::on_here`].
    OnHere(bool),
    /// Sets [`Switches::upgrades_here`].
    UpgradesHere(bool),
    /// Sets [`Switches::upgrades`].
    Upgrades(bool),
}

/// The whole page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct View {
    /// The heading.
    pub title: Words,
    /// What is wrong, or to be known.
    pub notices: Vec<NoticeView>,
    /// A button for each offer; the frame it belongs to.
    pub offers: Vec<(i64, Words)>,
    /// What was saved, one line each.
    pub saved: Vec<SavedView>,
    /// Each switch as it is to be shown.
    pub switches: [SwitchView; 3],
}

/// A line of [`View::saved`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SavedView {
    /// The ceremony, for [`Command::Undo`].
    pub ceremony: String,
    /// The account; empty where the site gave no name.
    pub user_name: String,
    /// The site's RP ID.
    pub rp_id: String,
    /// What has become of its Undo; `None` while there is the button.
    pub said: Option<Words>,
}

/// A switch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SwitchView {
    /// Whether it is there at all.
    pub is_shown: bool,
    /// Whether it is on. One that another switch overrules is shown as what comes of it: off.
    pub is_on: bool,
    /// Whether it can be used.
    pub is_usable: bool,
}

/// A tab, as `tabs.query()` tells of it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tab {
    /// Its id.
    pub id: i32,
    /// Whether it is the one in view.
    #[serde(default)]
    pub active: bool,
    /// When it was in view last: milliseconds since 1970, where the browser tells.
    #[serde(default)]
    pub last_accessed: f64,
}

/// The tab, of a window's, that the page is about: the one in view. Where the page fills a tab of its own, `own`, it is the one that was in
/// view before.
pub fn tab_in_question(tabs: &[Tab], own: Option<i32>) -> Option<i32> {
    let others = tabs.iter().filter(|tab| Some(tab.id) != own);
    let newest = |one: &&Tab, other: &&Tab| {
        (one.active, one.last_accessed).partial_cmp(&(other.active, other.last_accessed)).unwrap_or(Ordering::Equal)
    };
    others.max_by(newest).map(|tab| tab.id)
}

/// What the page shows for `state`.
pub fn view(state: &State) -> View {
    let is_on = state.site.is_some() && state.switches.on_here;
    View {
        title: state.site.as_deref().map_or_else(|| plain("toolbarNoSite"), |site| with("toolbarSite", site)),
        notices: notices(state, is_on),
        offers: if is_on { state.offers.iter().map(offer).collect() } else { Vec::new() },
        saved: state.saved.iter().map(saved).collect(),
        switches: switches(state),
    }
}

fn notices(state: &State, is_on: bool) -> Vec<NoticeView> {
    let host = match &state.host {
        Host::Asked | Host::Good => None,
        Host::Missing => Some(problem("hostMissing", "remedyDoctor", None)),
        Host::Refused(sentence) => Some(problem("noticeHostError", "remedyDoctor", Some(sentence.clone()))),
    };
    let covered = (is_on && state.is_covered).then(|| problem("covered", "remedyCovered", None));
    let nothing = host.is_none() && covered.is_none() && state.offers.is_empty() && state.saved.is_empty();
    let information = match state {
        State { site: None, .. } => Some("toolbarNotServed"),
        State { is_private: true, .. } => Some("toolbarPrivate"),
        _ if !is_on => Some("toolbarOff"),
        State { host: Host::Good, .. } if nothing => Some("toolbarNothing"),
        _ => None,
    };
    let information = information.map(|key| notice(Tone::Information, plain(key)));
    host.into_iter().chain(covered).chain(information).collect()
}

fn switches(state: &State) -> [SwitchView; 3] {
    let Switches { on_here, upgrades_here, upgrades } = state.switches;
    let has_site = state.site.is_some() && !state.is_private;
    [
        SwitchView { is_shown: has_site, is_on: on_here, is_usable: true },
        SwitchView { is_shown: has_site, is_on: on_here && upgrades && upgrades_here, is_usable: on_here && upgrades },
        SwitchView { is_shown: true, is_on: upgrades, is_usable: true },
    ]
}

fn offer(offer: &Offer) -> (i64, Words) {
    (offer.frame, with("usePasskey", &offer.rp_id))
}

fn saved(saved: &Saved) -> SavedView {
    let said = match saved.undo {
        Undo::Possible => None,
        Undo::Done => Some(plain("savedUndoneShort")),
        Undo::Failed => Some(plain("savedNotUndone")),
    };
    let Saved { ceremony, rp_id, user_name, .. } = saved.clone();
    SavedView { ceremony, user_name: user_name.trim().to_owned(), rp_id, said }
}

fn problem(what: &'static str, remedy: &'static str, verbatim: Option<String>) -> NoticeView {
    NoticeView { remedy: Some(plain(remedy)), verbatim, ..notice(Tone::Problem, plain(what)) }
}

fn notice(tone: Tone, what: Words) -> NoticeView {
    NoticeView { tone, what, remedy: None, verbatim: None }
}

fn plain(key: &'static str) -> Words {
    Words { key, argument: None }
}

fn with(key: &'static str, argument: &str) -> Words {
    Words { key, argument: Some(argument.to_owned()) }
}

#[cfg(test)]
mod tests;
