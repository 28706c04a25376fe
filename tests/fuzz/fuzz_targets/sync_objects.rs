//! Sync's objects from the outside in. Whatever bytes the storage has, what opens is what the member wrote; and whatever a member with all keys
//! seals, it is read or refused.
//!
//! The first byte says whether the rest is an object (even), or the inside of one (odd), and of which kind.

#![no_main]

use fuzz::sync::{KINDS, Kind, N, inside, synced};
use libfuzzer_sys::fuzz_target;
use protocol::cbor;
use sync_engine::format::{Ask, CircleObject, FormatError, HeadObject, PackBuilder, PackObject, Yes};
use sync_engine::keys::Seal;

fuzz_target!(|data: &[u8]| {
    let Some((what, data)) = data.split_first() else { return };
    let kind = KINDS[usize::from(what >> 1) % KINDS.len()];
    if what & 1 == 0 {
        if let Ok(read) = open(kind, data) {
            assert_eq!(read, inside(kind), "{kind:?} from the storage");
        }
    } else {
        let object = synced().around(kind, data);
        match open(kind, &object) {
            // A pack is put in order when it is read.
            Ok(read) if kind == Kind::Pack => assert_eq!(open(kind, &synced().around(kind, &read)), Ok(read)),
            Ok(read) => assert_eq!(read, data, "{kind:?} from a member"),
            Err(error) => assert!(object.is_empty() || error != FormatError::BadSignature),
        }
    }
});

/// Its inside, as it is written again.
fn open(kind: Kind, object: &[u8]) -> Result<Vec<u8>, FormatError> {
    let synced = synced();
    Ok(match kind {
        Kind::Head => {
            let head = HeadObject::parse(object)?.open(&synced.vault, &synced.card, N, &synced.key)?;
            assert_eq!((head.device, head.n), (synced.device.id(), N));
            cbor::encode(&head.to_value())
        }
        Kind::Pack => {
            let entries = PackObject::parse(object)?.open(&synced.vault, &synced.device.id(), &synced.key)?;
            let mut pack = PackBuilder::default();
            entries.iter().for_each(|(id, record)| pack.push(*id, record));
            let again = pack.seal(&synced.vault, &synced.device.id(), &synced.key, &mut fuzz::Counter::default())?;
            let bound = [b"pack/v1", &synced.vault.as_bytes()[..], synced.device.id().as_bytes()].concat();
            synced.key.open(&again.bytes[12..], &[&bound])?.to_vec()
        }
        Kind::Circle => CircleObject::parse(object)?.open(&synced.device)?.encode().to_vec(),
        Kind::Ask => Ask::open(object, &synced.mailbox)?.encode().to_vec(),
        Kind::Yes => Yes::open(object, &synced.mailbox)?.encode().to_vec(),
    })
}
