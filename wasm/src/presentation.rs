//! What a screen shows, as data: pure, so that it can be tested without a browser. `screens` puts it into the document.

pub mod arming;
pub mod finding;
pub mod host_error;
pub mod manager;
mod notice;
pub mod origin_parts;
pub mod pin_entry;
pub mod problem;
pub mod progress;
pub mod search;
pub mod sync;
pub mod toolbar;
pub mod trial;
pub mod view;
pub mod welcome;
