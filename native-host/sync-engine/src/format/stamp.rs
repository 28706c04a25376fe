//! `stamp = [ ms, counter, device-prefix ]`

use protocol::cbor::{Error, Value};

use crate::stamp::Stamp;
use crate::wire;

/// As CBOR.
pub fn stamp_to_value(stamp: &Stamp) -> Value {
    Value::Array(vec![stamp.ms.into(), stamp.counter.into(), stamp.device.to_vec().into()])
}

/// From CBOR.
///
/// # Errors
/// It is no stamp.
pub fn stamp_from_value(value: Value) -> Result<Stamp, Error> {
    let [ms, counter, device] = wire::tuple(value, "stamp")?;
    Ok(Stamp {
        ms: wire::uint(&ms, "stamp.ms")?,
        counter: wire::uint(&counter, "stamp.counter")?.try_into().map_err(|_| Error::OutOfRange("stamp.counter"))?,
        device: wire::fixed(device, "stamp.device", wire::array)?,
    })
}
