//! Who calls: what the browser says of the page, and what the page says of itself, as different types.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::origin::Origin;

/// The calling document as the browser describes it (`Port.sender`, `webNavigation`). Never made from anything the page sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Caller {
    /// The document's origin.
    pub origin: Origin,
    /// How it stands to the documents around it.
    pub ancestors: Ancestors,
    /// What kind of tab it is in.
    pub tab: Tab,
}

impl Caller {
    /// The origin of the page in the tab, which is what the user sees in the address bar; `None` where it is not known.
    pub fn top_origin(&self) -> Option<&Origin> {
        match &self.ancestors {
            Ancestors::SameOrigin => Some(&self.origin),
            Ancestors::CrossOrigin { top } => top.as_ref(),
        }
    }
}

/// What there is to say of the tab, as far as a passkey means something else there.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tab {
    /// Whether it is private (Chromium: incognito): what is done there should leave no trace.
    pub private: bool,
    /// Whether it is one of Firefox's containers, from which passkeys are not kept apart.
    pub container: bool,
}

impl Tab {
    /// Whether there is nothing to say.
    pub fn is_ordinary(&self) -> bool {
        *self == Self::default()
    }
}

/// L3 `sameOriginWithAncestors`, with the top-level origin where it is not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ancestors {
    /// A top-level document, or every ancestor has the same origin.
    SameOrigin,
    /// Some ancestor has another origin, or one that could not be determined.
    CrossOrigin {
        /// The top-level document's origin, where it is known and not opaque.
        top: Option<Origin>,
    },
}

/// What the page says: to be believed by nobody, and taken out by the client alone.
pub struct Claimed<T>(T);

impl<T> Claimed<T> {
    /// Marks `value` as coming from the page.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The claim, for the step that checks it.
    pub(super) fn unwrap_claim(self) -> T {
        self.0
    }
}

impl Claimed<PageRequest> {
    /// What the document's own process says of the documents above it: for where the browser says nothing.
    pub fn ancestor_origins(&self) -> &[String] {
        &self.0.ancestor_origins
    }

    /// Whether the page wants it without a question, if it is a creation (L3 §5.1.3, `mediation` conditional).
    pub fn is_conditional(&self) -> bool {
        self.0.mediation.as_deref() == Some("conditional")
    }
}

/// The members of the page's call, as content.js passes them on (`{"options": {...}, "mediation": "optional"}`; others are ignored).
#[derive(Debug, Deserialize)]
pub struct PageRequest {
    /// `publicKey` in its JSON form: L3 §5.1.10 `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    #[serde(default)]
    pub options: Value,
    /// Credential Management §2.3.2 `mediation`, where the page gave one.
    #[serde(default)]
    pub mediation: Option<String>,
    /// What only the frame knows of itself.
    #[serde(default)]
    pub frame: Frame,
    /// `location.ancestorOrigins` as content.js finds them, the parent's first; none where there are none, or the browser does not tell.
    #[serde(default, rename = "ancestorOrigins")]
    pub ancestor_origins: Vec<String>,
}

/// What content.js found in its own document. A process that lies about this has the whole site in its hands already; the page has not:
/// content.js asks the browser out of the page's reach.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct Frame {
    /// L3 §5.9: whether Permissions Policy lets the document make this call; `None` where that is not known.
    pub allowed: Option<bool>,
    /// HTML "transient activation": the user has just acted in the document.
    pub activated: bool,
}
