//! Passkeys that are made without a question (L3 §5.1.3, `mediation` conditional).

use std::rc::Rc;

use super::environment::Browser;
use super::sender::Asker;
use super::{passwords, rules, saved};
use crate::admission::to_the_end::to_the_end;
use crate::client::{self, Caller, Claimed, PageRequest, Reply};

/// The client's reply. The ceremony may be dropped meanwhile, or its document left; what is made then is withdrawn.
pub async fn create(browser: Browser, caller: Caller, request: Claimed<PageRequest>) -> Reply {
    let browser = Rc::new(browser);
    let left = Rc::clone(&browser);
    let work = async move {
        let reply = client::create(&caller, request, &*browser).await;
        if matches!(reply, Reply::Saved { .. }) && !browser.ceremony().asker.is_current().await {
            withdraw(&reply, &browser);
            return Reply::Native;
        }
        reply
    };
    to_the_end(wasm_bindgen_futures::spawn_local, work, move |reply| withdraw(&reply, &left)).await
}

fn withdraw(reply: &Reply, browser: &Rc<Browser>) {
    if let Reply::Saved { saved, .. } = reply {
        client::withdraw(saved, &**browser);
        let browser = Rc::clone(browser);
        wasm_bindgen_futures::spawn_local(async move { saved::forget(&browser.ceremony().id).await });
    }
}

/// Whether the user lets a page of `asker` have passkeys made without a question at all. Never in a private window, which remembers nothing.
pub async fn are_allowed(asker: &Asker) -> bool {
    !asker.tab.incognito && rules::may_upgrade(&asker.origin).await
}

/// Whether it may have one now.
pub async fn may(asker: &Asker) -> bool {
    are_allowed(asker).await && passwords::was_entered(asker.tab.id, &asker.origin).await
}
