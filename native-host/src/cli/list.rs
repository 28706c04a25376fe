//! `keystow list`.

use clap::Args;
use protocol::manage::{Account, List, ListRequest, Request, Response};
use protocol::native_message;
use protocol::webauthn::CredentialId;

use super::date::Moment;
use super::error::Error;
use super::terminal::{harmless, print_json};
use crate::native_messaging::Host;

/// Show the passkeys that are kept on this machine
#[derive(Args)]
pub(super) struct Arguments {
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let accounts = all(&mut Host::of_this_user())?;
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

/// Every passkey, page by page.
pub(super) fn all(host: &mut Host) -> Result<Vec<Account>, native_message::Error> {
    let mut accounts = Vec::new();
    let mut after = None;
    loop {
        let Response::List(List { accounts: page, next }) = host.manage(Request::List(ListRequest { after }))? else {
            return Ok(accounts);
        };
        accounts.extend(page);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(accounts),
        }
    }
}

/// The beginning of an id: enough to tell a few thousand apart, and what `keystow remove` takes.
pub(super) fn short_id(id: &CredentialId) -> String {
    id.to_string().chars().take(10).collect()
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
        [short_id(&account.credential_id), site, user(account), Moment(account.created).to_string(), last_used]
    });
    let header = ["ID", "SITE", "USER", "CREATED (UTC)", "LAST USED (UTC)"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(header).chain(rows).collect();
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(cells: &[String; 5], widths: &[usize; 5]) -> String {
    let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("{}\n", padded.join("  ").trim_end())
}
