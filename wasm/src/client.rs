//! The WebAuthn client (L3 §5): pure Rust, no browser type, tested natively.
//!
//! A page's call goes through [`create`] or [`get`]; all it needs of the world is an [`Environment`]. Dropping the future aborts the
//! ceremony. What the browser says of the page is a [`Caller`]; what the page says is [`Claimed`].

mod caller;
mod create;
mod environment;
mod get;
mod origin;
pub mod prompt;
mod reply;

pub use caller::{Ancestors, Caller, Claimed, PageRequest};
pub use create::create;
pub use environment::{Environment, HostError};
pub use get::get;
pub use origin::{Origin, OriginError};
pub use reply::{DomError, DomErrorName, Reply};
