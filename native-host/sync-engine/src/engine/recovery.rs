//! SYNC §11: what a recovery key opens, on a machine that has nothing else.

mod vaults;

use super::act::Act;
use super::course::{Course, Device};
use super::state::{Salt, State};
use super::{FoundVault, Outcome, PaperKey, Refusal};
use crate::ids::VaultId;
use crate::keys::DeviceKeys;
use crate::memory::Memory;
use crate::stamp::Clock;

use vaults::Vault;

/// What the storage shows to this recovery key. A machine with no memory cannot tell an old state from the newest; the person can.
pub(super) async fn look<M: Memory>(course: &mut Course<'_, M>, paper: &PaperKey) -> Outcome {
    let Some(vaults) = vaults::of_paper(course, &paper.identity()).await else { return Outcome::NotYet };
    let mut found = Vec::new();
    for vault in vaults {
        let records = vault.count_records(course).await;
        found.push(FoundVault {
            vault: vault.circle.vault(),
            records,
            devices: vault.names(),
            changed: vault.changed(),
        });
    }
    if found.is_empty() { Outcome::Refused(Refusal::NothingFound) } else { Outcome::Looked(found) }
}

/// Joins one of them: the recovery key lets this device in.
pub(super) async fn recover<M: Memory>(
    course: &mut Course<'_, M>,
    paper: &PaperKey,
    vault: VaultId,
    name: &str,
) -> Result<Outcome, M::Error> {
    if let Some(refused) = course.require_off()? {
        return Ok(refused);
    }
    let paper = paper.identity();
    let Some(vaults) = vaults::of_paper(course, &paper).await else { return Ok(Outcome::NotYet) };
    let Some(Vault { circle, .. }) = vaults.into_iter().find(|found| found.circle.vault() == vault) else {
        return Ok(Outcome::Refused(Refusal::NothingFound));
    };
    let mut salt = Salt::default();
    course.rng.fill_bytes(&mut salt);
    let me = DeviceKeys::derive(course.root, &salt);
    let now = course.now();
    let mut state = State::new((salt, me.id()), name, Clock::default(), circle);
    state.observe_circle(now);
    let at = state.clock.stamp(now, &paper.id());
    state.learn(now, |circle, _| circle.invite(&paper, me.card(name, false, None), at));
    let mut device = Device::begin(course, state)?;
    device.openers.push(paper);
    device.pass(Act::Nothing).await?;
    device.joined()
}
