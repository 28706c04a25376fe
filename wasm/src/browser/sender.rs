//! Who asks, by the browser's word alone.

use super::runtime::{MessageSender, Port, Tab, get_url};
use super::web_navigation;
use crate::admission::ancestors::ancestors_of;
use crate::client::{self, Ancestors, Caller, Origin};

/// The document at the other end of a ceremony's port.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Its origin.
    pub origin: Origin,
    /// Its tab.
    pub tab: Tab,
    /// Its frame.
    pub frame_id: i64,
    /// Itself.
    pub document_id: String,
    /// Whether the browser closes the document's ports when the document is left, or put aside to come back to (Chromium).
    port_ends_with_it: bool,
}

impl Asker {
    /// `None` where Keystow does not serve: an opaque origin, no secure context, a document that is not (or no longer) shown in a tab.
    pub fn of(port: &Port) -> Option<Self> {
        let own = own_page_of(port);
        let MessageSender { origin, tab, frame_id, document_id, document_lifecycle, .. } = port.message_sender()?;
        // Chromium alone says it.
        let port_ends_with_it = document_lifecycle.is_some();
        if document_lifecycle.is_some_and(|lifecycle| lifecycle != "active") {
            return None;
        }
        Some(Self {
            origin: match own {
                Some(own) => own,
                None => Origin::from_sender(&origin?).ok()?,
            },
            tab: tab?,
            frame_id: frame_id?,
            document_id: document_id?,
            port_ends_with_it,
        })
    }

    /// With its ancestors, as the client wants it. An outermost frame has none; for a frame within, the browser is asked, and where it does
    /// not know the frame, `told` is what the document's own process says.
    pub async fn caller(&self, told: &[String]) -> Caller {
        let ancestors = if self.frame_id == OUTERMOST {
            Ancestors::SameOrigin
        } else {
            ancestors_of(&self.document_id, &self.origin, &web_navigation::frames_of(self.tab.id).await, told)
        };
        let container = self.tab.cookie_store_id.as_deref().is_some_and(|store| store.starts_with(CONTAINER));
        let tab = client::Tab { private: self.tab.incognito, container };
        Caller { origin: self.origin.clone(), ancestors, tab }
    }

    /// Whether its frame still holds it, and not the next document. Of frames that it does not list (`blob:`), Chromium closes the port when
    /// the document is left; Firefox lists all.
    pub async fn is_current(&self) -> bool {
        match web_navigation::current_document(self.tab.id, self.frame_id).await {
            Some(current) => current == self.document_id,
            None => self.port_ends_with_it,
        }
    }
}

/// The origin of our own page that tries a passkey, if it is at the other end.
fn own_page_of(port: &Port) -> Option<Origin> {
    let is_own = port.message_sender()?.is_page(TRIES_A_PASSKEY);
    is_own.then(|| Origin::of_own_page(get_url("").trim_end_matches('/')))
}

/// The page that tries a passkey.
const TRIES_A_PASSKEY: &str = "welcome.html";

/// How Firefox names the cookie stores of containers.
const CONTAINER: &str = "firefox-container-";

/// The outermost frame of a tab. (That of a prerendered document has another id; then it is treated as any frame.)
const OUTERMOST: i64 = 0;
