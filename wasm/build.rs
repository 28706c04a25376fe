//! Makes the public suffix table: the rules of the resolved `psl` package, in punycode, sorted, one a line, as a text in OUT_DIR.
//! `psl` itself is compiled code, 900 KB of WASM; the same rules as sorted text are a sixth of that (see `src/client/public_suffix.rs`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let rules = rules_of_psl();
    let text = fs::read_to_string(&rules).unwrap_or_else(|error| panic!("{}: {error}", rules.display()));
    let out = PathBuf::from(variable("OUT_DIR")).join("public_suffix_rules.txt");
    fs::write(out, table(&text)).expect("OUT_DIR is writable");
    println!("cargo::rerun-if-changed=build.rs");
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

/// The rules, each as it will be looked up: `com`, `*.ck`, `!www.ck`.
fn table(rules: &str) -> String {
    let is_rule = |line: &&str| !line.is_empty() && !line.starts_with("//");
    let rules: BTreeSet<_> = rules.lines().map(str::trim).filter(is_rule).map(to_ascii).collect();
    rules.into_iter().collect::<Vec<_>>().join("\n")
}

fn to_ascii(rule: &str) -> String {
    let name = rule.trim_start_matches(['*', '!']).trim_start_matches('.');
    let prefix = &rule[..rule.len() - name.len()];
    assert!(matches!(prefix, "" | "*." | "!"), "a rule of a new kind: {rule}");
    assert!(!name.contains(['*', '!']), "a rule of a new kind: {rule}");
    let name = idna::domain_to_ascii(name).unwrap_or_else(|_| panic!("not a domain: {rule}"));
    format!("{prefix}{name}")
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for build scripts"))
}
