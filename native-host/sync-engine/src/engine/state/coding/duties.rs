//! `duties = { 0: audit, 1: forked, 2: head, 3: [*removing], 4: [*garbage], 5: [*[clearing, n]] }`

use protocol::cbor::{Error, Value};

use super::{array, device_id, flag, id, take};
use crate::engine::state::Duties;
use crate::storage::ObjectName;
use crate::wire::{self, Unknown};

pub(super) fn to_value(duties: &Duties) -> Value {
    let clearing = duties.clearing.iter().map(|(device, n)| array([id(device), (*n).into()]));
    wire::map(
        [
            (0, Some(duties.audit.into())),
            (1, Some(duties.forked.into())),
            (2, Some(duties.head.into())),
            (3, Some(Value::Array(duties.removing.iter().map(id).collect()))),
            (4, Some(Value::Array(duties.garbage.iter().map(|name| name.path().into()).collect()))),
            (5, Some(Value::Array(clearing.collect()))),
        ],
        &Unknown::default(),
    )
}

pub(super) fn from_value(value: Value) -> Result<Duties, Error> {
    let mut members = wire::fields(value, "duties")?;
    let clearing = take(&mut members, 5, "duties.clearing", |value| {
        let [device, n] = wire::tuple(value, "duties.clearing")?;
        Ok::<_, Error>((device_id(device)?, wire::uint(&n, "duties.clearing")?))
    })?;
    Ok(Duties {
        audit: flag(&mut members, 0, "duties.audit")?,
        forked: flag(&mut members, 1, "duties.forked")?,
        head: flag(&mut members, 2, "duties.head")?,
        removing: take(&mut members, 3, "duties.removing", device_id)?,
        garbage: take(&mut members, 4, "duties.garbage", name)?,
        clearing,
    })
}

fn name(value: Value) -> Result<ObjectName, Error> {
    let path = value.into_text().map_err(|_| Error::WrongType("duties.garbage"))?;
    ObjectName::from_path(&path).ok_or(Error::OutOfRange("duties.garbage"))
}
