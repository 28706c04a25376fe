//! Keystow's invitation below a field, as a person meets it.

use std::time::Duration;

use thirtyfour::WebElement;

use crate::browser::{Browser, Error};

/// Comes to `field`, and waits for what then stands below it.
///
/// # Errors
/// Nothing appears within five seconds.
pub async fn appears(browser: &Browser, field: &WebElement) -> Result<(), Error> {
    field.click().await?;
    for _ in 0..250 {
        let open = browser.execute("return document.querySelector(':popover-open') !== null", vec![]).await?;
        if open.json() == true {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("no invitation stands below the field".into())
}

/// Comes to `field`, and clicks what then stands below it.
///
/// # Errors
/// Nothing appears within five seconds.
pub async fn take(browser: &Browser, field: &WebElement) -> Result<(), Error> {
    appears(browser, field).await?;
    let place = field.rect().await?;
    #[allow(clippy::cast_possible_truncation)] // pixels of a small page
    let (x, y) = (place.x as i64 + 40, (place.y + place.height) as i64 + 24);
    Ok(browser.action_chain().move_to(x, y).click().perform().await?)
}
