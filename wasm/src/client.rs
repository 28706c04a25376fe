//! The WebAuthn client (L3 §5): pure Rust, no browser type, tested natively.
//!
//! A page's call goes through [`create`], [`get`] or [`capabilities`]; all it needs of the world is an [`Environment`]. Dropping the future aborts the
//! ceremony. What the browser says of the page is a [`Caller`]; what the page says is [`Claimed`].

mod answer;
mod caller;
mod capabilities;
mod client_data;
mod consent;
mod create;
mod display;
mod environment;
mod error;
mod extensions;
mod get;
mod hints;
mod host;
mod lifetime;
mod origin;
mod pin;
pub mod prompt;
mod public_suffix;
mod related_origins;
mod reply;
mod request;
mod rp_id;
mod settle;
mod signals;
mod verification;

pub use caller::{Ancestors, Caller, Claimed, Frame, PageRequest, Tab};
pub use capabilities::capabilities;
pub use create::{create, withdraw};
pub use display::shown;
pub use environment::{Environment, Fetched, HostError, Saved};
pub use get::{get, offer};
pub use origin::{Host, OWN_RP_ID, Origin, OriginError};
pub use public_suffix::public_suffix;
pub use reply::{DomError, DomErrorName, Reply};
pub use settle::{Beginning, Settlement, Unsettled, What, begin, settle};
pub use signals::{SignalMethod, signal};

#[cfg(test)]
mod testing;
