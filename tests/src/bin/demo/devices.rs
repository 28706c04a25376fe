//! Three computers, each with a home and a keychain of its own, that meet over a WebDAV server: joined by a code, apart, one again, one removed,
//! one lost, and all recovered from 24 words.

use std::sync::Arc;

use protocol::manage::sync::StorageConfig;
use servers::WebDav;
use tests::browser::{Error, Kind};
use tests::machine::Machine;
use tests::relying_party::{Outcome, RelyingParty};
use tests::stage::Stage;
use tests::sync_steps::{join, name_it, names, recover, remove, sync_in_vain, sync_now, turn_on};

use crate::album::Album;
use crate::scene::Scene;

/// Plays it; what the site accepted and refused is added to `outcomes`.
pub async fn tell(album: &Album, outcomes: &mut Vec<Outcome>) -> Result<(), Error> {
    let site = Arc::new(RelyingParty::start(0).await?);
    let told = play(album, &site).await;
    outcomes.extend(site.outcomes());
    told?;
    is_told_where_they_are(&site.outcomes())
}

/// BS, as the site was told it at each sign-in (SYNC §13): on the laptop and on the desk while both were in, on the laptop after it was removed,
/// and on the new desk.
fn is_told_where_they_are(outcomes: &[Outcome]) -> Result<(), Error> {
    let sign_ins = outcomes.iter().filter(|outcome| outcome.action == "signin");
    let told: Vec<_> = sign_ins.filter_map(|outcome| Some(outcome.facts.as_ref()?.backup_state)).collect();
    match told[..] {
        [true, true, false, true, true] => Ok(()),
        _ => Err(format!("whether a passkey is on several devices was told wrongly at a sign-in: {told:?}").into()),
    }
}

async fn play(album: &Album, site: &Arc<RelyingParty>) -> Result<(), Error> {
    let mut server = WebDav::rclone().ok_or("rclone is missing. Run ./build.sh setup.")?;
    let storage = server.config();
    println!("\nThree computers: a WebDAV server on port {}, the demo site on {}", server.port(), site.url());
    let (desk, laptop) = tokio::try_join!(computer(site, Kind::Chromium), computer(site, Kind::Firefox))?;
    let told = two_devices(album, &desk, &laptop, &mut server).await;
    if let Err(error) = &told {
        album.failed(error, &[&desk, &laptop]).await;
    }
    let words = told?;

    album.step("The laptop is gone, and the desk is lost: the home with its vault, and its keychain, are deleted");
    let lost = desk.machine.vault();
    for stage in [desk, laptop] {
        let Stage { browser, machine, .. } = stage;
        browser.quit().await?;
        drop(machine);
    }
    if lost.exists() {
        return Err(format!("{} is still there", lost.display()).into());
    }
    let new = computer(site, Kind::Chromium).await?;
    let told = from_paper(album, &new, &words, &storage).await;
    if let Err(error) = &told {
        album.failed(error, &[&new]).await;
    }
    told
}

async fn computer(site: &Arc<RelyingParty>, kind: Kind) -> Result<Stage, Error> {
    Stage::on(Arc::new(Machine::start()?), Arc::clone(site), kind).await
}

/// All that the desk and the laptop live through. The answer is the words on paper.
async fn two_devices(album: &Album, desk: &Stage, laptop: &Stage, server: &mut WebDav) -> Result<Vec<String>, Error> {
    let keep = async |stage: &Stage, what: &str| album.keep(stage, what).await;
    let storage = server.config();
    album.step("On the desk, in Chromium, Ada makes a passkey");
    Scene::register("ada").play(desk, album).await?;
    album.step("She turns on sync over the WebDAV server, and writes the 24 words on paper");
    let words = turn_on(desk, "Desk", &storage, &keep).await?;
    album.keep(desk, "on").await?;
    album.step("The laptop, with Firefox, joins by the code that the desk shows");
    join(desk, (laptop, "Laptop"), &storage, 1, &keep).await?;
    album.step("On the laptop she signs in with the passkey made on the desk");
    Scene::sign_in("ada").play(laptop, album).await?;

    apart(album, desk, laptop, server).await?;
    together(album, desk, laptop, server).await?;

    album.step("On the desk she removes the laptop as stolen, and sees which sites need a new passkey");
    remove(desk, "Laptop", &keep).await?;
    album.keep(desk, "alone").await?;
    album.step("Then she makes a third passkey there, which is synced");
    Scene::register("lin").play(desk, album).await?;
    sync_now(desk).await?;
    has(desk, 3).await?;
    album.step("The laptop is told that it was removed; it learns nothing new, and signs in with what it had");
    sync_in_vain(laptop, "This device was removed").await?;
    album.keep(laptop, "removed").await?;
    has(laptop, 2).await?;
    album.keep(laptop, "passkeys").await?;
    Scene::sign_in("ada").play(laptop, album).await?;
    Ok(words)
}

/// Neither hears of the other while the server is away.
async fn apart(album: &Album, desk: &Stage, laptop: &Stage, server: &mut WebDav) -> Result<(), Error> {
    album.step(
        "The server is stopped. On both she gives that passkey another name, and on the laptop she makes a second",
    );
    server.stop();
    name_it(desk, "ada", "From the desk").await?;
    name_it(laptop, "ada", "From the laptop").await?;
    Scene::register("grace").play(laptop, album).await?;
    for stage in [desk, laptop] {
        sync_in_vain(stage, "Storage out of reach").await?;
        album.keep(stage, "offline").await?;
    }
    has(desk, 1).await
}

/// Both come to the same, and nothing is lost of what either wrote.
async fn together(album: &Album, desk: &Stage, laptop: &Stage, server: &mut WebDav) -> Result<(), Error> {
    album.step("The server is back: both have both passkeys and the later name, the earlier is kept beside it");
    server.start_again();
    for stage in [desk, laptop, desk] {
        sync_now(stage).await?;
    }
    for stage in [desk, laptop] {
        has(stage, 2).await?;
        let names = names(stage, "ada").await?;
        if names != ["From the laptop", "From the desk"] {
            return Err(format!("the passkey should have the name of the laptop, then the desk's: {names:?}").into());
        }
        album.keep(stage, "merged").await?;
    }
    album.step("On the desk she signs in with the passkey made on the laptop");
    Scene::sign_in("grace").play(desk, album).await
}

async fn from_paper(album: &Album, new: &Stage, words: &[String], storage: &StorageConfig) -> Result<(), Error> {
    let keep = async |stage: &Stage, what: &str| album.keep(stage, what).await;
    album.step("A new computer with nothing but the 24 words and the login of the server recovers all, and removes the lost desk");
    recover((new, "New desk"), words, storage, (3, "Desk"), &keep).await?;
    album.keep(new, "recovered").await?;
    album.step("It signs in with the last passkey, and with the first");
    Scene::sign_in("lin").play(new, album).await?;
    Scene::sign_in("ada").play(new, album).await
}

/// The manager lists so many passkeys.
async fn has(stage: &Stage, passkeys: usize) -> Result<(), Error> {
    stage.open_beside("manager.html").await?;
    stage.says(&format!("Passkeys: {passkeys}")).await
}
