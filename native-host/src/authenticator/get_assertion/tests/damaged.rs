use super::*;
use crate::credential::SealedSecrets;

/// Leaves the record of `id` as it is, but for its secrets.
fn damage_secrets(bench: &Bench, id: &CredentialId) {
    let damage = |source: &mut PublicKeyCredentialSource| {
        let mut sealed = source.secrets.as_sealed().to_vec();
        sealed[40] ^= 1;
        source.secrets = SealedSecrets::from_sealed(sealed);
    };
    assert!(bench.environment.vault().update(id, damage).unwrap());
}

#[test]
fn a_passkey_whose_secrets_are_damaged_is_found_and_does_not_sign() {
    let mut bench = Bench::new();
    let damaged = bench.register("example.com", 1);
    let sound = bench.register("example.com", 2);
    damage_secrets(&bench, &damaged);
    let only = |id: &CredentialId| Request { allow_list: allow(&[id]), ..request("example.com") };
    assert_eq!(bench.get(&only(&damaged)), Err(StatusCode::InvalidCredential));
    assert_eq!(bench.get(&only(&sound)).unwrap().credential.id, sound);
    let first = bench.get(&request("example.com")).unwrap();
    assert_eq!((first.credential.id, first.number_of_credentials), (sound, Some(2)));
    assert_eq!(bench.get_next(), Err(StatusCode::InvalidCredential));
}

#[test]
fn secrets_of_another_passkey_do_not_sign_for_it() {
    let mut bench = Bench::new();
    let [mine, other] = [1, 2].map(|user| bench.register("example.com", user));
    let vault = bench.environment.vault();
    let others = vault.get(&other).unwrap().unwrap().secrets;
    vault.update(&mine, |source| source.secrets = others).unwrap();
    let get = Request { allow_list: allow(&[&mine]), ..request("example.com") };
    assert_eq!(bench.get(&get), Err(StatusCode::InvalidCredential));
}
