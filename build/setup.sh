# shellcheck shell=bash
# Installs what is missing, and nothing twice. Three levels: what a build needs, what the extension's WASM needs,
# what the tests and the demo need besides.

GECKODRIVER_VERSION=0.37.1

# --- Debian packages ---------------------------------------------------------------------------------------------

# missing_packages COMMAND:PACKAGE...: prints the packages whose command is not there.
missing_packages() {
  local pair
  for pair in "$@"; do
    have "${pair%%:*}" || printf '%s ' "${pair##*:}"
  done
}

# apt_install PACKAGE...: as root, or by sudo; else prints the command and stops.
apt_install() {
  local command="apt-get install -y --no-install-recommends $*" sudo=()
  have apt-get || fail "this system has no apt-get. Install what these Debian packages hold: $*"
  if [ "$(id -u)" -ne 0 ]; then
    if ! have sudo || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
      fail "some programs are missing, and installing them takes root." "sudo apt-get update && sudo $command"
    fi
    sudo=(sudo)
  fi
  say "Installing by apt: $*"
  "${sudo[@]}" apt-get update -qq || note "apt-get update failed; going on with the package lists there are"
  # shellcheck disable=SC2086 # the command is made of words
  "${sudo[@]}" $command -qq >/dev/null || fail "apt-get could not install: $*" "sudo apt-get update && sudo $command"
}

# need_commands COMMAND:PACKAGE...
need_commands() {
  local packages
  packages="$(missing_packages "$@")"
  # shellcheck disable=SC2086 # one word a package
  [ -z "$packages" ] || apt_install $packages
}

# need_library FILE PACKAGE: a library has no command to look for.
need_library() {
  compgen -G "/usr/lib*/$1" >/dev/null || compgen -G "/usr/lib*/*/$1" >/dev/null || apt_install "$2"
}

# --- tools from crates.io, npm and PyPI --------------------------------------------------------------------------

# cargo_tool CRATE VERSION COMMAND: CRATE's programs at exactly VERSION, in the cache.
cargo_tool() {
  local said crate="$1" version="$2" command="$3" log="$KEYSTOW_CACHE/$1.log"
  # Not through `head`: a program that is still printing when head has ended fails, and now and then the whole script with it.
  said="$("$TOOLS/$command" --version 2>/dev/null || true)"
  case "${said%%$'\n'*}" in
    "$command $version" | "$command $version "*) return ;;
  esac
  say "Installing $crate $version from crates.io (once)"
  # Not --locked: a lock file inside a crate may name a release that is no longer served. These tools run for seconds
  # and compile for minutes: hardly optimised, they compile in half the time.
  env -u RUSTC -u CARGO_BUILD_TARGET CARGO_TARGET_DIR="$KEYSTOW_CACHE/cargo-target" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 \
    cargo install --quiet --force --root "$KEYSTOW_CACHE/tools" --version "$version" "$crate" >"$log" 2>&1 ||
    { cat "$log" >&2; fail "cargo could not install $crate $version (the reason is above)."; }
}

# npm_tools: the packages of tests/npm/package-lock.json, in the cache, seen from tests/npm/node_modules.
npm_tools() {
  local source="$ROOT/tests/npm" folder="$KEYSTOW_CACHE/npm" stamp
  stamp="$(hash_of "$source/package.json" "$source/package-lock.json") node $(node --version)"
  if [ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ]; then
    say "Installing npm tools (once)"
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$folder/"
    (cd "$folder" && npm ci --ignore-scripts --loglevel=error) || fail "npm could not install the tools of tests/npm (the reason is above)."
    echo "$stamp" >"$folder/stamp"
  fi
  if [ "$(readlink "$source/node_modules" 2>/dev/null)" != "$folder/node_modules" ]; then
    rm -rf "$source/node_modules"
    ln -s "$folder/node_modules" "$source/node_modules"
  fi
}

# python_tools: the packages of tests/python/requirements.txt, in a virtual environment in the cache.
python_tools() {
  local requirements="$ROOT/tests/python/requirements.txt" python=python3 stamp
  have python3 || python=python
  have "$python" || apt_install python3 python3-venv
  stamp="$(hash_of "$requirements") $("$python" --version)"
  [ "$(cat "$PYTHON_TOOLS/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  say "Installing Python packages for the tests (once)"
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install python3-venv
    python=/usr/bin/python3
  fi
  rm -rf "$PYTHON_TOOLS"
  "$python" -m venv "$PYTHON_TOOLS"
  "$PYTHON_TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
    fail "pip could not install tests/python/requirements.txt (the reason is above)."
  echo "$stamp" >"$PYTHON_TOOLS/stamp"
}

# server_programs PACKAGE...: the programs of these Debian packages and of what they need, unpacked in the cache. Not installed: that would start
# them as services of this machine.
server_programs() {
  local folder="$KEYSTOW_CACHE/servers" stamp="$*" names
  if [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ]; then return 0; fi
  have apt-get || fail "this system has no apt-get. The tests use the programs that these Debian packages hold: $*"
  say "Unpacking servers for the tests (once)"
  # What is not installed, in the words of a simulated installation. Where the lists are missing or old, they are fetched.
  if ! names="$(apt_would_install "$@")" || ! apt_unpack "$folder" "$names" 2>/dev/null; then
    if [ "$(id -u)" -eq 0 ]; then apt-get update -qq; elif have sudo; then sudo apt-get update -qq; fi
    names="$(apt_would_install "$@")" || fail "apt-get does not know: $*" "sudo apt-get update"
    apt_unpack "$folder" "$names" || fail "apt-get could not get: $*" "sudo apt-get update"
  fi
  echo "$stamp" >"$folder/stamp"
}

# apt_would_install PACKAGE...: all that installing these would bring.
apt_would_install() { apt-get install --simulate --no-install-recommends "$@" 2>/dev/null | awk '/^Inst/ { print $2 }'; }

# apt_unpack FOLDER NAMES: downloads packages and unpacks them there.
apt_unpack() {
  local folder="$1" names="$2" package
  rm -rf "$folder"
  mkdir -p "$folder/packages"
  # shellcheck disable=SC2086 # one word a package
  [ -z "$names" ] || (cd "$folder/packages" && apt-get download -qq $names) || return 1
  for package in "$folder"/packages/*.deb; do
    [ ! -e "$package" ] || dpkg-deb --extract "$package" "$folder" || return 1
  done
  rm -rf "$folder/packages"
}

# --- the WASM toolchain ------------------------------------------------------------------------------------------

RUST_TARGET=wasm32-unknown-unknown
DEBIAN_RUST_SOURCE=/usr/lib/rustlib/src/rust/library/std/Cargo.toml

# choose_wasm_toolchain: sets WASM_TOOLCHAIN to `rustup` or `debian`, having installed it.
# KEYSTOW_WASM_TOOLCHAIN forces one. rustup is tried first, for a minute; that it could not is remembered.
choose_wasm_toolchain() {
  local remembered="$KEYSTOW_CACHE/no-rustup-target"
  WASM_TOOLCHAIN="${KEYSTOW_WASM_TOOLCHAIN:-}"
  case "$WASM_TOOLCHAIN" in
    debian) debian_toolchain; return ;;
    rustup) rustup_target || fail "rustup could not add $RUST_TARGET." "rustup target add $RUST_TARGET"; return ;;
    "") ;;
    *) fail "KEYSTOW_WASM_TOOLCHAIN is \"$WASM_TOOLCHAIN\"; it may be rustup or debian." ;;
  esac
  WASM_TOOLCHAIN=rustup
  if has_rustup_target; then return; fi
  if [ ! -e "$remembered" ] && rustup_target; then return; fi
  mkdir -p "$KEYSTOW_CACHE"
  : >"$remembered"
  WASM_TOOLCHAIN=debian
  debian_toolchain
}

has_rustup_target() { [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$RUST_TARGET" ]; }

rustup_target() {
  if has_rustup_target; then return 0; fi
  have rustup || return 1
  say "Asking rustup for $RUST_TARGET (a minute at most)"
  timeout 60 rustup target add "$RUST_TARGET" </dev/null || { note "rustup could not; going on without it"; return 1; }
}

# Debian's rustc-web can build the standard library for WASM from rust-web-src; it needs a linker that knows WASM.
debian_toolchain() {
  local packages=()
  [ -x /usr/bin/rustc ] || packages+=(rustc-web)
  [ -x /usr/bin/cargo ] || packages+=(cargo-web)
  [ -e "$DEBIAN_RUST_SOURCE" ] || packages+=(rust-web-src)
  wasm_linker >/dev/null || packages+=(lld)
  [ ${#packages[@]} -eq 0 ] || apt_install "${packages[@]}"
}

wasm_linker() {
  local host lld
  host="$(rustc -vV | sed -n 's/^host: //p')"
  lld="$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld"
  if [ -x "$lld" ]; then echo "$lld"; else command -v wasm-ld; fi
}

# --- the three levels --------------------------------------------------------------------------------------------

need_compiler() {
  have cargo || fail "cargo is missing. Rust 1.95 or later is needed: https://rustup.rs"
  need_commands cc:gcc
}

need_extension_tools() {
  need_compiler
  need_commands node:nodejs npm:npm
  choose_wasm_toolchain
  cargo_tool wasm-bindgen-cli "$(locked_version wasm-bindgen)" wasm-bindgen
  rm -rf "$KEYSTOW_CACHE/cargo-target"
  npm_tools
}

need_test_tools() {
  need_compiler
  need_commands c++:g++ chromium:chromium chromedriver:chromium-driver firefox-esr:firefox-esr shellcheck:shellcheck \
    gnome-keyring-daemon:gnome-keyring dbus-run-session:dbus pkttyagent:polkitd ssh:openssh-client
  server_programs apache2-bin nginx libnginx-mod-http-dav-ext rclone restic openssh-server syncthing
  need_library libfido2.so.1 libfido2-1
  cargo_tool geckodriver "$GECKODRIVER_VERSION" geckodriver
  need_extension_tools
  python_tools
}
