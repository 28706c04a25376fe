#!/usr/bin/env bash
# keychain-session.sh COMMAND...: runs COMMAND with a keychain, a home and data folders of its own, all thrown away after.
# The keychain is gnome-keyring's Secret Service, unlocked, on a private D-Bus session. The user's own keychain, vault
# and browser profiles are out of its reach. With KEYSTOW_KEYCHAIN=later there is no keychain until somebody starts one on that bus.
# shellcheck disable=SC2317 # only because of the exit in the last line
set -euo pipefail

main() {
  [ $# -gt 0 ] || { echo "usage: keychain-session.sh COMMAND..." >&2; exit 2; }
  if [ "${KEYSTOW_KEYCHAIN_SESSION:-}" = inside ]; then start_keychain "$@"; fi
  exec 9>&- # build.sh's lock, if it called: a daemon that outlives it for a moment must not hold it
  keep_tools_in_reach
  STATE="$(mktemp -d "${TMPDIR:-/tmp}/keystow-session.XXXXXX")"
  trap 'rm -rf "$STATE" 2>/dev/null || { sleep 1; rm -rf "$STATE"; }' EXIT
  mkdir -p "$STATE/home" "$STATE/control"
  export HOME="$STATE/home" KEYSTOW_SESSION_STATE="$STATE" KEYSTOW_KEYCHAIN_SESSION=inside
  export XDG_DATA_HOME="$HOME/.local/share" XDG_CONFIG_HOME="$HOME/.config" XDG_CACHE_HOME="$HOME/.cache" XDG_STATE_HOME="$HOME/.local/state"
  mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
  # Not exec: the folder is removed when the session is over. The bus's own remarks are no one's business here.
  exec 8>&2
  local bus=()
  if [ "${KEYSTOW_KEYCHAIN:-}" = later ]; then bus=(--config-file "$(bare_bus)"); fi
  dbus-run-session "${bus[@]}" -- "$0" "$@" 2>/dev/null
}

# A bus that starts no services by itself: where a keychain is installed, the usual one would.
bare_bus() {
  cat >"$STATE/bus.conf" <<'CONFIG'
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
CONFIG
  echo "$STATE/bus.conf"
}

# On the private bus: the daemon reads the keyring's password from its input and goes to the background, where it may
# take its name on the bus only later. Who asks for the name before that makes the bus start another daemon, a locked one.
start_keychain() {
  if [ "${KEYSTOW_KEYCHAIN:-}" != later ]; then unlocked_keychain; fi
  unset KEYSTOW_KEYCHAIN_SESSION
  exec "$@" 2>&8 8>&-
}

unlocked_keychain() {
  printf 'private' | gnome-keyring-daemon --unlock --components=secrets --control-directory="$KEYSTOW_SESSION_STATE/control" >/dev/null 2>&1
  local tries=0
  until has_keychain || [ "$tries" -eq 250 ]; do tries=$((tries + 1)); sleep 0.02; done
}

has_keychain() {
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true'
}

# With another home, these would be looked for in the wrong place.
keep_tools_in_reach() {
  export KEYSTOW_CACHE="${KEYSTOW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/keystow}"
  export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
  export PYENV_ROOT="${PYENV_ROOT:-$HOME/.pyenv}" XAUTHORITY="${XAUTHORITY:-$HOME/.Xauthority}"
}

# On one line: bash reads on from where it was, even if this file has changed meanwhile.
main "$@"; exit
