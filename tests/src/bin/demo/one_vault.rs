//! One computer, two browsers: what is made in one is used in the other.

use std::sync::Arc;

use tests::browser::{Error, Kind};
use tests::machine::Machine;
use tests::relying_party::{Outcome, RelyingParty};
use tests::stage::Stage;

use crate::album::Album;
use crate::scene::Scene;

/// Plays it; what the site accepted and refused is added to `outcomes`.
pub async fn tell(album: &Album, outcomes: &mut Vec<Outcome>) -> Result<(), Error> {
    let site = Arc::new(RelyingParty::start(0).await?);
    println!("One computer: two browsers, one vault, the demo site on {}", site.url());
    let machine = Arc::new(Machine::start()?);
    let (chromium, firefox) = tokio::try_join!(
        Stage::on(Arc::clone(&machine), Arc::clone(&site), Kind::Chromium),
        Stage::on(Arc::clone(&machine), Arc::clone(&site), Kind::Firefox),
    )?;
    let told = play(album, &chromium, &firefox).await;
    if let Err(error) = &told {
        album.failed(error, &[&chromium, &firefox]).await;
    }
    outcomes.extend(site.outcomes());
    told
}

async fn play(album: &Album, chromium: &Stage, firefox: &Stage) -> Result<(), Error> {
    album.step("Ada registers in Chromium, and chooses a PIN");
    Scene::register("ada").play(chromium, album).await?;
    album.step("She signs in with that passkey in Firefox");
    Scene::sign_in("ada").play(firefox, album).await?;
    album.step("Grace registers in Firefox");
    Scene::register("grace").play(firefox, album).await?;
    album.step("She signs in with that passkey in Chromium, giving no name");
    Scene::sign_in_any("grace").play(chromium, album).await
}
