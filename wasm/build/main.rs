//! What is made before the crate is compiled: the public suffix table; and a look at the screens' words.

mod locales;
mod public_suffix;

use std::env;

fn main() {
    public_suffix::write();
    locales::check();
    println!("cargo::rerun-if-changed=build");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for build scripts"))
}
