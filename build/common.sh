# shellcheck shell=bash
# Names, places and small words that every other part of build.sh uses.

KEYSTOW_CACHE="${KEYSTOW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/keystow}"
TOOLS="$KEYSTOW_CACHE/tools/bin"
NPM_TOOLS="$ROOT/tests/npm/node_modules/.bin"
PYTHON_TOOLS="$KEYSTOW_CACHE/python"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
export KEYSTOW_CACHE
export KEYSTOW_PYTHON="$PYTHON_TOOLS/bin/python"
# The tests find every server that they ask for.
export KEYSTOW_SERVERS=required
export PATH="$TOOLS:$PATH"

# Headless Chromium and the tests ask for nothing on a terminal; neither do we.
export DEBIAN_FRONTEND=noninteractive
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

say() { printf '\n==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# fail SENTENCE [COMMAND]: what happened, and the one command that helps.
fail() {
  printf '\nbuild.sh: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf 'Run this, then run build.sh again:\n\n    %s\n\n' "$2" >&2; fi
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# timed SENTENCE COMMAND...: runs it, says how long it took.
timed() {
  local sentence="$1" start=$SECONDS
  shift
  say "$sentence"
  "$@"
  note "$((SECONDS - start)) s"
}

# hash_of FILE...: one short name for the contents of these files.
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

# locked_version CRATE: the version that Cargo.lock holds.
locked_version() {
  awk -v name="\"$1\"" '$1 == "name" && $3 == name { getline; gsub(/"/, "", $3); print $3; exit }' "$ROOT/Cargo.lock"
}

# keystow_version: the version of this workspace.
keystow_version() {
  awk -F'"' '/^\[workspace.package\]/ { inside = 1 } inside && /^version/ { print $2; exit }' "$ROOT/Cargo.toml"
}

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }
