//! How a frame stands to the documents around it, from what `webNavigation.getAllFrames` says. Whatever is unknown counts as another
//! origin, unless the document's own process knows it.

use serde::Deserialize;

use crate::client::{Ancestors, Origin};

/// One entry of `webNavigation.getAllFrames`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The document that the frame holds now.
    pub document_id: Option<String>,
    /// The document that embeds the frame.
    pub parent_document_id: Option<String>,
    /// The embedding frame; -1 for none.
    pub parent_frame_id: i64,
    /// Chromium: "outermost_frame", "sub_frame" or "fenced_frame".
    pub frame_type: Option<String>,
    /// The document's address. It shows no origin for `about:`, `blob:` and `data:` documents.
    #[serde(default)]
    pub url: String,
}

impl Frame {
    /// A fenced frame hides what is around it.
    fn is_fenced(&self) -> bool {
        self.frame_type.as_deref() == Some("fenced_frame")
    }
}

/// The ancestors of the document `document_id`, whose own origin the browser vouches for as `origin`.
///
/// A sandboxed ancestor cannot pass for its address's origin here: sandboxing is inherited, so the document's own origin would be
/// opaque, and an opaque origin never becomes an [`Origin`].
///
/// Chromium lists no `blob:` frames, nor tells what is above them; for them alone `told` counts, `location.ancestorOrigins` in the document's own
/// process, out of the page's reach.
pub fn ancestors_of(document_id: &str, origin: &Origin, frames: &[Frame], told: &[String]) -> Ancestors {
    let above: Vec<Option<String>> = match find(document_id, frames) {
        None => told.iter().cloned().map(Some).collect(),
        Some(frame) => match chain_of(frame, frames) {
            Some(chain) if chain.is_empty() => return Ancestors::SameOrigin,
            Some(chain) => (0..chain.len()).map(|level| origin_at(&chain, level)).collect(),
            None => Vec::new(),
        },
    };
    if !above.is_empty() && above.iter().all(|other| other.as_deref() == Some(origin.as_str())) {
        return Ancestors::SameOrigin;
    }
    let top = above.last().cloned().flatten();
    Ancestors::CrossOrigin { top: top.and_then(|origin| Origin::from_sender(&origin).ok()) }
}

/// The embedding documents from the parent up to the top; `None` where a link is missing, or hidden.
fn chain_of<'a>(mut frame: &'a Frame, frames: &'a [Frame]) -> Option<Vec<&'a Frame>> {
    let mut chain = Vec::new();
    while !frame.is_fenced() && chain.len() <= frames.len() {
        if frame.parent_frame_id == -1 {
            return Some(chain);
        }
        frame = find(frame.parent_document_id.as_deref()?, frames)?;
        chain.push(frame);
    }
    None
}

fn find<'a>(document_id: &str, frames: &'a [Frame]) -> Option<&'a Frame> {
    frames.iter().find(|frame| frame.document_id.as_deref() == Some(document_id))
}

/// The origin of `chain[level]`: its address's, or for `about:srcdoc` and `about:blank` that of the document above.
fn origin_at(chain: &[&Frame], level: usize) -> Option<String> {
    let frame = chain.get(level)?;
    match frame.url.split(['?', '#']).next() {
        Some("about:srcdoc" | "about:blank") => origin_at(chain, level + 1),
        _ => web_origin(&frame.url),
    }
}

/// The origin of an http or https address as the browser serializes it (default ports are never in it).
pub fn web_origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests;
