use crate::*;

#[test]
fn a_pin_hash_is_the_left_half_of_sha_256() {
    // SHA-256("1234") = 03ac674216f3e15c761ee1a5e255f067...
    let expected = [0x03, 0xac, 0x67, 0x42, 0x16, 0xf3, 0xe1, 0x5c, 0x76, 0x1e, 0xe1, 0xa5, 0xe2, 0x55, 0xf0, 0x67];
    assert_eq!(PinHash::derive(b"1234").expose_secret(), &expected);
}

#[test]
fn generated_keys_differ_and_are_not_zero() {
    let [a, b] = [VaultKey::generate().unwrap(), VaultKey::generate().unwrap()];
    assert!(!a.same_as(&b));
    assert_ne!(a.expose_secret(), &[0; 32]);
    let [a, b] = [CredRandom::generate().unwrap(), CredRandom::generate().unwrap()];
    assert!(!a.same_as(&b));
}

#[test]
fn a_secret_has_exactly_its_length() {
    assert!(VaultKey::from_slice(&[1; 31]).is_none());
    assert!(VaultKey::from_slice(&[1; 33]).is_none());
    assert_eq!(VaultKey::from_slice(&[1; 32]).unwrap().expose_secret(), &[1; 32]);
}

#[test]
fn a_failed_fill_gives_no_secret() {
    assert!(VaultKey::init_with(|_| Err(NoRandomness)).is_err());
}

/// In a process of its own, since it cannot be undone: the test runs itself again.
#[cfg(target_os = "linux")]
#[test]
fn a_hardened_process_writes_no_core_and_cannot_be_traced() {
    const CHILD: &str = "KEYSTOW_TEST_HARDEN";
    if std::env::var_os(CHILD).is_some() {
        assert_eq!(harden_process(), Hardening { core_dumps_off: true, tracing_off: true });
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"]);
        assert_eq!(rustix::process::dumpable_behavior().unwrap(), rustix::process::DumpableBehavior::NotDumpable);
        return;
    }
    let name = "secret::tests::a_hardened_process_writes_no_core_and_cannot_be_traced";
    let child =
        std::process::Command::new(std::env::current_exe().unwrap()).args(["--exact", name]).env(CHILD, "1").status();
    assert!(child.unwrap().success());
}
