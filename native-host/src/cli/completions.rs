//! `keystow completions`.

use std::io;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Cli;

/// Print what makes a shell complete the commands of Keystow
///
/// For bash: keystow completions bash > ~/.local/share/bash-completion/completions/keystow
#[derive(Args)]
pub(super) struct Arguments {
    /// Which shell
    shell: Shell,
}

impl Arguments {
    pub(super) fn run(self) {
        generate(self.shell, &mut Cli::command(), "keystow", &mut io::stdout());
    }
}
