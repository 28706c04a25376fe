//! Two hosts on one vault, as two browsers start them: interleaved writes, and hosts killed in the middle of them.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod support;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use protocol::native_message::{Body, FromHost};
use protocol::webauthn::CredentialId;
use support::{Desk, Host, ctap};

/// The credential IDs that `keystow list` gives.
fn listed(desk: &Desk) -> BTreeSet<String> {
    let output = desk.keystow(&["list", "--json"], "");
    assert!(output.status.success(), "{output:?}");
    let accounts: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    accounts.iter().map(|account| account["credentialId"].as_str().unwrap().to_owned()).collect()
}

fn texts(ids: &[CredentialId]) -> BTreeSet<String> {
    ids.iter().map(CredentialId::to_string).collect()
}

#[test]
fn two_hosts_write_at_once_and_nothing_is_lost() {
    const EACH: u16 = 150;
    let desk = Desk::new();
    let write = |host: u8| {
        let mut session = desk.host();
        let make = |user: u16| ctap::make("example.com", &[&[host], &user.to_be_bytes()[..]].concat());
        (0..EACH).map(|user| ctap::made(&session.ctap(&make(user)))).collect::<Vec<_>>()
    };
    let made = thread::scope(|scope| {
        let hosts = [1, 2].map(|host| scope.spawn(move || write(host)));
        hosts.map(|host| host.join().unwrap()).concat()
    });
    assert_eq!(made.len(), 2 * usize::from(EACH));
    assert_eq!(listed(&desk), texts(&made));
}

#[test]
fn what_was_answered_before_a_kill_is_there_after_it() {
    let desk = Desk::new();
    let mut answered = Vec::new();
    for round in 0..8_u8 {
        let mut hosts = [desk.host(), desk.host()];
        for (which, host) in (0..).zip(&mut hosts) {
            for user in 0..40_u8 {
                send_make(host, &[round, which, user]);
            }
        }
        // Another moment in each round: at first while the vault is being made, then somewhere behind a few answers.
        let before_kill = (0..2 * round).map(|_| hosts[0].reply()).map(|reply| answered_id(&reply));
        answered.extend(before_kill.collect::<Vec<_>>());
        thread::sleep(Duration::from_micros(700 * u64::from(round)));
        hosts.iter_mut().for_each(Host::kill);
        for host in &mut hosts {
            answered.extend(std::iter::from_fn(|| host.reply_or_end()).map(|reply| answered_id(&reply)));
        }
    }
    let listed = listed(&desk);
    let lost: Vec<_> = texts(&answered).difference(&listed).cloned().collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    // A kill between commit and answer leaves passkeys that nobody was told of: at most one for each kill.
    assert!(listed.len() <= answered.len() + 16, "{} kept, {} answered", listed.len(), answered.len());
    let doctor = String::from_utf8(desk.keystow(&["doctor"], "").stdout).unwrap();
    assert!(doctor.contains("every record sound"), "{doctor}");
}

fn answered_id(reply: &FromHost) -> CredentialId {
    match &reply.body {
        Body::Ctap(answer) => ctap::made(answer),
        other => panic!("{other:?}"),
    }
}

fn send_make(host: &mut Host, user: &[u8]) {
    let message = protocol::base64url::encode(&ctap::make("example.com", user));
    host.send(format!(r#"{{"id":1,"ctap":"{message}"}}"#).as_bytes());
}
