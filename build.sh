#!/usr/bin/env bash
# Keystow's one entry. `./build.sh help` says what it can do.
# shellcheck disable=SC2317 # only because of the exit in the last line
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$ROOT"
# shellcheck source=build/common.sh
. "$ROOT/build/common.sh"
# shellcheck source=build/setup.sh
. "$ROOT/build/setup.sh"
# shellcheck source=build/extension.sh
. "$ROOT/build/extension.sh"
# shellcheck source=build/checks.sh
. "$ROOT/build/checks.sh"
# shellcheck source=build/package.sh
. "$ROOT/build/package.sh"
# shellcheck source=build/elsewhere.sh
. "$ROOT/build/elsewhere.sh"

main() {
  local command="${1:-build}"
  [ $# -eq 0 ] || shift
  case "$command" in
    setup | build | demo | test | lint | icons | bench | conformance | package | install) one_at_a_time; "command_$command" "$@" ;;
    help | -h | --help) command_help ;;
    *) command_help >&2; fail "there is no command \"$command\"." ;;
  esac
}

command_help() {
  cat <<'HELP'
./build.sh [COMMAND]

  build     (default) the native host, target/release/keystow, and the extension, dist/chromium and dist/firefox
  demo      registers and signs in with passkeys on a demo site. With a display: opens a browser to try it in
            (demo firefox: in Firefox). Without one, or with --headless: plays two stories in both browsers, one
            computer's and that of three which sync, and saves pictures of each step in dist/demo
  test      every check and test; the last line is the sum
  lint      the checks of style alone
  bench     measures both browsers, the host and sync; the table is also written to dist/bench.md
  conformance   measures what docs/CONFORMANCE.md says, with Keystow and with the browsers' own providers, and writes it
  package   both extensions, ready to be signed, and a Debian package of the host, in dist/packages; as root the Debian
            package is then tried out in a clean Debian
  install   builds, and puts the host in place for your own browsers. `keystow uninstall` takes it out again
  icons     draws extension/icons/*.png anew from keystow.svg
  setup     only installs what the others need
  help      this text

Each command first installs what it needs and does not find: Debian packages by apt (as root or by sudo; otherwise the
command to run is printed), tools from crates.io, npm and PyPI in the cache.

  KEYSTOW_CACHE            the cache: ~/.cache/keystow
  KEYSTOW_WASM_TOOLCHAIN   rustup or debian: forces the one that compiles the extension's WASM
HELP
}

# Two build.sh at once would install into each other's cache; once all is built, the next may begin.
one_at_a_time() {
  mkdir -p "$KEYSTOW_CACHE"
  have flock || return 0
  exec 9>"$KEYSTOW_CACHE/lock"
  flock --nonblock 9 || { note "waiting for another build.sh to have built"; flock 9; }
}

let_next_begin() { exec 9>&-; }

command_setup() {
  timed "Setting up" need_test_tools
}

command_build() {
  timed "Setting up" need_extension_tools
  timed "Building the native host" cargo build --quiet --release --package keystow
  timed "Building the extension" build_extension
  say_module_size
  note "host:      $TARGET/release/keystow"
  note "extension: dist/chromium and dist/firefox"
}

command_demo() {
  timed "Setting up" need_test_tools
  timed "Building the native host" cargo build --quiet --release --package keystow
  timed "Building the extension" build_extension
  timed "Building the demo" cargo build --quiet --package tests --bin demo --bin demo-rp
  let_next_begin
  local play=--headless
  if has_display && [ "${1:-}" != --headless ]; then play="${1:-chromium}"; fi
  KEYSTOW_BIN="$TARGET/release/keystow" tests/keychain-session.sh "$TARGET/debug/demo" "$play"
}

command_test() {
  timed "Setting up" need_test_tools
  timed "Building the native host" cargo build --quiet --package keystow
  timed "Building the extension" build_extension
  let_next_begin
  say_module_size
  check_style
  check_behaviour
  closing_line
}

command_lint() {
  timed "Setting up" need_test_tools
  timed "Building the extension" build_extension
  let_next_begin
  check_style
  closing_line
}

command_icons() {
  need_extension_tools
  node tests/npm/icons.mjs
}

command_bench() {
  timed "Setting up" need_test_tools
  timed "Building the native host" cargo build --quiet --release --package keystow
  timed "Building the extension" build_extension
  let_next_begin
  say_module_size
  note "page.js: $(wc -c <extension/page.js) bytes"
  timed "Building the bench" cargo build --quiet --package tests --bin bench
  timed "Building the host's bench" cargo bench --quiet --package tests --bench host --no-run
  timed "Building the bench of sync" cargo bench --quiet --package keystow --bench sync --no-run
  say "Measuring both browsers and the host (dist/bench.md)"
  KEYSTOW_BIN="$TARGET/release/keystow" tests/keychain-session.sh "$TARGET/debug/bench"
  say "Measuring the host with 1 to 100,000 passkeys"
  cargo bench --quiet --package tests --bench host
  cat "$TARGET/criterion/host/table.md" >>dist/bench.md
  say "Measuring what keeping devices in step costs, with 1,000 to 100,000 passkeys"
  cargo bench --quiet --package keystow --bench sync | tee -a dist/bench.md
}

command_conformance() {
  timed "Setting up" need_test_tools
  timed "Building the native host" cargo build --quiet --package keystow
  timed "Building the extension" build_extension
  timed "Building the pages' player" cargo build --quiet --package tests --bin conformance
  let_next_begin
  say "Measuring four columns (docs/CONFORMANCE.md)"
  tests/keychain-session.sh "$TARGET/debug/conformance"
}

command_package() {
  command_build
  timed "Setting up" need_package_tools
  rm -rf "$PACKAGES"
  timed "Packing both extensions" pack_extensions
  timed "Packing the host" pack_deb
  let_next_begin
  try_deb "$DEB"
  (cd "$PACKAGES" && sha256sum -- *)
  [ "$FAILED" -eq 0 ]
}

command_install() {
  command_build
  local folder="${KEYSTOW_BIN_DIR:-$HOME/.local/bin}"
  mkdir -p "$folder"
  install -m 755 "$TARGET/release/keystow" "$folder/keystow"
  say "Installed $folder/keystow"
  case ":$PATH:" in
    *":$folder:"*) ;;
    *) note "$folder is not on your PATH; call it by its full name." ;;
  esac
  "$folder/keystow" install
  cat <<HOWTO

Now load the extension, once in each browser:

  Chromium, Chrome, Edge, Brave, Vivaldi   open chrome://extensions, turn on "Developer mode", choose "Load unpacked",
                                           pick $ROOT/dist/chromium
  Firefox, LibreWolf, Zen                  open about:debugging#/runtime/this-firefox, choose "Load Temporary Add-on...",
                                           pick $ROOT/dist/firefox/manifest.json
                                           (until Firefox restarts: a lasting install needs a signed package)

"$folder/keystow doctor" checks that everything is in its place; "$folder/keystow uninstall" takes it out again.
HOWTO
}

# On one line: bash reads on from where it was, even if this file has changed meanwhile.
main "$@"; exit
