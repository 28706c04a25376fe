//! `keystow doctor`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use protocol::manage::{Check, CheckState, Diagnosis};
use serde::Serialize;

use super::error::{Error, FAILED};
use super::spinner::while_waiting;
use super::terminal::print_json;
use crate::doctor::Machine;
use crate::native_messaging::Host;

/// Say what is not in order, each with its one fix
///
/// Looks at the host, the keychain, every record of the vault, whether the system can verify you, and each browser on this
/// machine: the host that its manifest names is started and asked. Changes nothing. Exits with 1 if there is something to mend.
#[derive(Args)]
pub(super) struct Arguments {
    /// Print JSON, for other programs
    ///
    /// An object with checks and toMend, how many of them are to be mended. Each check has name, state (good, mend or absent), code and details
    /// (what was found, for other programs), finding (the same in English), and, where something is to be done, fix. These names and the codes
    /// stay as they are; there may be more of them.
    #[arg(long)]
    json: bool,
    /// Look for browsers in the system below this folder
    #[arg(long, value_name = "FOLDER", default_value = "/", hide = true)]
    root: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let machine = Machine::of_this_user(&self.root);
        let mut host = Host::of_this_user();
        let Diagnosis { checks } = while_waiting("Looking at everything", || host.diagnose(&machine));
        let to_mend = checks.iter().filter(|check| check.state == CheckState::Mend).count();
        if self.json {
            print_json(&Report { checks: &checks, to_mend });
        } else {
            print!("{}", report(&checks, to_mend));
        }
        Ok(if to_mend == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
    }
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    checks: &'a [Check],
    to_mend: usize,
}

fn report(checks: &[Check], to_mend: usize) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for check in checks {
        lines.push(format!("{}  {:<width$}  {}", mark(check.state), check.name, check.finding));
        if let Some(fix) = &check.fix {
            lines.push(format!("      {:<width$}  {}: {fix}", "", remedy(check.state)));
        }
    }
    lines.push(String::new());
    lines.push(match to_mend {
        0 => "All is in order.".to_owned(),
        1 => "One thing is to be mended.".to_owned(),
        several => format!("{several} things are to be mended."),
    });
    lines.join("\n") + "\n"
}

fn mark(state: CheckState) -> &'static str {
    match state {
        CheckState::Good => "good",
        CheckState::Mend => "MEND",
        CheckState::Absent => "  - ",
    }
}

/// What is absent need not be mended; its fix says how to get it.
fn remedy(state: CheckState) -> &'static str {
    match state {
        CheckState::Good | CheckState::Mend => "fix",
        CheckState::Absent => "to change that",
    }
}
