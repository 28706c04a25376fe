//! Keys are not left in memory: a host sets a PIN, makes passkeys, verifies and signs; after each it is stopped, and all that it may
//! write to is searched for the vault key, the private keys, what they signed with, and the PIN.
//!
//! The real binary keeps its memory from other processes of the user, so only root can read it. Everybody can read this same test
//! binary, started again as a host: the library's own, with the same allocator and the real keychain, but not hardened.
//! Two things that live as long as the host are no leaks: the subkeys of the vault, and the token that a right PIN gave.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

#[path = "memory/dump.rs"]
mod dump;
#[path = "memory/keys.rs"]
mod keys;
#[path = "memory/parts.rs"]
mod parts;
#[path = "memory/platform.rs"]
mod platform;
mod support;
#[path = "memory/traces.rs"]
mod traces;

use std::io::{self, ErrorKind};

use protocol::cose::CoseAlgorithmIdentifier::{EdDsa, Es256, Es384, MlDsa44, MlDsa65, Rs256};

use dump::Memory;
use parts::Canaries;
use platform::{Platform, Signed};
use support::{Desk, Host};
use traces::{Needles, Secret};

const PIN: &str = "Kaffee um 17 Uhr, bitte";

#[test]
fn a_host_that_has_just_signed_holds_no_key_and_no_pin() {
    if parts::play_if_asked() {
        return;
    }
    let desk = Desk::new();
    let canaries = Canaries::generate();
    let sessions = SESSIONS.map(|steps| play(Host::start(parts::host(&desk, &canaries)), steps));
    judge(&desk, sessions, canaries.secrets());
}

#[test]
fn the_real_binary_shows_its_memory_to_root_alone_and_there_is_no_key_in_it() {
    let desk = Desk::new();
    let sessions = SESSIONS.map(|steps| {
        let mut seen = play(desk.host(), steps);
        seen.memories.retain(|(_, memory)| match memory {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::PermissionDenied);
                false
            }
        });
        seen
    });
    judge(&desk, sessions, []);
}

/// Where a machine is set up otherwise, this test cannot be run by an ordinary user.
const MAY_READ: &str = "a process may read its child's memory: kernel.yama.ptrace_scope is 0 or 1";

/// What a host does before its memory is read.
type Step = (&'static str, fn(&mut Platform));

/// The session that makes the vault and its key, and one that finds them.
const SESSIONS: [&[Step]; 2] = [
    &[
        ("a vault made", |platform| platform.get_info()),
        ("the PIN set", |platform| platform.set_pin(PIN)),
        ("a passkey made with the PIN", |platform| platform.make("es256.com", Es256, Some(PIN))),
        ("a passkey made", |platform| platform.make("es256.com", Es256, None)),
        ("a passkey of EdDSA made", |platform| platform.make("eddsa.com", EdDsa, None)),
        ("a passkey of ES384 made", |platform| platform.make("es384.com", Es384, None)),
        ("a passkey of RS256 made", |platform| platform.make("rs256.com", Rs256, None)),
        ("another of RS256, its key made ahead", |platform| {
            platform.ask("rs256.com", &[Rs256]);
            platform.make("rs256.com", Rs256, None);
        }),
        ("a passkey of ML-DSA-44 made", |platform| platform.make("ml-dsa-44.com", MlDsa44, None)),
        ("a passkey of ML-DSA-65 made", |platform| platform.make("ml-dsa-65.com", MlDsa65, None)),
        ("signed with the PIN", |platform| platform.get("es256.com", Some(PIN))),
    ],
    &[
        ("the vault opened and signed by ES256", |platform| platform.get("es256.com", None)),
        ("signed by EdDSA", |platform| platform.get("eddsa.com", None)),
        ("signed by ES384", |platform| platform.get("es384.com", None)),
        ("signed by RS256", |platform| platform.get("rs256.com", None)),
        ("signed by ML-DSA-44", |platform| platform.get("ml-dsa-44.com", None)),
        ("signed by ML-DSA-65", |platform| platform.get("ml-dsa-65.com", None)),
        ("hmac-secret computed", |platform| platform.get_with_hmac_secret("es256.com")),
        ("listed", |platform| platform.ask("es256.com", &[])),
        ("the PIN verified", |platform| drop(platform.token("es256.com", PIN))),
        ("signed with the PIN", |platform| platform.get("es256.com", Some(PIN))),
    ],
];

/// What one session showed.
struct Seen {
    memories: Vec<(&'static str, io::Result<Memory>)>,
    signed: Vec<Signed>,
}

fn play(host: Host, steps: &[Step]) -> Seen {
    let mut platform = Platform::new(host);
    let mut memories = Vec::new();
    for (name, step) in steps {
        step(&mut platform);
        platform.wait_until_idle();
        memories.push((*name, Memory::of(platform.host.id())));
    }
    Seen { memories, signed: platform.signed }
}

/// Holds what was read against all secrets of the desk; what lives on must be found, or the search itself would be broken.
fn judge(desk: &Desk, sessions: [Seen; 2], canaries: impl IntoIterator<Item = Secret>) {
    let kept = parts::tell_secrets(desk);
    let mut gone = vec![Secret::new("PIN", PIN.as_bytes()), Secret::new("PIN hash", &platform::hash_of(PIN))];
    gone.extend(kept.must_be_gone);
    let signed = sessions.iter().flat_map(|session| &session.signed);
    gone.extend(signed.filter_map(|signed| signed.nonce(&kept.scalars)));
    assert!(gone.len() >= 39, "{} secrets", gone.len());
    let alive: Vec<Secret> = canaries.into_iter().chain(kept.live_on).collect();
    let needles = Needles::of(gone.iter().chain(&alive));
    let mut left = Vec::new();
    for (step, memory) in sessions.into_iter().flat_map(|session| session.memories) {
        let mut found = memory.expect(MAY_READ).search(&needles);
        for Secret { name, .. } in &alive {
            assert!(found.iter().any(|found| found.starts_with(name)), "{step}: the search does not find the {name}");
        }
        found.retain(|found| !alive.iter().any(|alive| found.starts_with(&alive.name)));
        left.extend(found.into_iter().map(|found| format!("{step}: {found}")));
    }
    assert!(left.is_empty(), "left in memory:\n{}", left.join("\n"));
}
