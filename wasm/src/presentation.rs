//! What a screen shows, as data: pure, so that it can be tested without a browser. `screens` puts it into the document.

pub mod arming;
pub mod manager;
pub mod origin_parts;
pub mod pin_entry;
pub mod problem;
pub mod progress;
pub mod toolbar;
pub mod view;
