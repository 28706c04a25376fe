//! A stage on which the host's stand-in tells how sync stands (`bin/stand-in.rs`).

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{HOST_NAME, Stage};
use crate::browser::{Browser, Error, Kind};
use crate::machine::{Machine, keystow};
use crate::site::Site;

/// What the stand-in answers, and what it was asked.
pub struct StandIn {
    folder: TempDir,
}

impl StandIn {
    /// One on a stage of its own.
    ///
    /// # Errors
    /// The stand-in is not built, or the browser does not start.
    pub async fn set(kind: Kind) -> Result<(Self, Stage), Error> {
        let stand_in = Self { folder: TempDir::new()? };
        stand_in.answer(&json!({}), &json!({}))?;
        let host = keystow()?;
        let program = host.with_file_name("stand-in");
        let (allowed, who) = match kind {
            Kind::Chromium => ("allowed_origins", format!("chrome-extension://{}/", Browser::CHROMIUM_ID)),
            Kind::Firefox => ("allowed_extensions", Browser::FIREFOX_ID.to_owned()),
        };
        let manifest =
            json!({ "name": HOST_NAME, "description": "Keystow", "path": program, "type": "stdio", allowed: [who] });
        let folder = stand_in.folder().display().to_string();
        let host = host.display().to_string();
        let more = |builder: crate::browser::Builder| {
            builder.host_manifest(manifest).env("KEYSTOW_STAND_IN", folder).env("KEYSTOW_BIN", host)
        };
        let site = Arc::new(Site::start().await?);
        let stage = Stage::before(Arc::new(Machine::start()?), site, kind, more).await?.welcomed().await?;
        Ok((stand_in, stage))
    }

    /// From now on sync stands like this, and this is what was typed before.
    ///
    /// # Errors
    /// The disk's.
    pub fn answer(&self, sync: &Value, earlier: &Value) -> Result<(), Error> {
        let text = json!({ "sync": sync, "earlier": earlier }).to_string();
        // All at once: the stand-in may be reading.
        let new = self.folder().join("new.json");
        std::fs::write(&new, text)?;
        Ok(std::fs::rename(new, self.folder().join("state.json"))?)
    }

    /// What was asked since the last time, but for how things stand.
    ///
    /// # Errors
    /// The disk's, or something was asked that is no JSON.
    pub fn asked(&self) -> Result<Vec<Value>, Error> {
        let file = self.folder().join("asked");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        std::fs::write(&file, "")?;
        let all = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
        Ok(all
            .into_iter()
            .filter(|asked| asked["sync"]["state"].is_null())
            .map(|asked| asked["sync"].clone())
            .collect())
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}
