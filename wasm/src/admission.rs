//! Who may ask, whose turn it is, and how often: what the background decides before and around a ceremony. Pure; `browser` feeds it.

pub mod ancestors;
pub mod fetched;
pub mod limit;
pub mod line;
pub mod mailbox;
pub mod placement;
pub mod preferences;
pub mod rules;
pub mod to_the_end;
