//! How long the manager takes from its opening until passkeys are painted, with 10,000 of them in the vault.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::{Error, Kind};
use tests::host::Host;
use tests::machine::Machine;
use tests::site::Site;
use tests::stage::{Stage, end_process};

use crate::table::Table;

const PASSKEYS: u32 = 10_000;
const OPENINGS: usize = 20;

/// Adds the rows of both browsers.
pub async fn measure(table: &mut Table) -> Result<(), Error> {
    let machine = Arc::new(Machine::start()?);
    Host::start(&machine)?.fill("site", PASSKEYS).await?;
    for kind in [Kind::Chromium, Kind::Firefox] {
        let stage = Stage::on(Arc::clone(&machine), Arc::new(Site::start().await?), kind).await?;
        stage.open_beside("manager.html").await?;
        for (how, starts) in [("", false), (", the host started for it", true)] {
            let (painted, complete) = openings(&stage, starts).await?;
            table.times(format!("{kind:?}: manager, opened until passkeys are painted, of {PASSKEYS}{how}"), painted);
            table.times(format!("{kind:?}: manager, opened until all {PASSKEYS} are there{how}"), complete);
        }
        stage.browser.quit().await?;
    }
    Ok(())
}

/// From each opening until the first passkeys are painted, and until all are there. `starts`: no host runs before.
async fn openings(stage: &Stage, starts: bool) -> Result<(Vec<f64>, Vec<f64>), Error> {
    let (mut painted, mut complete) = (Vec::new(), Vec::new());
    for opening in 0..=OPENINGS {
        if starts {
            stage.hosts().into_iter().for_each(end_process);
            // Its going is told to the background.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        stage.browser.refresh().await?;
        let times = stage.browser.execute_async(PAINTED, vec![json!(PASSKEYS.to_string())]).await?.json().clone();
        // The first opening finds everything cold.
        if opening > 0 {
            painted.push(milliseconds(&times[0])?);
            complete.push(milliseconds(&times[1])?);
        }
    }
    Ok((painted, complete))
}

fn milliseconds(value: &Value) -> Result<f64, Error> {
    value.as_f64().ok_or_else(|| format!("no time but {value}").into())
}

/// Gives the milliseconds from the navigation's start until the frame after the one in which the first row was there, and until all were
/// counted. It is asked once the document is loaded, so the first is at most a little too long.
const PAINTED: &str = "
    const [all, done] = arguments;
    let painted;
    const look = (now) => {
        if (painted === undefined && document.querySelector('#rows > *')) painted = null;
        else if (painted === null) painted = performance.now();
        const count = document.getElementById('count')?.textContent ?? '';
        if (painted && count.includes(all)) done([painted, performance.now()]);
        else requestAnimationFrame(look);
    };
    look();";
