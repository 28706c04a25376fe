//! Makes the public suffix table of the rules of the resolved `psl` package, as `src/client/public_suffix.rs` reads it.
//! `psl` itself is compiled code, 900 KB of WASM; the table has 70 KB.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::variable;

/// Writes the table into `OUT_DIR`.
pub fn write() {
    let rules = rules_of_psl();
    let text = fs::read_to_string(&rules).unwrap_or_else(|error| panic!("{}: {error}", rules.display()));
    let out = PathBuf::from(variable("OUT_DIR")).join("public_suffix_rules.bin");
    fs::write(out, table(&text)).expect("OUT_DIR is writable");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    println!("cargo::rerun-if-changed={}", rules.display());
}

/// `data/rules.txt` of the `psl` package that this workspace resolved to.
fn rules_of_psl() -> PathBuf {
    let metadata = metadata(&["--offline"]).or_else(|_| metadata(&[])).unwrap_or_else(|error| {
        panic!("Where the package psl lies cannot be found out: {error} Run `cargo fetch`, then build again.")
    });
    let packages = metadata["packages"].as_array().expect("cargo metadata lists packages");
    let psl = packages.iter().find(|package| package["name"] == "psl").expect("psl is a build dependency");
    let manifest = psl["manifest_path"].as_str().expect("a package has a manifest");
    Path::new(manifest).with_file_name("data").join("rules.txt")
}

/// `cargo metadata` by the very cargo that runs this build. For the host's platform alone: packages of others need not be there.
fn metadata(flags: &[&str]) -> Result<serde_json::Value, String> {
    let manifest = Path::new(&variable("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let output = Command::new(variable("CARGO"))
        .args(["metadata", "--format-version=1", "--filter-platform", &variable("HOST"), "--manifest-path"])
        .arg(manifest)
        .args(flags)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// The rules in ASCII, labels from the right (`com`, `ck.*`, `ck.www!`), sorted by label; of each only what differs from the one
/// before, behind a byte of 0x80 + how many bytes are the same. Where the first label changes, that is none.
fn table(rules: &str) -> Vec<u8> {
    let is_rule = |line: &&str| !line.is_empty() && !line.starts_with("//");
    let rules: BTreeSet<_> = rules.lines().map(str::trim).filter(is_rule).map(from_the_right).collect();
    let mut table = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for rule in rules {
        let same = if before.first() == rule.first() { common_prefix(&before.join("."), &rule.join(".")) } else { 0 };
        table.push(0x80 + u8::try_from(same).ok().filter(|same| *same < 0x80).expect("rules are short"));
        table.extend(&rule.join(".").as_bytes()[same..]);
        before = rule;
    }
    table
}

fn common_prefix(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

/// The labels of a rule, the last first; an exception has its mark at the end.
fn from_the_right(rule: &str) -> Vec<String> {
    let name = rule.trim_start_matches(['*', '!']).trim_start_matches('.');
    let prefix = &rule[..rule.len() - name.len()];
    assert!(!name.contains(['*', '!']), "a rule of a new kind: {rule}");
    let name = idna::domain_to_ascii(name).unwrap_or_else(|_| panic!("not a domain: {rule}"));
    let mut labels: Vec<_> = name.rsplit('.').map(str::to_owned).collect();
    match prefix {
        "" => {}
        "*." => labels.push("*".to_owned()),
        "!" => labels.last_mut().expect("a name has labels").push('!'),
        _ => panic!("a rule of a new kind: {rule}"),
    }
    labels
}
