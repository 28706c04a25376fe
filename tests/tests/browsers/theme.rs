//! The colours that the user has chosen hold in pages too.

use std::time::Duration;

use serde_json::json;
use tests::browser::Error;
use tests::stage::Stage;
use thirtyfour::By;

use super::conditional::{appears, click_field, parked_with};
use super::german::speak;

pub async fn the_chosen_colours_hold_in_what_is_drawn_into_pages(stage: &Stage, host: &str) -> Result<(), Error> {
    for (theme, ground) in [("dark", "1e2427"), ("light", "ffffff")] {
        speak(stage, json!({ "theme": theme })).await?;
        let html = format!("<style>body {{ background: #808080 }}</style>{FIELD}");
        parked_with(stage, &format!("{theme}.{host}"), &html).await?;
        click_field(stage).await?;
        appears(stage).await?;
        has_ground(stage, ground).await?;
        stage.picture(&format!("invitation-{theme}")).await?;
    }
    speak(stage, json!({})).await
}

/// Waits until the invitation's ground has that colour, at a place within its edges where it has no words.
async fn has_ground(stage: &Stage, ground: &str) -> Result<(), Error> {
    let place = stage.browser.find(By::Id("user")).await?.rect().await?;
    let mut found = String::new();
    for _ in 0..100 {
        let picture = stage.browser.screenshot_as_png_base64().await?;
        let at = [json!(picture), json!(place.x + 6.0), json!(place.y + place.height + 24.0)];
        found = stage.browser.execute_async(COLOUR, at.to_vec()).await?.json().as_str().unwrap_or_default().to_owned();
        if found == ground {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("the invitation's ground is {found}, not {ground}").into())
}

/// The colour of a picture's pixel; its place in CSS pixels.
const COLOUR: &str = "const [picture, x, y, done] = arguments;
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    createImageBitmap(new Blob([bytes], { type: 'image/png' })).then((image) => {
        const scale = image.width / innerWidth;
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        const [red, green, blue] = context.getImageData(x * scale, y * scale, 1, 1).data;
        done([red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join(''));
    }, (error) => done(String(error)));";

const FIELD: &str = "<input id=user autocomplete='username webauthn'>";
