//! The process that is killed: it writes into a vault, and tells on stderr what it is about to do and what is done.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use keystow::credential::{Extensions, KeyPair, NewCredential, PublicKeyCredentialSource};
use keystow::keychain::{Keychain, KeychainError};
use keystow::secret::VaultKey;
use keystow::vault::{Error, Vault};
use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::{Use, UseKind, Verified};
use protocol::webauthn::{CredentialId, RpId};

pub const STORY: &str = "KEYSTOW_TEST_STORY";
pub const FILE: &str = "KEYSTOW_TEST_VAULT";
pub const KEY: &str = "KEYSTOW_TEST_KEY";

/// A keychain in a file outside the folder where faults happen. Storing twice is an error, as it would lose the first key.
pub struct FileKeychain(PathBuf);

impl FileKeychain {
    pub fn new(file: PathBuf) -> Self {
        Self(file)
    }

    pub fn has_key(&self) -> bool {
        self.0.exists()
    }
}

impl Keychain for FileKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(fs::read(&self.0).ok().map(|bytes| VaultKey::from_slice(&bytes).expect("a whole key")))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&self.0);
        file.and_then(|mut file| file.write_all(key.expose_secret()))
            .map_err(|error| KeychainError::Unavailable(error.to_string()))
    }
}

/// Passkeys as [`told`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct State {
    pub live: BTreeSet<String>,
    pub trash: BTreeSet<String>,
    /// What each reset took away, the last one last.
    pub aside: Vec<State>,
}

/// Is the writer, if this process was started as one. An error of the vault is told, and ends the process with a failure.
pub fn run_if_asked() -> bool {
    let Ok(story) = std::env::var(STORY) else { return false };
    let [file, key] = [FILE, KEY].map(|name| PathBuf::from(std::env::var_os(name).unwrap()));
    let outcome = Vault::open_or_create(&file, &FileKeychain(key)).and_then(|vault| {
        eprintln!("open");
        tell(&vault, &story).inspect_err(|_| eprintln!("still reads {}", vault.list(None, 100).unwrap().sources.len()))
    });
    if let Err(error) = outcome {
        eprintln!("error {:?}: {error}", error.code());
        std::process::exit(1);
    }
    true
}

/// Either so many passkeys, or the story: insert, replace, touch, delete, restore, the site's signals, reset, undo.
fn tell(vault: &Vault, story: &str) -> Result<(), Error> {
    if let Ok(count) = story.parse::<u32>() {
        let process = std::process::id();
        return (0..count)
            .try_for_each(|n| insert(vault, &format!("site{n}.com"), &format!("user{process}")).map(drop));
    }
    let ada = insert(vault, "a.com", "ada")?;
    let bob = insert(vault, "b.com", "bob")?;
    let lovelace = insert(vault, "a.com", "ada")?;
    step(format!("touch {bob}"), || vault.note_use(&bob, Some(&sign_in(9)), false))?;
    step(format!("delete {bob}"), || vault.delete(&bob, 10).map(drop))?;
    insert(vault, "c.com", "eve")?;
    step(format!("restore {bob}"), || vault.restore(&bob).map(drop))?;
    let eve = insert(vault, "c.com", "eve")?;
    step(format!("touch {eve}"), || vault.note_use(&eve, Some(&sign_in(11)), true))?;
    step(format!("touch {ada}"), || vault.note_use(&ada, Some(&sign_in(12)), false))?;
    signals(vault, &bob, &eve, &lovelace)?;
    step("reset".to_owned(), || vault.reset(13))?;
    insert(vault, "a.com", "ada")?;
    step("reset".to_owned(), || vault.reset(14))?;
    insert(vault, "d.com", "mal")?;
    step("undo".to_owned(), || undo(vault))?;
    step("undo".to_owned(), || undo(vault))
}

/// Everything that they do is taken back again, but for a name; and a passkey that nobody is asked for.
fn signals(vault: &Vault, bob: &CredentialId, eve: &CredentialId, ada: &CredentialId) -> Result<(), Error> {
    let [b, c] = ["b.com", "c.com"].map(RpId::from);
    step(format!("unknown {bob}"), || vault.signal_unknown_credential(&b, bob, 12))?;
    step(format!("restore {bob}"), || vault.restore(bob).map(drop))?;
    let accept =
        |accepted: &[CredentialId]| vault.signal_all_accepted_credentials(&c, &b"eve"[..].into(), accepted, 12);
    step(format!("unaccepted {eve}"), || accept(&[]))?;
    step(format!("accepted {eve}"), || accept(std::slice::from_ref(eve)))?;
    let rename = || vault.signal_current_user_details(&"a.com".into(), &b"ada"[..].into(), "countess", "", 12);
    step(format!("rename {ada}"), rename)?;
    let una = source(vault, "e.com", "una");
    let unasked = || vault.insert_unasked(&una, 12).map(|added| assert!(added));
    step(format!("insert e.com/una {}", una.credential_id), unasked)
}

/// A passkey as the states have it: its ID, and what it was called if that is not what it is called now.
pub fn told(source: &PublicKeyCredentialSource) -> String {
    let earlier = source.earlier_names.iter().map(|earlier| format!(" was {}", earlier.user_name));
    source.credential_id.to_string() + &earlier.collect::<String>()
}

fn undo(vault: &Vault) -> Result<(), Error> {
    vault.last_reset()?.map_or(Ok(()), |reset| vault.undo_reset(&reset))
}

fn sign_in(at: u64) -> Use {
    let origin = Some("https://b.com".to_owned());
    Use { at, kind: UseKind::SignedIn, browser: Some("Firefox".to_owned()), origin, verified: Verified::No }
}

fn insert(vault: &Vault, rp_id: &str, user: &str) -> Result<CredentialId, Error> {
    let source = source(vault, rp_id, user);
    step(format!("insert {rp_id}/{user} {}", source.credential_id), || vault.insert(&source, 1).map(drop))?;
    Ok(source.credential_id)
}

fn step(what: String, work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    eprintln!("begin {what}");
    work()?;
    eprintln!("done");
    Ok(())
}

pub fn source(vault: &Vault, rp_id: &str, user: &str) -> PublicKeyCredentialSource {
    let new = NewCredential {
        rp_id: rp_id.into(),
        rp_name: rp_id.to_owned(),
        user_handle: user.as_bytes().to_vec().into(),
        user_name: user.to_owned(),
        user_display_name: user.to_owned(),
        algorithm: CoseAlgorithmIdentifier::Es256,
        extensions: Extensions::default(),
        discoverable: true,
    };
    let key_pair = KeyPair::generate(new.algorithm).unwrap();
    vault.generate(new, key_pair, 1).unwrap()
}

/// What the vault must hold after `log`: what was told to be done; and the same with the step that was in flight, if one was.
pub fn replay(log: &[String]) -> [State; 2] {
    let mut accounts: Vec<(String, String)> = Vec::new();
    let mut committed = State::default();
    let mut in_flight = committed.clone();
    for line in log {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["begin", "insert", account, id] => {
                for (_, old) in accounts.iter().filter(|(other, _)| other == account) {
                    if in_flight.live.remove(old) {
                        in_flight.trash.insert(old.clone());
                    }
                }
                in_flight.live.insert(id.to_owned());
                accounts.push((account.to_owned(), id.to_owned()));
            }
            ["begin", "delete" | "unknown" | "unaccepted", id] => in_flight.trash.extend(in_flight.live.take(id)),
            ["begin", "rename", id] => {
                in_flight.live.remove(id);
                in_flight.live.insert(format!("{id} was ada"));
            }
            ["begin", "restore" | "accepted", id] => in_flight.live.extend(in_flight.trash.take(id)),
            ["begin", "reset"] => {
                let aside = std::mem::take(&mut in_flight.aside);
                let taken = std::mem::take(&mut in_flight);
                in_flight.aside = [aside, vec![taken]].concat();
            }
            ["begin", "undo"] => {
                let taken = in_flight.aside.pop().unwrap_or_default();
                in_flight.live.extend(taken.live);
                in_flight.trash.extend(taken.trash);
            }
            ["done"] => committed = in_flight.clone(),
            _ => {}
        }
    }
    [committed, in_flight]
}
