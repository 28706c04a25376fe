//! The library that injects faults into a process of its own, by `LD_PRELOAD`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The library of `tests/fault`, built by cargo beside this test's own build.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("fault");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--manifest-path"])
            .arg(workspace.join("tests/fault/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .status();
        assert!(built.unwrap().success(), "tests/fault does not build");
        target.join("debug/libfault.so")
    })
}
