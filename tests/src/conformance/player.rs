//! Plays the rows of `tests/conformance` in one browser.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::person::{Person, add_authenticator};
use super::site;
use crate::browser::{Error, Kind};
use crate::stage::Stage;
use crate::world::World;

/// How long a row may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whose answers are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Column {
    /// In which browser.
    pub kind: Kind,
    /// Keystow, or the browser's own provider.
    pub keystow: bool,
}

/// One behaviour.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// What it belongs to.
    pub group: String,
    /// A sentence: what must hold.
    pub name: String,
    at: String,
}

/// Whether a behaviour holds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be seen here.
    Unmeasured,
}

/// A verdict, and why.
#[derive(Clone, Debug, Deserialize)]
pub struct Result {
    /// Whether the row's sentence holds.
    pub verdict: Verdict,
    /// What was seen instead; empty where the sentence holds.
    pub reason: String,
}

/// Plays all rows (what fails is played once more: a machine may have been slow) whose names contain `wanted` (and the first, which chooses the PIN), and says what came of each, in their order.
///
/// # Errors
/// The browser or the pages cannot be used at all.
pub async fn play(column: Column, wanted: &str) -> std::result::Result<Vec<(Row, Result)>, Error> {
    let world = Arc::new(World::start(site::router(), &[]).await?);
    let stage = match column.keystow {
        true => Stage::in_world(world, column.kind).await?,
        false => Stage::without_keystow(world, column.kind).await?,
    };
    stage.browser.goto("https://rows.test/").await?;
    let rows: Vec<Row> = serde_json::from_value(stage.browser.execute(LIST, vec![]).await?.json().clone())?;
    let authenticator = add_authenticator(&stage, true).await?;
    let mut person = Person { stage: &stage, keystow: column.keystow, authenticator };
    let mut results = Vec::new();
    for (number, row) in rows.into_iter().enumerate() {
        if number > 0 && !format!("{}: {}", row.group, row.name).contains(wanted) {
            continue;
        }
        let start = Instant::now();
        let mut result = played(&mut person, number, &row).await;
        if result.verdict == Verdict::No {
            // On another host, where nothing is left of the first time.
            result = played(&mut person, number + 1000, &row).await;
        }
        let took = start.elapsed().as_secs_f64();
        println!("{column:?}: {}: {} ... {:?} {} ({took:.1} s)", row.group, row.name, result.verdict, result.reason);
        results.push((row, result));
    }
    stage.browser.quit().await?;
    Ok(results)
}

const LIST: &str = "return rows.map(({ group, name, at }) => ({ group, name, at }))";

async fn played(person: &mut Person<'_>, number: usize, row: &Row) -> Result {
    play_row(person, number, row).await.unwrap_or_else(|error| Result {
        verdict: Verdict::No,
        reason: error.to_string().lines().next().unwrap_or_default().to_owned(),
    })
}

/// The row in a fresh document, with no window open and no passkey in the browser's own authenticator.
async fn play_row(person: &mut Person<'_>, number: usize, row: &Row) -> std::result::Result<Result, Error> {
    let browser = &person.stage.browser;
    let start = Instant::now();
    person.stage.only_the_page().await?;
    let credentials = format!("/webauthn/authenticator/{}", person.authenticator);
    browser.command(Method::DELETE, &credentials, Value::Null).await?;
    person.authenticator = add_authenticator(person.stage, true).await?;
    browser.goto(address(&row.at, number)).await?;
    browser.execute("void runRow(arguments[0])", vec![json!(row.name)]).await?;
    while start.elapsed() < PATIENCE {
        let state = browser.execute("return [window.outcome, nextAction()]", vec![]).await?.json().clone();
        if !state[0].is_null() {
            return Ok(serde_json::from_value(state[0].clone())?);
        }
        if let Some(action) = state[1]["action"].as_str() {
            let (answer, problem) = match person.act(action).await {
                Ok(answer) => (answer, Value::Null),
                Err(error) => (Value::Null, json!(format!("{action}: {error}"))),
            };
            browser.execute("acted(...arguments)", vec![state[1]["id"].clone(), answer, problem]).await?;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Err(format!("it did not end within {PATIENCE:?}").into())
}

/// Each row has a site of its own.
fn address(at: &str, number: usize) -> String {
    let host = format!("r{number}.test");
    if at.contains("://") { format!("{}/", at.replace("HOST", &host)) } else { format!("https://{at}{host}/") }
}
