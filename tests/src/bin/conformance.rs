//! Measures all columns of docs/CONFORMANCE.md and writes the page.
//!
//! `KEYSTOW_COLUMN` (one of `chromium`, `firefox`, `chromium-own`, `firefox-own`) or `KEYSTOW_ROW` (part of a name) plays less, and writes nothing.

use std::process::Command;

use tests::browser::{Error, Kind};
use tests::conformance::{COLUMNS, Column, Result, Row, play, write};

#[tokio::main]
async fn main() -> std::result::Result<(), Error> {
    let wanted = std::env::var("KEYSTOW_ROW").unwrap_or_default();
    if let Ok(name) = std::env::var("KEYSTOW_COLUMN") {
        let names = ["chromium", "firefox", "chromium-own", "firefox-own"];
        let at =
            names.iter().position(|known| *known == name).ok_or_else(|| format!("a column is one of {names:?}"))?;
        return play(COLUMNS[at], &wanted).await.map(|_| ());
    }
    let (keystow, own) = tokio::join!(both(true, &wanted), both(false, &wanted));
    let ((chromium, firefox), (chromium_own, firefox_own)) = (keystow?, own?);
    if wanted.is_empty() {
        let versions = format!("{}, {}, on Linux.", version("chromium")?, version("firefox-esr")?);
        write(&[chromium, firefox, chromium_own, firefox_own], &versions)?;
    }
    Ok(())
}

type Played = Vec<(Row, Result)>;

async fn both(keystow: bool, wanted: &str) -> std::result::Result<(Played, Played), Error> {
    let [chromium, firefox] = [Kind::Chromium, Kind::Firefox].map(|kind| play(Column { kind, keystow }, wanted));
    let (chromium, firefox) = tokio::join!(chromium, firefox);
    Ok((chromium?, firefox?))
}

fn version(program: &str) -> std::result::Result<String, Error> {
    let output = Command::new(program).arg("--version").output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split_whitespace().take_while(|word| *word != "built").collect::<Vec<_>>().join(" "))
}
