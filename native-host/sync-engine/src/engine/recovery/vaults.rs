//! The vaults that a recovery key opens, as far as the storage shows them.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::{Circle, Membership};
use crate::engine::course::Course;
use crate::engine::heads::Listing;
use crate::engine::join::circle_of;
use crate::format::{self, CircleObject, Head, HeadObject, MAX_CIRCLE, MAX_HEAD, MAX_PACK, PackObject};
use crate::ids::{DeviceId, ObjectHash, RecordId, VaultId};
use crate::keys::Identity;
use crate::memory::Memory;
use crate::record::{DELETED, Record};
use crate::storage::{Answer, ObjectName, Request};

/// Devices that are looked at. More have no person, and junk shall not stop a recovery.
const DEVICES: usize = 256;

/// A vault that the recovery key opens.
pub(super) struct Vault {
    /// All that was said of it, by circles that members' signed heads name, and the keys.
    pub(super) circle: Circle,
    membership: Membership,
    /// The newest head of each member that opens.
    heads: Vec<Head>,
}

/// A head, not believed yet.
struct Unread {
    device: DeviceId,
    n: u64,
    bytes: Vec<u8>,
}

impl Unread {
    fn circle(&self) -> Option<ObjectHash> {
        HeadObject::parse(&self.bytes).ok().map(|head| head.circle)
    }

    fn is_by_member(&self, membership: &Membership) -> bool {
        let standing = membership.standing(&self.device).filter(|_| membership.is_member(&self.device));
        let head = HeadObject::parse(&self.bytes).ok();
        standing.zip(head).is_some_and(|(standing, head)| head.is_signed_by(&standing.card, self.n))
    }
}

/// All vaults for which this recovery key has answered; nothing where the storage does not say.
pub(super) async fn of_paper<M: Memory>(course: &mut Course<'_, M>, paper: &Identity) -> Option<Vec<Vault>> {
    let listing = Listing::ask(course).await?;
    let heads = fetch_heads(course, &listing).await;
    let circles = fetch_circles(course, &heads, paper).await;
    let vaults: BTreeSet<VaultId> = circles.values().map(|(vault, _)| *vault).collect();
    let card = paper.card("", true, None);
    let found = vaults.into_iter().map(|vault| Vault::of(vault, &heads, &circles));
    Some(
        found.filter(|vault| vault.membership.is_live(&paper.id()) && vault.circle.is_answered_for_by(&card)).collect(),
    )
}

async fn fetch_heads<M: Memory>(course: &mut Course<'_, M>, listing: &Listing) -> Vec<Unread> {
    let mut heads = Vec::new();
    let devices: Vec<&DeviceId> = listing.devices().take(DEVICES).collect();
    for devices in devices.chunks(16) {
        let newest = devices.iter().flat_map(|device| listing.of_device(device).iter().take(2).map(|n| (**device, *n)));
        let names: Vec<(DeviceId, u64)> = newest.collect();
        let get = |(device, n): &(DeviceId, u64)| Request::Get(ObjectName::Head(*device, *n), MAX_HEAD as u64);
        let answers = course.ask(names.iter().map(get).collect()).await;
        for ((device, n), answer) in names.into_iter().zip(answers) {
            if let Answer::Got(bytes) = answer {
                heads.push(Unread { device, n, bytes });
            }
        }
    }
    heads
}

/// The circle objects that heads name and that open, each with its vault.
async fn fetch_circles<M: Memory>(
    course: &mut Course<'_, M>,
    heads: &[Unread],
    paper: &Identity,
) -> BTreeMap<ObjectHash, (VaultId, format::Circle)> {
    let named: BTreeSet<ObjectHash> = heads.iter().filter_map(Unread::circle).collect();
    let mut circles = BTreeMap::new();
    for hash in named {
        let request = Request::Get(ObjectName::Circle(hash), MAX_CIRCLE as u64);
        let Some(Answer::Got(bytes)) = course.ask_one(request).await else { continue };
        let object = CircleObject::parse(&bytes).ok().filter(|_| ObjectHash::of_object(&bytes) == hash);
        if let Some(object) = object
            && let Ok(contents) = object.open(paper)
        {
            circles.insert(hash, (object.vault, contents));
        }
    }
    circles
}

type Circles = BTreeMap<ObjectHash, (VaultId, format::Circle)>;

impl Vault {
    /// From the circles that members' heads stand by: first all sentences, again until no head adds any; then the keys, of those only who are
    /// still in by all of them.
    fn of(vault: VaultId, heads: &[Unread], circles: &Circles) -> Self {
        let contents = |head: &Unread| {
            let (of, contents) = circles.get(&head.circle()?)?;
            (*of == vault).then_some(contents)
        };
        let mut circle = Circle::new(vault);
        loop {
            let mut news = false;
            for (head, contents) in heads.iter().filter_map(|head| Some((head, contents(head)?))) {
                let mut united = circle_of(vault, format::Circle::default());
                united.union(circle.sentences().chain(&contents.sentences).cloned());
                if head.is_by_member(&united.evaluate()) {
                    news |= circle.union(contents.sentences.iter().cloned());
                }
            }
            if !news {
                break;
            }
        }
        let membership = circle.evaluate();
        for contents in heads.iter().filter(|head| head.is_by_member(&membership)).filter_map(contents) {
            let keys = contents.keys.iter().map(format::VaultKeyEntry::duplicate);
            circle.keys_mut().take_in(keys, &membership);
            circle.union_unknown(&contents.unknown);
        }
        let mut vault = Self { circle, membership, heads: Vec::new() };
        vault.heads = vault.open(heads);
        vault
    }

    /// Each member's newest head that opens.
    fn open(&self, heads: &[Unread]) -> Vec<Head> {
        let mut newest = BTreeMap::<DeviceId, Head>::new();
        for head in heads.iter().filter(|head| head.is_by_member(&self.membership)) {
            let Ok(object) = HeadObject::parse(&head.bytes) else { continue };
            let Some(standing) = self.membership.standing(&head.device) else { continue };
            let Some(key) = self.circle.keys().get(&object.key) else { continue };
            let Ok(opened) = object.open(&self.circle.vault(), &standing.card, head.n, &key.key) else { continue };
            if newest.get(&head.device).is_none_or(|known| known.n < opened.n) {
                newest.insert(head.device, opened);
            }
        }
        newest.into_values().collect()
    }

    /// The names of the devices, each machine once.
    pub(super) fn names(&self) -> Vec<String> {
        let members = self.membership.members().filter(|standing| !self.membership.was_born_again(&standing.card.id()));
        members.map(|standing| standing.card.name().to_owned()).collect()
    }

    /// When the newest head was written, and by whom.
    pub(super) fn changed(&self) -> Option<(u64, String)> {
        let newest = self.heads.iter().max_by_key(|head| head.time)?;
        let standing = self.membership.standing(&newest.device)?;
        Some((newest.time, standing.card.name().to_owned()))
    }

    /// How many records there are that are not deleted. Nothing of them is kept but what it takes to count.
    pub(super) async fn count_records<M: Memory>(&self, course: &mut Course<'_, M>) -> u64 {
        let mut deleted = BTreeMap::<RecordId, Record>::new();
        for head in &self.heads {
            for pack in head.packs.iter().filter(|pack| pack.length <= MAX_PACK as u64) {
                let request = Request::Get(ObjectName::Pack(head.device, pack.hash), pack.length);
                let Some(Answer::Got(bytes)) = course.ask_one(request).await else { continue };
                for (id, record) in self.open_pack(&head.device, &pack.hash, &bytes).unwrap_or_default() {
                    deleted.entry(id).or_default().merge(&only_deletion(&record));
                }
            }
        }
        deleted.values().filter(|record| !record.is_deleted()).count() as u64
    }

    fn open_pack(&self, author: &DeviceId, hash: &ObjectHash, bytes: &[u8]) -> Option<Vec<format::Entry>> {
        let object = PackObject::parse(bytes).ok().filter(|_| ObjectHash::of_object(bytes) == *hash)?;
        let key = self.circle.keys().get(&object.key)?;
        object.open(&self.circle.vault(), author, &key.key).ok()
    }
}

fn only_deletion(record: &Record) -> Record {
    let mut only = Record::default();
    for (stamp, value) in record.values(DELETED) {
        only.set(DELETED, *stamp, value.clone());
    }
    only
}
