//! `keystow history`.

use clap::Args;
use protocol::manage::{HistoryRequest, Request, Response, Use, UseKind, Verified};

use super::date::Moment;
use super::error::Error;
use super::list::aligned;
use super::opened::opened;
use super::search::find;
use super::terminal::{harmless, print_json};

/// Show what a passkey has been used for: when, in which browser, at which site
///
/// The last 200 uses are kept, the last first. Private windows leave nothing.
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site, its user name or what you call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// Print JSON, for other programs
    ///
    /// A list of uses, the last first, each with at (milliseconds since 1970), kind (created or signedIn), verified (no, pin or builtIn), and,
    /// where they are known, browser and origin. These names stay as they are; there may be more of them.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        let credential_id = find(&mut host, "keystow history", &self.query)?.credential_id;
        if let Response::History(history) = host.manage(Request::History(HistoryRequest { credential_id }))? {
            if self.json {
                print_json(&history.uses);
            } else if history.uses.is_empty() {
                println!("No use of it is known yet. The next ones will be, but for those in private windows.");
            } else {
                print!("{}", table(&history.uses));
            }
        }
        Ok(())
    }
}

fn table(uses: &[Use]) -> String {
    let known = |text: &Option<String>| text.as_deref().map_or_else(|| "unknown".to_owned(), harmless);
    let rows = uses.iter().map(|used| {
        let what = match used.kind {
            UseKind::Created => "created",
            UseKind::SignedIn => "signed in",
        };
        let verified = match used.verified {
            Verified::No => "no",
            Verified::Pin => "by the PIN",
            Verified::BuiltIn => "by the system",
        };
        let [what, verified] = [what, verified].map(str::to_owned);
        [Moment(used.at).to_string(), what, verified, known(&used.browser), known(&used.origin)]
    });
    aligned(["WHEN (UTC)", "WHAT", "VERIFIED", "BROWSER", "AT"], rows)
}
