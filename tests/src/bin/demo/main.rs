//! The demo: `demo --headless` plays two stories in both browsers and says how they went; `demo chromium` and
//! `demo firefox` open a browser on the demo site, ready to try. `./build.sh demo` builds what this needs and calls it.
//!
//! The host is `$KEYSTOW_BIN`. Each computer of a story has a home and a keychain of its own, thrown away at the end.

mod album;
mod devices;
mod one_vault;
mod scene;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tests::browser::{Error, Kind};
use tests::machine::Machine;
use tests::relying_party::{Outcome, RelyingParty};
use tests::stage::Stage;
use tokio::signal::unix::{SignalKind, signal};

use album::Album;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let play = std::env::args().nth(1).unwrap_or_else(|| "--headless".to_owned());
    tokio::select! {
        result = demo(&play) => result,
        // Dropping the play ends the browsers and deletes the computers.
        result = interrupted() => result,
    }
}

async fn demo(play: &str) -> Result<(), Error> {
    match play {
        "--headless" => stories().await,
        "chromium" => open(Kind::Chromium).await,
        "firefox" => open(Kind::Firefox).await,
        other => Err(format!("there is no demo in \"{other}\": chromium, firefox or --headless").into()),
    }
}

/// Waits for Ctrl-C, or for being asked to end.
async fn interrupted() -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Err("interrupted".into())
}

/// Opens a browser and waits until it is closed.
async fn open(kind: Kind) -> Result<(), Error> {
    let site = Arc::new(RelyingParty::start(8000).await?);
    let stage = Stage::headed(Arc::new(Machine::start()?), Arc::clone(&site), kind).await?;
    stage.open("localhost").await?;
    println!("\nThe demo site is {}, open in {}.", site.url(), album::name(kind));
    println!("Its passkeys and its keychain are the demo's own, and are thrown away when you close the browser.");
    while stage.browser.windows().await.is_ok_and(|windows| !windows.is_empty()) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn stories() -> Result<(), Error> {
    let start = Instant::now();
    let album = Album::new()?;
    let mut outcomes = Vec::new();
    let told = match one_vault::tell(&album, &mut outcomes).await {
        Ok(()) => devices::tell(&album, &mut outcomes).await,
        failed => failed,
    };
    let refused: Vec<_> = outcomes.iter().filter_map(|outcome: &Outcome| outcome.refusal.as_deref()).collect();
    println!("\nThe demo site accepted {} and refused {}.", outcomes.len() - refused.len(), refused.len());
    refused.iter().for_each(|reason| println!("  refused: {reason}"));
    println!("Pictures: dist/demo. {:.0} s in all.", start.elapsed().as_secs_f64());
    told?;
    if refused.is_empty() { Ok(()) } else { Err("the demo site refused something".into()) }
}
