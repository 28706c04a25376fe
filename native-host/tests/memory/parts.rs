//! The parts that this test binary plays when it is started again, on the desk of the test: the host, and somebody who tells all
//! secrets.

use std::hint::black_box;
use std::io;
use std::process::Command;

use hkdf::Hkdf;
use keystow::keychain::{Keychain, OsKeychain};
use keystow::native_messaging::{Host, serve};
use keystow::secret::{VaultKey, fill_random};
use keystow::vault::Vault;
use keystow::verification::PinStore;
use protocol::cbor::Fields;
use protocol::cose::CoseAlgorithmIdentifier;
use sha2::Sha256;

use crate::keys;
use crate::support::Desk;
use crate::traces::Secret;

const PART: &str = "KEYSTOW_TEST_PART";
const SEED: &str = "KEYSTOW_TEST_SEED";
const TEST: &str = "a_host_that_has_just_signed_holds_no_key_and_no_pin";

/// Whether this process was started for a part; it is then played.
pub fn play_if_asked() -> bool {
    match std::env::var(PART).as_deref() {
        Ok("host") => be_the_host(),
        Ok("teller") => tell(),
        _ => return false,
    }
    true
}

/// The host, with canaries alive in it. The test harness writes to standard output, so frames go out on standard error, and the
/// shell that starts it exchanges the two.
pub fn host(desk: &Desk, canaries: &Canaries) -> Command {
    let mut command = desk.command("sh");
    command.args(["-c", r#"exec "$@" 2>&1 >/dev/null"#, "sh"]).arg(std::env::current_exe().unwrap());
    command.args(["--exact", TEST, "--nocapture"]).env(PART, "host").env(SEED, hex(&canaries.0));
    command
}

fn be_the_host() {
    let seed = bytes(&std::env::var(SEED).unwrap());
    let on_heap = VaultKey::init_with(|canary| mask(&seed, ON_HEAP, canary)).unwrap_or_else(|never| match never {});
    let mut on_stack = [0; 32];
    let Ok(()) = mask(&seed, ON_STACK, &mut on_stack);
    black_box(&on_stack);
    serve(io::stdin(), io::stderr(), &mut Host::of_this_user()).unwrap();
    black_box((&on_stack, &on_heap));
}

/// Known bytes that are alive in the host while it is searched: one on its heap, one on a stack. Its environment holds only what
/// they are made of.
pub struct Canaries([u8; 32]);

impl Canaries {
    pub fn generate() -> Self {
        let mut seed = [0; 32];
        fill_random(&mut seed).unwrap();
        Self(seed)
    }

    pub fn secrets(&self) -> [Secret; 2] {
        [("canary on the heap", ON_HEAP), ("canary on the stack", ON_STACK)].map(|(name, with)| {
            let mut canary = [0; 32];
            let Ok(()) = mask(&self.0, with, &mut canary);
            Secret::new(name, &canary)
        })
    }
}

/// In place, byte by byte, so that no copy is made on the way.
fn mask(seed: &[u8], with: u8, canary: &mut [u8; 32]) -> Result<(), std::convert::Infallible> {
    for (to, from) in canary.iter_mut().zip(seed) {
        *to = from ^ with;
    }
    Ok(())
}

const ON_HEAP: u8 = 0x5a;
const ON_STACK: u8 = 0xa5;

/// What the desk's keychain and vault keep.
#[derive(Default)]
pub struct Kept {
    pub must_be_gone: Vec<Secret>,
    pub live_on: Vec<Secret>,
    /// Credential ID and scalar of each passkey that signs by ES256.
    pub scalars: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Asked of a process on the desk, since this one has another keychain.
pub fn tell_secrets(desk: &Desk) -> Kept {
    let mut command = desk.command(std::env::current_exe().unwrap().to_str().unwrap());
    let output = command.args(["--exact", TEST, "--nocapture"]).env(PART, "teller").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut kept = Kept::default();
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        let mut members = line.split('\t');
        let (kind, name, secret) = (members.next().unwrap(), members.next().unwrap(), members.next().unwrap());
        match kind {
            "gone" => kept.must_be_gone.push(Secret::new(name, &bytes(secret))),
            "lives on" => kept.live_on.push(Secret::new(name, &bytes(secret))),
            _ => kept.scalars.push((bytes(name), bytes(secret))),
        }
    }
    kept
}

/// One secret on each line.
fn tell() {
    let tell = |kind: &str, name: &str, secret: &[u8]| eprintln!("{kind}\t{name}\t{}", hex(secret));
    let keychain = OsKeychain::new();
    let key = keychain.load().unwrap().expect("the vault key");
    tell("gone", "vault key", key.expose_secret());
    tell("lives on", "key that seals records", &seal_key(key.expose_secret()));
    let vault = Vault::open_or_create(&keystow::vault::default_path().unwrap(), &keychain).unwrap();
    let pin = Fields::decode(&vault.pin().unwrap().expect("a PIN").encode(), "PIN").unwrap().bytes(3, "digest");
    tell("gone", "digest of the PIN", &pin.unwrap().unwrap());
    for source in vault.list(None, 100).unwrap().sources {
        let secrets = vault.open_secrets(&source).unwrap();
        let key = secrets.private_key.expose_secret();
        for (name, secret) in keys::forms(source.algorithm, key) {
            tell("gone", &name, &secret);
        }
        tell("gone", "CredRandom", secrets.cred_random.unwrap().expose_secret());
        if source.algorithm == CoseAlgorithmIdentifier::Es256 {
            tell("scalar", &hex(source.credential_id.as_bytes()), key);
        }
    }
}

/// As the vault derives it; it lives as long as the host.
fn seal_key(vault_key: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, vault_key).expand(b"keystow vault 1: seal", &mut key).unwrap();
    key
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
