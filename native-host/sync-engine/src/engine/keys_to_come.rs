//! Stand-ins until `keys` is there.

/// The secret that all keys of this device are derived from.
pub struct DeviceRoot;

/// A recovery key.
pub struct PaperKey;

/// The one-time code by which a device joins.
pub struct JoinCode;
