//! What the whole-chain tests share: nothing here is part of the product.

pub mod browser;
pub mod conformance;
pub mod host;
pub mod invitation;
pub mod judge;
pub mod machine;
pub mod polkit;
pub mod prompt_window;
pub mod relying_party;
pub mod site;
pub mod stage;
pub mod sync_steps;
pub mod tenant;
pub mod world;
