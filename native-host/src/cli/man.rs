//! `keystow man`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;
use super::error::Error;

/// Print the manual page
///
/// To read it: keystow man | man -l -. Each command has a page of its own too; --dir writes them all.
#[derive(Args)]
pub(super) struct Arguments {
    /// Write the page, and one for each command, into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut command = Cli::command();
        command.build();
        let done = match self.dir {
            None => page(&command).and_then(|page| io::stdout().write_all(&page)),
            Some(folder) => fs::create_dir_all(&folder).and_then(|()| write_all(&command, &folder)),
        };
        done.map_err(Error::Manual)
    }
}

/// Writes the page of `command` and those of its own commands, `keystow-pin-set.1`.
fn write_all(command: &Command, folder: &Path) -> io::Result<()> {
    fs::write(folder.join(format!("{}.1", full_name(command))), page(command)?)?;
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .try_for_each(|command| write_all(command, folder))
}

/// A page in roff.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let plain = command.clone().after_help(None::<&str>);
    Man::new(plain).render(&mut page)?;
    let more = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for part in more.split("\n\n").filter_map(|part| part.split_once(':')) {
        page.extend(section(part).into_bytes());
    }
    Ok(page)
}

/// A part of what `--help` ends with, its lines left as they are.
fn section((heading, text): (&str, &str)) -> String {
    let text = text.trim_matches('\n').replace('\\', "\\e").replace('-', "\\-");
    let lines: Vec<_> = text.lines().map(|line| format!("\\&{}", line.trim_start())).collect();
    format!(".SH \"{}\"\n.nf\n{}\n.fi\n", heading.to_uppercase(), lines.join("\n"))
}

/// `keystow-pin-set`.
fn full_name(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}
