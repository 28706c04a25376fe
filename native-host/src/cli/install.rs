//! `keystow install` and `keystow uninstall`.

use std::env;
use std::path::PathBuf;

use clap::Args;

use super::error::Error;
use crate::install::{Browser, CHROMIUM_ID, Manifest, for_everyone, is_chromium_id};
use crate::vault;

/// Tell browsers where Keystow is, so that its extension can start it
///
/// Writes one small file for each browser that is known on this system, for your user alone. Running it again is harmless; run it
/// again after this program has moved.
#[derive(Args)]
pub(super) struct InstallArguments {
    /// Only this browser, such as chrome or firefox; may be given several times
    #[arg(long = "browser", value_name = "BROWSER", value_parser = browser)]
    browsers: Vec<Browser>,
    /// A further extension that may start Keystow in Chromium browsers: 32 letters from a to p
    #[arg(long = "chromium-id", value_name = "ID", value_parser = chromium_id)]
    chromium_ids: Vec<String>,
    /// Install for everyone instead, into the system below this folder: for those who make packages
    #[arg(long, value_name = "FOLDER", hide = true, conflicts_with_all = ["browsers", "chromium_ids"])]
    root: Option<PathBuf>,
    /// Where Keystow is in that system
    #[arg(long, value_name = "FILE", hide = true, requires = "root", default_value = "/usr/bin/keystow")]
    host: PathBuf,
}

/// Take out what `install` has put into browsers; passkeys are kept
#[derive(Args)]
pub(super) struct UninstallArguments {}

impl InstallArguments {
    pub(super) fn run(self) -> Result<(), Error> {
        if let Some(root) = self.root {
            let everyone = |cause| Error::Install { browser: "everyone".to_owned(), cause };
            for file in for_everyone(&root, &self.host).map_err(everyone)? {
                println!("{}", file.display());
            }
            return Ok(());
        }
        let executable = executable()?;
        let browsers = if self.browsers.is_empty() { Browser::all() } else { self.browsers };
        for browser in browsers {
            let before = browser.manifest(&executable);
            if before == Manifest::Ready && self.chromium_ids.is_empty() {
                println!("{:<20} already in place", browser.name());
                continue;
            }
            browser
                .install(&executable, &self.chromium_ids)
                .map_err(|cause| Error::Install { browser: browser.name().to_owned(), cause })?;
            println!("{:<20} {}", browser.name(), if before == Manifest::Missing { "installed" } else { "renewed" });
        }
        println!("\nBrowsers now start {}.", executable.display());
        println!("Next: load the Keystow extension into the browser, then run `keystow doctor`.");
        Ok(())
    }
}

impl UninstallArguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut removed = 0;
        for browser in Browser::all() {
            let was_there =
                browser.uninstall().map_err(|cause| Error::Uninstall { browser: browser.name().to_owned(), cause })?;
            if was_there {
                println!("{:<20} removed", browser.name());
                removed += 1;
            }
        }
        if removed == 0 {
            println!("No browser had a manifest of Keystow.");
        }
        if let Some(file) = vault::default_path().filter(|file| file.exists()) {
            println!("\nYour passkeys are kept, in {}, and their key in the keychain.", file.display());
        }
        println!("The extension itself is removed in the browser.");
        Ok(())
    }
}

/// The absolute path of this program, links resolved: browsers start it from a folder of their own.
fn executable() -> Result<PathBuf, Error> {
    env::current_exe().and_then(|path| path.canonicalize()).map_err(Error::Executable)
}

fn browser(key: &str) -> Result<Browser, String> {
    Browser::named(key).ok_or_else(|| {
        let known: Vec<_> = Browser::all().iter().map(Browser::key).collect();
        format!("the browsers known here are {}", known.join(", "))
    })
}

fn chromium_id(id: &str) -> Result<String, String> {
    if is_chromium_id(id) {
        Ok(id.to_owned())
    } else {
        Err(format!("an extension id has 32 letters from a to p, as {CHROMIUM_ID}"))
    }
}
