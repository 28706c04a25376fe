//! The user's devices, kept in step over a storage that the user owns (SYNC): the engine is the package `sync-engine`, here is what it does I/O with.

mod earlier;
pub mod machine;
pub mod memory;
mod passkey;
pub mod storage;
pub mod tasks;
pub mod worker;

pub use earlier::earlier;
pub use machine::Machine;
pub use worker::InStep;

#[cfg(test)]
mod testing;
