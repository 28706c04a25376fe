//! L3 §5.11: sites that may use each other's RP ID, by what the RP ID's own site says.

use protocol::webauthn::RpId;
use serde_json::Value;

use super::environment::Environment;
use super::origin::{Origin, is_ascii_domain};
use super::public_suffix::public_suffix;

/// L3 §5.11.1 `maxLabels`: the fewest that a client must allow, and what browsers allow.
const MAX_LABELS: usize = 5;

/// L3 §5.11.1, related origins validation procedure: whether the site of `rp_id` says that pages of `origin` may use it.
pub(super) async fn validate(origin: &Origin, rp_id: &RpId, environment: &impl Environment) -> bool {
    let url = format!("https://{}/.well-known/webauthn", rp_id.as_str());
    let Some(document) = environment.fetch(&url).await else { return false };
    if document.status != 200 || !is_json(&document.content_type) {
        return false;
    }
    let items = origins(&document.body).unwrap_or_default();
    is_named(origin, items.iter().filter_map(|item| environment.origin_of(item)))
}

/// Whether `origin` is among the origins `named`, of which those of more than [`MAX_LABELS`] labels are passed over.
fn is_named(origin: &Origin, named: impl Iterator<Item = String>) -> bool {
    let mut labels_seen: Vec<String> = Vec::new();
    for named in named {
        let Some(label) = registrable_origin_label(&named) else { continue };
        let is_seen = labels_seen.iter().any(|seen| seen == label);
        if !is_seen && labels_seen.len() >= MAX_LABELS {
            continue;
        }
        if named == origin.as_str() {
            return true;
        }
        if !is_seen {
            labels_seen.push(label.to_owned());
        }
    }
    false
}

/// L3 "registrable origin label" of a serialized tuple origin's host: the first label of its registrable domain.
fn registrable_origin_label(origin: &str) -> Option<&str> {
    let (_, authority) = origin.split_once("://")?;
    let host = authority.split(':').next()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    if !is_ascii_domain(host) {
        return None;
    }
    let above_suffix = host.strip_suffix(public_suffix(host))?.strip_suffix('.')?;
    above_suffix.rsplit('.').next()
}

/// MIME "essence": what comes before the parameters.
fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The member `origins` of a JSON object, where it is an array of strings and nothing else.
fn origins(body: &[u8]) -> Option<Vec<String>> {
    match serde_json::from_slice(body).ok()? {
        Value::Object(mut members) => serde_json::from_value(members.remove("origins")?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
