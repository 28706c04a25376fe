use std::io::Cursor;

use super::*;
use crate::authenticator::MemoryKeychain;

fn arguments(texts: &[&str]) -> Vec<OsString> {
    texts.iter().map(OsString::from).collect()
}

#[test]
fn a_browser_is_told_by_its_arguments() {
    let chromium = ["keystow", "chrome-extension://kgckkhcbepgohlebaepifclndmlpapih/"];
    let windows = ["keystow", chromium[1], "--parent-window=0"];
    let firefox = ["keystow", "/home/alice/.mozilla/native-messaging-hosts/org.keystow.host.json", FIREFOX_ID];
    for started in [&chromium[..], &windows, &firefox] {
        assert!(started_by_a_browser(&arguments(started)), "{started:?}");
    }
    for typed in [&["keystow"][..], &["keystow", "list"], &["keystow", "x.json"], &["keystow", "x.json", "a@b"], &[]] {
        assert!(!started_by_a_browser(&arguments(typed)), "{typed:?}");
    }
}

#[test]
fn a_browser_that_is_gone_ends_the_host_quietly() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut host = Host::over(folder.path().join("vault.db"), MemoryKeychain::default());
    let mut input = 3_u32.to_ne_bytes().to_vec();
    input.extend(b"{}!");
    assert!(serve(Cursor::new(input), Closed, &mut host).is_ok());
}
