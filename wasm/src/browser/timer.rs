//! Time: `setTimeout` and the clock.

use std::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Waits. The browser may kill the background meanwhile if nothing else keeps it.
pub async fn sleep(duration: Duration) {
    let milliseconds = (duration.as_secs_f64() * 1000.0).min(f64::from(i32::MAX));
    let elapsed = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    });
    let _undefined = JsFuture::from(elapsed).await;
}

/// The time since the background was started.
pub fn now() -> Duration {
    Duration::from_secs_f64(performance_now().max(0.0) / 1000.0)
}
