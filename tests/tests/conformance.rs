//! What docs/CONFORMANCE.md says of Keystow is so: the pages of `tests/conformance`, played anew.
//!
//! `KEYSTOW_ROW=part of a group or name` plays those rows and the first, which chooses the PIN.

use tests::browser::{Error, Kind};
use tests::conformance::{Column, play, published};

#[tokio::test(flavor = "multi_thread")]
async fn chromium_with_keystow_is_as_published() -> Result<(), Error> {
    is_as_published(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn firefox_with_keystow_is_as_published() -> Result<(), Error> {
    is_as_published(Kind::Firefox).await
}

async fn is_as_published(kind: Kind) -> Result<(), Error> {
    let column = Column { kind, keystow: true };
    let wanted = std::env::var("KEYSTOW_ROW").unwrap_or_default();
    let mut published = published(column)?;
    let mut differences = Vec::new();
    for (row, result) in play(column, &wanted).await? {
        match published.remove(&(row.group.clone(), row.name.clone())) {
            Some(verdict) if verdict == result.verdict => {}
            known => differences.push(format!("{}: {}: published {known:?}, now {result:?}", row.group, row.name)),
        }
    }
    if wanted.is_empty() {
        differences
            .extend(published.into_keys().map(|(group, name)| format!("{group}: {name}: published, and not played")));
    }
    assert!(differences.is_empty(), "{} rows differ in {kind:?}:\n{}", differences.len(), differences.join("\n"));
    Ok(())
}
