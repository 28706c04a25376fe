# shellcheck shell=bash
# Whether the host's Rust is right for systems that this machine is not. Nothing is linked and nothing is run. What has been
# checked is kept in the cache: the standard library takes minutes, and seldom changes.

ELSEWHERE=(x86_64-pc-windows-msvc aarch64-apple-darwin)

check_elsewhere() {
  local target
  for target in "${ELSEWHERE[@]}"; do
    check "the host type-checks for $target" type_check "$target"
  done
}

# type_check TARGET: with rustup's standard library where the target is installed; else it is checked from its source too, which takes
# RUSTC_BOOTSTRAP as for the extension's WASM.
type_check() {
  local target="$1" name="${1//-/_}"
  # SQLite is C, and its build script wants a compiler for TARGET. What that would make is not needed: `true` makes nothing, and succeeds.
  local without_c=(CARGO_INCREMENTAL=0 "CC_$name=true" "CXX_$name=true" "AR_$name=$ROOT/build/no-archiver.sh" "CARGO_TARGET_DIR=$KEYSTOW_CACHE/elsewhere")
  if [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
    env "${without_c[@]}" cargo check --quiet --package keystow --target "$target"
  elif [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then
    env "${without_c[@]}" RUSTC_BOOTSTRAP=1 cargo check --quiet --package keystow --target "$target" -Zbuild-std
  else
    debian_toolchain
    env "${without_c[@]}" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
      /usr/bin/cargo check --quiet --package keystow --target "$target" -Zbuild-std
  fi
}
