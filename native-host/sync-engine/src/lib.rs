//! Passkeys that follow the user, end-to-end encrypted over storage that nobody trusts.
//!
//! Everything here is pure: no file, no network, no clock. What a storage has to do is asked for ([`storage`]), what the device remembers is
//! handed in ([`memory`]), time and randomness too. So a whole world of devices runs in one test, the same each time.
//!
//! | to read | begin at |
//! | --- | --- |
//! | one sync pass | `engine` |
//! | who is in | `circle` |
//! | how two devices' changes become one | `record` |
//! | what lies on the storage | `format` |
//! | keys and what is sealed with them | `keys` |

pub mod circle;
pub mod engine;
pub mod format;
pub mod ids;
pub mod keys;
mod labels;
pub mod memory;
pub mod mutations;
pub mod record;
pub mod stamp;
pub mod storage;
pub mod wire;

#[cfg(test)]
mod testing;
