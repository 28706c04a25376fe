//! content.js's ports for one message each: what is not a call of the page, but has to do with one.

use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::runtime::{Port, from_js};
use super::sender::Asker;
use super::{offers, passwords, saved, toolbar};
use crate::client::{Claimed, PageRequest};

/// The name of these ports.
pub const NOTICE: &str = "notice";

#[derive(Deserialize)]
#[serde(untagged)]
enum Notice {
    /// A conditional request is parked: what could it be answered with?
    Offer {
        offer: PageRequest,
        #[serde(default)]
        badge: bool,
    },
    /// It is over.
    Withdraw {
        #[allow(dead_code)] // its presence is the message
        withdraw: bool,
    },
    /// The user takes back what the ceremony saved.
    Undo { undo: String },
    /// The user has entered a password.
    Password {
        #[allow(dead_code)] // its presence is the message
        password: bool,
    },
    /// The page's functions that another extension has locked or put itself in front of.
    Locked { locked: Vec<String> },
}

/// The port's message. Each is answered, since the sender closes the port then.
pub fn message(port: &Port, message: JsValue) {
    let (Some(asker), Some(notice)) = (Asker::of(port), from_js(message)) else {
        return port.post(&json!({"native": true}));
    };
    let port = port.clone();
    wasm_bindgen_futures::spawn_local(async move {
        port.post(&serve(&asker, notice).await);
    });
}

async fn serve(asker: &Asker, notice: Notice) -> Value {
    let tab = asker.tab.id;
    match notice {
        Notice::Offer { offer, badge } => match offers::ask(asker, Claimed::new(offer), badge).await {
            Some(rp_id) => {
                toolbar::changed(tab).await;
                return json!({"offer": {"rpId": rp_id}});
            }
            None => return json!({"native": true}),
        },
        Notice::Withdraw { .. } => {
            offers::withdraw(asker).await;
            toolbar::changed(tab).await;
        }
        Notice::Undo { undo } => {
            if !saved::undo(&undo, tab).await {
                return json!({"error": true});
            }
        }
        Notice::Password { .. } => passwords::entered(asker).await,
        Notice::Locked { locked } => toolbar::locked(asker, &locked).await,
    }
    json!({"done": true})
}
