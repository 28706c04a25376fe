//! The host without a browser: from its start to its first answer, ceremonies over its pipes, and its memory.

use std::time::Instant;

use protocol::manage;
use protocol::native_message::{Body, ToHost};
use tests::browser::Error;
use tests::host::{Client, Host, Person};
use tests::judge::{Judge, Policy, WebauthnRs};
use tests::machine::Machine;
use tests::stage::resident_memory;

use crate::table::Table;

const STARTS: usize = 30;
const CEREMONIES: usize = 200;

const ORIGIN: &str = "https://example.com";

/// Adds the host's rows.
pub async fn measure(table: &mut Table) -> Result<(), Error> {
    let machine = Machine::start()?;
    // A vault with passkeys: without one, the host has nothing to open.
    ceremonies(&machine, table).await?;
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let (time, resident) = first_answer(&machine).await?;
        times.push(time);
        memory = memory.max(resident);
    }
    table.times("host: process start to first answer (keychain read, vault opened)", times);
    table.size("host: resident memory after its first answer", format!("{memory} KiB"));
    Ok(())
}

/// The real client on the real host, nobody in between: what a ceremony costs without a browser.
async fn ceremonies(machine: &Machine, table: &mut Table) -> Result<(), Error> {
    let client = Client::new(Host::start(machine)?, ORIGIN, Person::Consents { pin: "" })?;
    let mut judge = WebauthnRs::new("example.com", ORIGIN)?;
    let (mut creates, mut gets) = (Vec::new(), Vec::new());
    for number in 0..CEREMONIES {
        let user = format!("user {number}");
        let policy = Policy::new(&user, "discouraged");
        let options = judge.registration_options(policy).await?;
        let start = Instant::now();
        let credential = client.create(&options).await?;
        creates.push(start.elapsed().as_secs_f64() * 1000.0);
        judge.register(&credential).await??;

        let options = judge.sign_in_options(policy).await?;
        let start = Instant::now();
        let credential = client.get(&options).await?;
        gets.push(start.elapsed().as_secs_f64() * 1000.0);
        judge.sign_in(&credential).await??;
    }
    table.times("client and host, no browser: create", creates);
    table.times("client and host, no browser: get", gets);
    Ok(())
}

/// Milliseconds to the first answer, and the resident memory in KiB.
async fn first_answer(machine: &Machine) -> Result<(f64, u64), Error> {
    let start = Instant::now();
    let mut host = Host::start(machine)?;
    let answer = host.request(|id| ToHost::Manage { id, request: manage::Request::Status {} }).await?;
    let time = start.elapsed().as_secs_f64() * 1000.0;
    match answer {
        Body::Ok(manage::Response::Status(status)) if status.passkeys > 0 => {
            Ok((time, host.process_id().and_then(resident_memory).unwrap_or_default()))
        }
        other => Err(format!("the host answered {other:?}").into()),
    }
}
