//! `keystow list`.

use clap::Args;
use protocol::manage::{Account, Gone, ListRequest, Request, Response, Trash, TrashReason};
use protocol::native_message;
use protocol::webauthn::CredentialId;

use super::date::Moment;
use super::error::Error;
use super::opened::opened;
use super::spinner::while_waiting;
use super::terminal::{harmless, print_json};
use crate::credential::PublicKeyCredentialSource;
use crate::native_messaging::{Host, refusal};

/// Show the passkeys that are kept on this machine
#[derive(Args)]
pub(super) struct Arguments {
    /// Print JSON, for other programs
    ///
    /// A list of passkeys, each with credentialId and userHandle (base64url), rpId, rpName, userName, userDisplayName, created and lastUsed
    /// (milliseconds since 1970; null: never), credProtect, algorithm (a COSE number), backedUp, prfUsed, and, where there are any, label and
    /// note. With --deleted a list of what is gone, each with account (a passkey), at and restorableUntil (milliseconds since 1970), and
    /// reason. These names stay as they are; there may be more of them.
    #[arg(long)]
    json: bool,
    /// Show instead what is gone and can still be brought back, and why it went
    #[arg(long)]
    deleted: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        if self.deleted {
            return show_gone(&all_gone(&mut host)?, self.json);
        }
        let accounts = all(&mut host)?;
        if self.json {
            print_json(&accounts);
        } else if accounts.is_empty() {
            println!("No passkeys yet. Register one at a site, in a browser with the Keystow extension.");
        } else {
            print!("{}", table(&accounts));
        }
        Ok(())
    }
}

/// Every passkey, in the order of the pages that browsers get, at once: every record is then opened once.
pub(super) fn all(host: &mut Host) -> Result<Vec<Account>, native_message::Error> {
    let Some(vault) = host.existing_vault()? else { return Ok(Vec::new()) };
    let page = while_waiting(READING, || vault.list(None, usize::MAX)).map_err(|error| refusal(&error))?;
    Ok(page.sources.iter().map(PublicKeyCredentialSource::account).collect())
}

/// All that can be brought back, the last gone first.
pub(super) fn all_gone(host: &mut Host) -> Result<Vec<Gone>, native_message::Error> {
    while_waiting(READING, || all_pages_of_gone(host))
}

fn all_pages_of_gone(host: &mut Host) -> Result<Vec<Gone>, native_message::Error> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let Response::Trash(Trash { gone, next }) = host.manage(Request::Trash(ListRequest { after }))? else {
            return Ok(all);
        };
        all.extend(gone);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

fn show_gone(gone: &[Gone], json: bool) -> Result<(), Error> {
    if json {
        print_json(&gone);
    } else if gone.is_empty() {
        println!("Nothing has gone in the last 30 days.");
    } else {
        print!("{}", table_of_gone(gone));
    }
    Ok(())
}

/// The beginning of an id: enough to tell a few thousand apart, and what `keystow remove` takes.
pub(super) fn short_id(id: &CredentialId) -> String {
    id.to_string().chars().take(10).collect()
}

/// As sentences name a passkey: `the passkey of alice@example.com for example.com`.
pub(super) fn named(account: &Account) -> String {
    format!("the passkey of {} for {}", user(account), harmless(account.rp_id.as_str()))
}

/// What a person knows a passkey by.
pub(super) fn user(account: &Account) -> String {
    let name = if account.user_name.is_empty() { &account.user_display_name } else { &account.user_name };
    harmless(name)
}

fn table(accounts: &[Account]) -> String {
    let rows = accounts.iter().map(|account| {
        let last_used = account.last_used.map_or_else(|| "never".to_owned(), |at| Moment(at).to_string());
        let site = harmless(account.rp_id.as_str());
        let user = match account.label.as_str() {
            "" => user(account),
            label => format!("{} ({})", harmless(label), user(account)),
        };
        [short_id(&account.credential_id), site, user, Moment(account.created).to_string(), last_used]
    });
    aligned(["ID", "SITE", "USER", "CREATED (UTC)", "LAST USED (UTC)"], rows)
}

fn table_of_gone(gone: &[Gone]) -> String {
    let rows = gone.iter().map(|Gone { account, at, restorable_until, reason }| {
        let [at, until] = [at, restorable_until].map(|moment| Moment(*moment).to_string());
        let site = harmless(account.rp_id.as_str());
        [short_id(&account.credential_id), site, user(account), at, until, why(*reason).to_owned()]
    });
    aligned(["ID", "SITE", "USER", "GONE (UTC)", "KEPT UNTIL (UTC)", "WHY"], rows)
}

/// Why it went, as a sentence's end.
fn why(reason: TrashReason) -> &'static str {
    match reason {
        TrashReason::Deleted => "you deleted it",
        TrashReason::Replaced => "the site registered another one",
        TrashReason::UnknownToSite => "the site does not know it any more",
        TrashReason::NotAcceptedBySite => "the site no longer accepts it",
        TrashReason::Unanswered => "the page did not wait for it",
        TrashReason::RenamedBySite => "the site changed its name",
    }
}

pub(super) fn aligned<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<_> = std::iter::once(header.map(str::to_owned)).chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("{}\n", padded.join("  ").trim_end())
}

const READING: &str = "Reading the passkeys";
