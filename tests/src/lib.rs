//! What the whole-chain tests share: nothing here is part of the product.

pub mod browser;
pub mod prompt_window;
pub mod relying_party;
