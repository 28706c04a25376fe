//! What the fuzz targets share: a vault that each input finds as it was, and inputs that are a sequence of steps.

pub mod damage;
mod platform;
mod random;
mod stage;
mod steps;
pub mod sync;

pub use platform::{Platform, client_pin};
pub use random::Counter;
pub use stage::{PIN, Passkey, Stage, passkeys, sign};
pub use steps::{Step, join, split};
