//! What every storage must do: the four verbs, and what the engine rests on.

use std::thread;

use keystow::sync::storage::Storage;
use protocol::manage::sync::StorageConfig;
use sync_engine::ids::{DeviceId, ObjectHash, Slot};
use sync_engine::storage::{Answer, Folder, ObjectName, Request};

/// A device.
pub fn device(number: u8) -> DeviceId {
    DeviceId::from_slice(&[number; DeviceId::SIZE]).unwrap()
}

fn hash(number: u8) -> ObjectHash {
    ObjectHash::from_slice(&[number; ObjectHash::SIZE]).unwrap()
}

fn slot(number: u8) -> Slot {
    Slot::from_slice(&[number; Slot::SIZE]).unwrap()
}

/// Bytes that nothing makes smaller.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length.div_ceil(8)).flat_map(|_| next()).take(length).collect()
}

/// Opens a storage that must be there.
pub fn open(config: &StorageConfig) -> Storage {
    Storage::open(config).unwrap()
}

/// The one answer to one request.
pub fn ask(storage: &Storage, request: Request) -> Answer {
    let mut answers = storage.carry_out(vec![request]);
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

/// Puts, and expects that it works.
pub fn put(storage: &Storage, name: &ObjectName, bytes: &[u8]) {
    assert_eq!(ask(storage, Request::Put(name.clone(), bytes.to_vec())), Answer::Done, "{name:?}");
}

/// Gets up to so many bytes.
pub fn get(storage: &Storage, name: &ObjectName, limit: u64) -> Answer {
    ask(storage, Request::Get(name.clone(), limit))
}

/// Lists, and expects that it works.
pub fn list(storage: &Storage, folder: Folder) -> Vec<ObjectName> {
    match ask(storage, Request::List(folder)) {
        Answer::Listed(names) => names,
        other => panic!("{other:?}"),
    }
}

/// All of it, against an empty storage.
pub fn all(config: &StorageConfig) {
    let storage = open(config);
    an_empty_storage(&storage);
    large_objects_in_a_new_folder(&storage);
    what_is_put_is_listed_and_got(&storage);
    a_long_object_is_not_fetched(&storage);
    many_at_once(&storage);
    two_writers(config);
    eight_megabytes(&storage);
}

/// Where a folder is not there a server may hang up before it has read so much, and its answer is lost.
fn large_objects_in_a_new_folder(storage: &Storage) {
    let packs = [1, 2].map(|number| ObjectName::Pack(device(9), hash(number)));
    let puts = packs.iter().map(|pack| Request::Put(pack.clone(), noise(4 << 20, 9)));
    assert_eq!(storage.carry_out(puts.collect()), [Answer::Done, Answer::Done]);
    assert_eq!(list(storage, Folder::Packs(device(9))), packs);
    let deletes = packs.into_iter().map(Request::Delete);
    assert_eq!(storage.carry_out(deletes.collect()), [Answer::Done, Answer::Done]);
}

fn an_empty_storage(storage: &Storage) {
    for folder in [Folder::Heads, Folder::Circles, Folder::Joins, Folder::Packs(device(1))] {
        assert_eq!(list(storage, folder), []);
    }
    let nothing = ObjectName::Head(device(1), 1);
    assert_eq!(get(storage, &nothing, 100), Answer::Absent);
    assert_eq!(ask(storage, Request::Delete(nothing)), Answer::Done);
}

fn what_is_put_is_listed_and_got(storage: &Storage) {
    let names = [
        (ObjectName::Head(device(1), 7), Some(Folder::Heads)),
        (ObjectName::Pack(device(1), hash(2)), Some(Folder::Packs(device(1)))),
        (ObjectName::Circle(hash(3)), Some(Folder::Circles)),
        (ObjectName::Ask(slot(4)), Some(Folder::Joins)),
        (ObjectName::Check(slot(5)), None),
    ];
    let contents = |which: usize| noise(1 + 1000 * which, which as u64);
    let puts = names.iter().enumerate().map(|(which, (name, _))| Request::Put(name.clone(), contents(which)));
    assert_eq!(storage.carry_out(puts.collect()), vec![Answer::Done; names.len()]);
    for (which, (name, folder)) in names.iter().enumerate() {
        assert_eq!(get(storage, name, 1 << 20), Answer::Got(contents(which)), "{name:?}");
        if let Some(folder) = folder {
            assert_eq!(list(storage, folder.clone()), std::slice::from_ref(name));
        }
        // Once more is the same; other bytes take the place of the first.
        put(storage, name, &contents(which));
        put(storage, name, b"other");
        assert_eq!(get(storage, name, 100), Answer::Got(b"other".to_vec()), "{name:?}");
    }
    let deletes: Vec<_> = names.iter().map(|(name, _)| Request::Delete(name.clone())).collect();
    assert_eq!(storage.carry_out(deletes), vec![Answer::Done; names.len()]);
    for (name, folder) in names {
        assert_eq!(get(storage, &name, 100), Answer::Absent, "{name:?}");
        assert_eq!(folder.map(|folder| list(storage, folder)).unwrap_or_default(), []);
    }
}

fn a_long_object_is_not_fetched(storage: &Storage) {
    let name = ObjectName::Head(device(1), 1);
    put(storage, &name, &noise(70_000, 1));
    assert_eq!(get(storage, &name, 69_999), Answer::TooLarge);
    assert_eq!(get(storage, &name, 70_000), Answer::Got(noise(70_000, 1)));
    assert_eq!(get(storage, &name, 0), Answer::TooLarge);
    ask(storage, Request::Delete(name));
}

fn many_at_once(storage: &Storage) {
    let name = |number: u64| ObjectName::Head(device(1), number);
    let puts = (0..40).map(|number| Request::Put(name(number), noise(500, number))).collect();
    assert_eq!(storage.carry_out(puts), vec![Answer::Done; 40]);
    let gets = (0..40).rev().map(|number| Request::Get(name(number), 500)).collect();
    let expected: Vec<_> = (0..40).rev().map(|number| Answer::Got(noise(500, number))).collect();
    assert_eq!(storage.carry_out(gets), expected);
    assert_eq!(list(storage, Folder::Heads), (0..40).map(name).collect::<Vec<_>>());
    storage.carry_out((0..40).map(|number| Request::Delete(name(number))).collect());
    assert_eq!(list(storage, Folder::Heads), []);
}

/// Both begin with folders that are not there.
fn two_writers(config: &StorageConfig) {
    let write = |who: u8| {
        let storage = open(config);
        for number in 0..10 {
            put(&storage, &ObjectName::Head(device(who), number), &noise(3000, number));
            put(&storage, &ObjectName::Pack(device(who), hash(9)), &noise(3000, 9));
        }
    };
    thread::scope(|scope| {
        for who in [11, 12] {
            scope.spawn(move || write(who));
        }
    });
    let storage = open(config);
    assert_eq!(list(&storage, Folder::Heads).len(), 20);
    for who in [11, 12] {
        for number in 0..10 {
            let name = ObjectName::Head(device(who), number);
            assert_eq!(get(&storage, &name, 3000), Answer::Got(noise(3000, number)), "{name:?}");
        }
        assert_eq!(get(&storage, &ObjectName::Pack(device(who), hash(9)), 3000), Answer::Got(noise(3000, 9)));
    }
}

fn eight_megabytes(storage: &Storage) {
    let name = ObjectName::Pack(device(1), hash(8));
    let bytes = noise(8 << 20, 8);
    put(storage, &name, &bytes);
    let limit = bytes.len() as u64;
    assert!(get(storage, &name, limit) == Answer::Got(bytes), "8 MB come back as they went");
    assert_eq!(get(storage, &name, limit - 1), Answer::TooLarge);
}
