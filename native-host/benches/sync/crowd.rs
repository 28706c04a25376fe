//! Twenty devices of one person.

use sync_engine::engine::{Outcome, Task};

use crate::cost::{Cost, Meter};
use crate::device::{Device, join, paper_key};
use crate::filling::fill;
use servers::{PASSWORD, Proxy, WebDav};

/// How many.
pub const DEVICES: usize = 20;

/// What they cost.
pub struct Crowd {
    /// Passkeys in the vault.
    pub size: usize,
    /// The last one is let in: everything on both sides.
    pub last_join: Cost,
    /// A pass of a device where nothing has changed.
    pub idle: Cost,
    /// One passkey is renamed.
    pub written: Cost,
    /// All others learn of it, and say so: together.
    pub read: Cost,
    /// Every device has a pass after that: together.
    pub after: Cost,
}

pub fn measure(size: usize) -> Crowd {
    let server = WebDav::rclone().expect("rclone: ./build.sh setup gets it");
    let proxy = Proxy::before(server.port());
    let config = server.config_at(proxy.port(), "keystow", PASSWORD);
    let meter = Meter::over(proxy.traffic());
    let device = |number: usize| Device::new(&format!("Device {number}"), &config).opening(meter.opener());

    let mut devices = vec![device(1)];
    let renamed = fill(&devices[0], size);
    let paper = paper_key().1;
    assert_eq!(devices[0].runs(Task::Found { name: "Device 1".to_owned(), paper }), Outcome::Done);
    let mut last_join = Cost::default();
    for number in 2..=DEVICES {
        let newcomer = device(number);
        last_join = meter.cost(|| {
            join(&devices[0], &newcomer);
        });
        devices.push(newcomer);
    }
    for device in devices.iter().chain(&devices).chain(&devices[..1]) {
        device.syncs();
    }
    let idle = meter.cost(|| devices[0].syncs());
    devices[0].labels(&renamed[0], "Renamed");
    let written = meter.cost(|| devices[0].syncs());
    let read = meter.cost(|| devices[1..].iter().for_each(Device::syncs));
    let after = meter.cost(|| devices.iter().for_each(Device::syncs));
    assert!(devices.iter().all(|device| device.label_of(&renamed[0]) == "Renamed"));
    Crowd { size, last_join, idle, written, read, after }
}
