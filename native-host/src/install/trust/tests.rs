#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn what_everyone_may_change_or_nobody_may_start_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (file, executable) = (folder.path().join("manifest.json"), folder.path().join("keystow"));
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for path in [&file, &executable] {
        fs::write(path, "").unwrap();
    }
    set(&file, 0o644);
    set(&executable, 0o755);
    assert_eq!(distrust(&file, &executable), None);
    set(&executable, 0o644);
    assert_eq!(distrust(&file, &executable), Some(Distrust::NotExecutable(executable.clone())));
    set(&executable, 0o777);
    assert_eq!(distrust(&file, &executable), Some(Distrust::Writable(executable.clone())));
    set(&file, 0o666);
    assert_eq!(distrust(&file, &executable), Some(Distrust::Writable(file.clone())));
    set(&file, 0o644);
    set(&executable, 0o755);
    set(folder.path(), 0o777);
    assert_eq!(distrust(&file, &executable), Some(Distrust::Writable(folder.path().to_owned())));
    set(folder.path(), 0o1777);
    assert_eq!(distrust(&file, &executable), None);
}
