//! SYNC §6, "born again": somebody else uses this device's identity.

use super::course::Device;
use super::state::{Own, Salt};
use crate::keys::DeviceKeys;
use crate::memory::Memory;

/// More former names than this are not opened with.
const FORMER: usize = 8;

impl<M: Memory> Device<'_, '_, M> {
    /// Makes new keys; the old name lets the new one in, and falls silent. So no number is ever used for two contents.
    pub(super) fn be_born_again(&mut self) -> Result<(), M::Error> {
        if !self.state().duties.forked {
            return Ok(());
        }
        let mut salt = Salt::default();
        self.course.rng.fill_bytes(&mut salt);
        let keys = DeviceKeys::derive(self.course.root, &salt);
        self.commit(|c| {
            let (old, name, at) = (c.state.device, c.state.name.clone(), c.state.stamp(c.now));
            let card = keys.card(&name, false, Some(old));
            let me = c.me;
            c.state.learn(c.now, |circle, _| circle.invite(me, card, at));
            let before = std::mem::replace(&mut c.state.salt, salt);
            c.state.former.insert(0, before);
            c.state.former.truncate(FORMER);
            c.state.device = keys.id();
            c.state.own = Own::default();
            c.state.duties.forked = false;
            c.state.duties.audit = true;
            c.state.duties.garbage.clear();
            // Its first head says all that the old name's said.
            c.state.duties.clearing.iter_mut().for_each(|(_, n)| *n = 1);
            for name in c.tx.outbox()? {
                c.tx.remove_outgoing(&name)?;
            }
            Ok(())
        })?;
        self.renew_keys();
        Ok(())
    }
}
