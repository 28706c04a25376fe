//! The last screen of what was begun.

use protocol::manage::sync::Done;

use super::{Act, Body, Context, StepView};
use crate::client::shown;
use crate::presentation::sync::form::Purpose;
use crate::presentation::view::{NoticeView, Tone, Words, plain, words};

/// What is shown of `what`.
pub(super) fn view(what: &Done, context: &Context) -> StepView {
    let (title, why) = texts(what, context);
    let is_removed = matches!(what, Done::Removed { .. } | Done::RemovedLater { .. });
    let knows = is_removed && context.has_password;
    let notice = knows.then(|| NoticeView {
        tone: Tone::Information,
        what: plain("removedPassword"),
        remedy: Some(plain("removedPasswordRemedy")),
        verbatim: None,
    });
    let body = match what {
        Done::Removed { sites, .. } if !sites.is_empty() => Body::Sites,
        Done::Joined { .. } if is_recovered(context) && context.has_others => Body::Lost,
        _ => Body::None,
    };
    let no = knows.then_some(("syncChangeStorage", Act::ChangeStorage));
    StepView { title, why: Some(why), notice, body, yes: Some(("done", Act::Leave)), no }
}

fn is_recovered(context: &Context) -> bool {
    context.purpose == Some(Purpose::Recover)
}

fn texts(what: &Done, context: &Context) -> (Words, Words) {
    match what {
        Done::TurnedOn {} => (plain("doneOn"), plain("doneOnWhy")),
        Done::Added { name, passkeys } => {
            (words("doneAdded", &shown(name)), words("doneShared", &passkeys.to_string()))
        }
        Done::Joined { passkeys } if is_recovered(context) => {
            (plain("doneRecovered"), words("doneHere", &passkeys.to_string()))
        }
        Done::Joined { passkeys } => (plain("doneJoined"), words("doneHere", &passkeys.to_string())),
        Done::Removed { name, sites } => {
            let why = if sites.is_empty() { plain("doneRemovedWhy") } else { plain("doneSitesWhy") };
            (words("doneRemoved", &shown(name)), why)
        }
        Done::RemovedLater { name } => (words("doneRemovedLater", &shown(name)), plain("doneRemovedLaterWhy")),
        Done::RecoveryKeyMade {} => (plain("doneKey"), plain("doneKeyWhy")),
        Done::StorageChanged { waiting } if waiting.is_empty() => (plain("doneStorage"), plain("doneStorageWhy")),
        Done::StorageChanged { waiting } => {
            let names: Vec<String> = waiting.iter().map(|name| shown(name)).collect();
            (plain("doneStorage"), words("doneStorageWaiting", &names.join(", ")))
        }
        Done::StartedOver {} => (plain("doneOver"), plain("doneOverWhy")),
        Done::TurnedOff {} => (plain("doneOff"), plain("doneOffWhy")),
    }
}
