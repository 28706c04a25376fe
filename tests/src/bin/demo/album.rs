//! What a story leaves: a numbered line for each step, and pictures with the step's number in `dist/demo`.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use tests::browser::{Error, Kind};
use tests::stage::Stage;

/// Lines and pictures of all stories.
pub struct Album {
    folder: PathBuf,
    step: Cell<u32>,
    pictures: Cell<u32>,
}

impl Album {
    /// Empty, with an empty folder.
    pub fn new() -> Result<Self, Error> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        let folder = root.join("dist/demo");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, step: Cell::new(0), pictures: Cell::new(0) })
    }

    /// The next step begins.
    pub fn step(&self, says: &str) {
        self.step.set(self.step.get() + 1);
        self.pictures.set(0);
        println!("{:2}. {says}.", self.step.get());
    }

    /// Keeps what the current window shows: `dist/demo/<step><letter>-<browser>-<what>.png`.
    pub async fn keep(&self, stage: &Stage, what: &str) -> Result<(), Error> {
        let letter = char::from_u32(u32::from('a') + self.pictures.replace(self.pictures.get() + 1)).unwrap_or('z');
        let browser = name(stage.browser.kind()).to_lowercase();
        let file = format!("{:02}{letter}-{browser}-{what}.png", self.step.get());
        Ok(stage.browser.screenshot(&self.folder.join(file)).await?)
    }

    /// Tells of the failure of a story, and keeps what every window of its browsers shows.
    pub async fn failed(&self, error: &Error, stages: &[&Stage]) {
        println!("    failed: {error}");
        for stage in stages {
            for handle in stage.browser.windows().await.unwrap_or_default() {
                if stage.browser.switch_to_window(handle).await.is_ok() {
                    let _ = self.keep(stage, "failed").await;
                }
            }
        }
    }
}

/// What the browser is called.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Chromium => "Chromium",
        Kind::Firefox => "Firefox",
    }
}
