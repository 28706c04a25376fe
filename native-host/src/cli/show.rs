//! `keystow show`.

use clap::Args;
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::extensions::CredProtect;
use protocol::manage::Account;

use super::date::Moment;
use super::error::Error;
use super::opened::opened;
use super::search::find;
use super::terminal::{harmless, print_json};

/// Show all that is known of one passkey
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site, its user name or what you call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// Print JSON, for other programs
    ///
    /// One passkey, as `keystow list --json` has it.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let account = find(&mut opened()?, "keystow show", &self.query)?;
        if self.json {
            print_json(&account);
        } else {
            print!("{}", described(&account));
        }
        Ok(())
    }
}

/// A line for each thing; those that are empty are left out.
fn described(account: &Account) -> String {
    let moment = |at| format!("{} UTC", Moment(at));
    let yes = |yes, what: &str| if yes { what.to_owned() } else { "no".to_owned() };
    let algorithm = CoseAlgorithmIdentifier::from_number(account.algorithm);
    let mut lines = vec![
        ("name", account.label.clone()),
        ("site", account.rp_id.as_str().to_owned()),
        ("site's name", account.rp_name.clone()),
        ("user", account.user_name.clone()),
        ("display name", account.user_display_name.clone()),
        ("created", moment(account.created)),
        ("last used", account.last_used.map_or_else(|| "never".to_owned(), moment)),
        ("signs with", algorithm.map_or_else(|| account.algorithm.to_string(), |algorithm| algorithm.to_string())),
        ("backed up", yes(account.backed_up, "yes")),
        (
            "derives keys",
            yes(account.prf_used, "yes: what the site has encrypted with them is lost without this passkey"),
        ),
        ("shown", shown(account.cred_protect).to_owned()),
        ("id", account.credential_id.to_string()),
        ("user handle", account.user_handle.to_string()),
    ];
    lines.extend(account.note.lines().enumerate().map(|(n, line)| (if n == 0 { "note" } else { "" }, line.to_owned())));
    lines.retain(|(name, text)| !text.is_empty() || name.is_empty());
    lines.iter().map(|(name, text)| format!("{}\n", format!("{name:<14}{}", harmless(text)).trim_end())).collect()
}

/// CTAP §12.1, in words.
fn shown(cred_protect: CredProtect) -> &'static str {
    match cred_protect {
        CredProtect::UserVerificationOptional => "to every sign-in at the site",
        CredProtect::UserVerificationOptionalWithCredentialIdList => {
            "to sign-ins with your PIN or the system's prompt, and where the site names it"
        }
        CredProtect::UserVerificationRequired => "to sign-ins with your PIN or the system's prompt alone",
    }
}
