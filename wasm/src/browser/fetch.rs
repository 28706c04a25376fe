//! `fetch()` of one public document, as anybody would get it.

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::storage;
use crate::admission::fetched::{Kept, MAX_BODY};
use crate::client::Fetched;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn fetch_(url: &str, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;

    type Response;
    #[wasm_bindgen(method, getter)]
    fn url(this: &Response) -> String;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Response) -> Option<ReadableStream>;

    type Headers;
    #[wasm_bindgen(method)]
    fn get(this: &Headers, name: &str) -> Option<String>;

    type ReadableStream;
    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &ReadableStream) -> Reader;

    type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &Reader) -> Promise;

    type Chunk;
    #[wasm_bindgen(method, getter)]
    fn done(this: &Chunk) -> bool;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Chunk) -> Uint8Array;

    type URL;
    #[wasm_bindgen(constructor, catch)]
    fn new(text: &str) -> Result<URL, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn origin(this: &URL) -> String;
}

/// So long the site may take, body included, in milliseconds. The browser's own call, which comes after, waits as it likes.
const PATIENCE: f64 = 5_000.0;

/// The document at `url`, or the same as some minutes ago. For a private tab nothing is looked up in what was kept, and nothing is kept.
pub async fn fetch(url: &str, private: bool) -> Option<Fetched> {
    if !private && let Some(kept) = storage::kept_document(url).await.filter(|kept| kept.is_good(now())) {
        return kept.answer;
    }
    let answer = fetch_now(url).await.ok();
    let kept = Kept { answer: answer.clone(), at: now() };
    if !private && kept.is_small() {
        storage::keep_document(url, &kept).await;
    }
    answer
}

/// URL's parser, and the origin of what it gives.
pub fn origin_of(url: &str) -> Option<String> {
    URL::new(url).ok().map(|url| url.origin()).filter(|origin| origin != "null")
}

/// The extension's content security policy keeps every redirect to https; what the last one led to is looked at here.
async fn fetch_now(url: &str) -> Result<Fetched, JsValue> {
    let response: Response = JsFuture::from(fetch_(url, &options()?)?).await?.unchecked_into();
    if !response.url().starts_with("https://") {
        return Err(JsValue::NULL);
    }
    Ok(Fetched {
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        body: body(&response).await?,
    })
}

/// L3 §5.11.1 step 2: no credentials, no referrer. Nothing goes into the browser's cache, where it would outlast a private window.
fn options() -> Result<Object, JsValue> {
    let options = [
        ("credentials", JsValue::from("omit")),
        ("referrer", JsValue::from("")),
        ("referrerPolicy", JsValue::from("no-referrer")),
        ("redirect", JsValue::from("follow")),
        ("cache", JsValue::from("no-store")),
        ("signal", abort_after(PATIENCE)),
    ];
    let entries: Array = options.into_iter().map(|(name, value)| Array::of2(&name.into(), &value)).collect();
    Object::from_entries(&entries)
}

async fn body(response: &Response) -> Result<Vec<u8>, JsValue> {
    let mut bytes = Vec::new();
    let Some(stream) = response.body() else { return Ok(bytes) };
    let reader = stream.reader();
    loop {
        let chunk: Chunk = JsFuture::from(reader.read()).await?.unchecked_into();
        if chunk.done() {
            return Ok(bytes);
        }
        let chunk = chunk.value();
        if bytes.len() + chunk.length() as usize > MAX_BODY {
            let _ended = reader.cancel();
            return Err(JsValue::NULL);
        }
        bytes.extend(chunk.to_vec());
    }
}

/// Milliseconds since 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, and exact until the year 287396
fn now() -> u64 {
    date_now() as u64
}
