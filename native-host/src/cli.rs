//! The command line: what a person asks of Keystow without a browser.

mod completions;
mod conversation;
mod date;
mod device;
mod doctor;
mod error;
mod history;
mod install;
mod keys;
mod list;
mod man;
mod opened;
mod pin;
#[cfg(target_os = "linux")]
mod polkit_action;
mod qr;
mod recovery;
mod recovery_key;
mod remove;
mod rename;
mod reset;
mod restore;
mod search;
mod show;
mod spinner;
mod storage;
mod sync;
mod terminal;
mod verification;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::Error;

/// Reads the arguments, does what they say, and gives the exit code of `error.rs`.
pub fn run(arguments: &[OsString]) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Where not even this can be printed, the exit code still tells.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match cli.command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("keystow: {error}");
            error.exit_code()
        }
    }
}

#[derive(Parser)]
#[command(name = "keystow", version, about = ABOUT, long_about = LONG_ABOUT, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(disable_help_subcommand = true, infer_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    History(history::Arguments),
    Rename(rename::Arguments),
    Note(rename::NoteArguments),
    Remove(remove::Arguments),
    Restore(restore::Arguments),
    Pin(pin::Arguments),
    Verification(verification::Arguments),
    Sync(sync::Arguments),
    Device(device::Arguments),
    Recovery(recovery::Arguments),
    Reset(reset::Arguments),
    Install(install::InstallArguments),
    Uninstall(install::UninstallArguments),
    Doctor(doctor::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    #[cfg(target_os = "linux")]
    PolkitAction(polkit_action::Arguments),
}

impl Command {
    fn run(self) -> Result<ExitCode, Error> {
        match self {
            Self::List(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Show(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::History(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Rename(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Note(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Remove(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Restore(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Pin(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Verification(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Sync(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Device(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Recovery(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Reset(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Install(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Uninstall(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            Self::Doctor(arguments) => arguments.run(),
            Self::Completions(arguments) => {
                arguments.run();
                Ok(ExitCode::SUCCESS)
            }
            Self::Man(arguments) => arguments.run().map(|()| ExitCode::SUCCESS),
            #[cfg(target_os = "linux")]
            Self::PolkitAction(arguments) => {
                arguments.run();
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

const ABOUT: &str = "Passkeys on your own machine, for every browser on it";

const LONG_ABOUT: &str = "\
Keystow keeps passkeys on this machine, sealed under a key that only the system's keychain
holds, and signs in with them from every browser here. Sites are served by the browser
extension, which starts this program by itself; the commands below are for looking after
things.";

const AFTER_HELP: &str = "\
Examples:
  keystow install                    tell every browser where Keystow is
  keystow doctor                     what is not in order, each with its one fix
  keystow list                       the passkeys that are kept here
  keystow rename alice Work          call one what you like
  keystow remove alice@example.com   remove one, by its user name, site or id
  keystow restore alice              bring back what was removed in the last 30 days
  keystow pin set                    choose the PIN that sites ask for
  keystow sync on                    keep your devices in step, over a storage of your own

Exit codes: 0 done, 1 failed or (doctor) something to mend, 2 wrong arguments,
3 keychain missing or locked, 4 vault unreadable or not writable, 5 no such passkey,
6 PIN refused, 7 the storage of sync does not do its part.";
