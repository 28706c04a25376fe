//! A vault of many passkeys.

use keystow::credential::{Extensions, KeyPair, NewCredential};
use keystow::secret::CredentialPrivateKey;
use protocol::cose::CoseAlgorithmIdentifier::Es256;
use protocol::webauthn::CredentialId;

use crate::device::Device;

/// Puts passkeys of so many sites into the vault, in one transaction, and says which the first are. All have one key, which nothing that is
/// measured here can tell.
pub fn fill(device: &Device, size: usize) -> Vec<CredentialId> {
    let key_pair = KeyPair::generate(Es256).unwrap();
    let vault = device.machine().vault();
    let mut first = Vec::new();
    let filled = vault.replicate(|replica| {
        for number in 0..size {
            // EXPOSE: all passkeys of the bench have one key
            let private_key = CredentialPrivateKey::from_slice(key_pair.private_key.expose_secret());
            let copy = KeyPair { private_key, public_key: key_pair.public_key.clone() };
            let source = vault.generate(passkey(number), copy, CREATED).unwrap();
            replica.put_live(&source)?;
            if number < FIRST {
                first.push(source.credential_id);
            }
        }
        Ok(())
    });
    filled.unwrap();
    assert_eq!(vault.count().unwrap(), size as u64);
    first
}

fn passkey(number: usize) -> NewCredential {
    NewCredential {
        rp_id: format!("site-{number}.example").into(),
        rp_name: format!("Site {number}"),
        user_handle: [&number.to_be_bytes()[..], &[0; 8]].concat().into(),
        user_name: "someone@mail.example".to_owned(),
        user_display_name: "Someone With a Name".to_owned(),
        algorithm: Es256,
        extensions: Extensions::default(),
        discoverable: true,
    }
}

/// As many as are asked for again.
const FIRST: usize = 8;

const CREATED: u64 = 1_700_000_000_000;
