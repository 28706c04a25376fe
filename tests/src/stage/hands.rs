//! What a person reads, presses and types on one of our own screens, in the current window.

use std::time::{Duration, Instant};

use thirtyfour::By;

use super::Stage;
use crate::browser::Error;

/// For what is there as soon as it is drawn.
const SOON: Duration = Duration::from_secs(5);

impl Stage {
    /// Waits until the screen says `words`.
    ///
    /// # Errors
    /// It does not within five seconds.
    pub async fn says(&self, words: &str) -> Result<(), Error> {
        self.says_within(words, SOON).await
    }

    /// Waits until the screen says `words`.
    ///
    /// # Errors
    /// It does not within `patience`.
    pub async fn says_within(&self, words: &str, patience: Duration) -> Result<(), Error> {
        let begun = Instant::now();
        let mut text = String::new();
        while begun.elapsed() < patience {
            if let Ok(body) = self.browser.find(By::Tag("body")).await {
                text = body.text().await.unwrap_or_default();
                if text.contains(words) {
                    return Ok(());
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("the screen does not say “{words}” but: {text}").into())
    }

    /// Clicks what has this ID.
    ///
    /// # Errors
    /// It is not there, or not to be clicked.
    pub async fn press(&self, id: &str) -> Result<(), Error> {
        Ok(self.browser.find(By::Id(id)).await?.click().await?)
    }

    /// Types at the end of what is in the field.
    ///
    /// # Errors
    /// The field is not there, or not to be typed into.
    pub async fn types(&self, id: &str, text: &str) -> Result<(), Error> {
        Ok(self.browser.find(By::Id(id)).await?.send_keys(text).await?)
    }
}
