use super::*;

#[test]
fn the_home_folder_is_shown_as_a_tilde_and_no_other_is() {
    let shown = |text: &str| Home { paths: vec!["/home/al".to_owned()] }.hidden(text);
    assert_eq!(shown("1 passkey in /home/al/vault.db, sound"), "1 passkey in ~/vault.db, sound");
    assert_eq!(shown("/home/al, or /home/al."), "~, or ~.");
    for other in ["/home/alice/vault.db", "/home/al-2", "/home", "nothing"] {
        assert_eq!(shown(other), other);
    }
}

#[cfg(unix)]
#[test]
fn a_home_that_is_a_link_is_hidden_under_both_names() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    std::fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let home = Home::at(&link);
    for path in [real.canonicalize().unwrap(), link] {
        assert_eq!(home.hidden(&path.join("keystow").display().to_string()), "~/keystow");
    }
    assert_eq!(Home::at(Path::new("/")).hidden("/usr/bin/keystow"), "/usr/bin/keystow");
}
