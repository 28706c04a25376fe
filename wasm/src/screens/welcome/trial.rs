//! The test passkey: made, used, verified by WebCrypto as a relying party would, and removed.

use js_sys::{Array, Object, Reflect, Uint8Array};
use protocol::manage::{DeleteRequest, Request};
use wasm_bindgen::prelude::*;

use super::ceremony::{Outcome, call, credential_id, random};
use crate::presentation::trial::{Made, Signed, creation, made, request, signed};
use crate::presentation::welcome::Trial;
use crate::screens::ask::ask;
use crate::screens::{dom, words};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = importKey)]
    async fn import_key(
        format: &str,
        key: &Uint8Array,
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    async fn verify(
        algorithm: &Object,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Result<JsValue, JsValue>;
}

/// Tries it, and removes what was made, whatever came of it.
pub(super) async fn run() -> Trial {
    let origin = dom::window().location().origin().unwrap_or_default();
    let challenge = random::<32>();
    let options = creation(&challenge, &random::<16>(), &words::text("product"));
    let credential = match call("create", &options).await {
        Outcome::Credential(credential) => credential,
        Outcome::Ended => return Trial::Ended,
        Outcome::Failed => return Trial::Failed,
    };
    let Some(made) = made(&credential, &challenge, &origin) else { return Trial::Failed };
    let used = signs(&made, &origin).await;
    let removed = remove(&made.id).await;
    match used {
        Trial::Works { .. } => Trial::Works { removed },
        other => other,
    }
}

async fn signs(made: &Made, origin: &str) -> Trial {
    let challenge = random::<32>();
    let credential = match call("get", &request(&challenge, &made.id)).await {
        Outcome::Credential(credential) => credential,
        Outcome::Ended => return Trial::Ended,
        Outcome::Failed => return Trial::Failed,
    };
    let Some(signed) = signed(&credential, made, &challenge, origin) else { return Trial::Failed };
    match is_right(&signed, &made.public_key).await {
        Ok(true) => Trial::Works { removed: false },
        Ok(false) | Err(_) => Trial::Failed,
    }
}

/// L3 §7.2 step 21.
async fn is_right(signed: &Signed, public_key: &[u8]) -> Result<bool, JsValue> {
    let algorithm = object(&[("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")])?;
    let usages = Array::of1(&"verify".into());
    let key = import_key("spki", &Uint8Array::from(public_key), &algorithm, false, &usages).await?;
    let (signature, data) = (Uint8Array::from(&*signed.signature), Uint8Array::from(&*signed.data));
    Ok(verify(&algorithm, &key, &signature, &data).await?.is_truthy())
}

async fn remove(id: &str) -> bool {
    let Some(credential_id) = credential_id(id) else { return false };
    ask(Request::Delete(DeleteRequest { credential_id })).await.is_ok()
}

fn object(members: &[(&str, &str)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), &(*value).into())?;
    }
    Ok(object)
}
