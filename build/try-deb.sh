#!/usr/bin/env bash
# try-deb.sh DEB BASE ROOT: unpacks the Debian system BASE into the empty folder ROOT, installs DEB there, uses it as a person and as a
# browser does, removes it, and looks for what it left. Prints each check; the last line is "N passed, N failed".
set -euo pipefail

DEB="$1" BASE="$2" ROOT="$3"
PASSED=0
FAILED=0

# holds SENTENCE COMMAND...
holds() {
  local sentence="$1"
  shift
  if "$@"; then
    echo "ok      $sentence"
    PASSED=$((PASSED + 1))
  else
    echo "FAILED  $sentence"
    FAILED=$((FAILED + 1))
  fi
}

# Only what is set here is seen inside; a program that asks for its own path finds it in /proc.
inside() {
  # shellcheck disable=SC2016 # the inner shell's words
  env -i ROOT="$ROOT" unshare --mount --fork sh -c 'mount -t proc proc "$ROOT/proc" && exec "$@"' sh \
    env -u ROOT PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    DBUS_SESSION_BUS_ADDRESS=disabled: DBUS_SYSTEM_BUS_ADDRESS=disabled: chroot "$ROOT" "$@"
}

# Every file and folder but dpkg's own notes, and what the user `root` was given meanwhile.
everything() {
  (cd "$ROOT" && find . -xdev \( -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \) -prune -o -print | sort)
}

installs() { inside dpkg --install /keystow.deb >/dev/null; }
tells_version() { inside keystow --version | grep -qx "keystow $(dpkg-deb --field "$DEB" Version | sed 's/-.*//')"; }
prints_manual() { [ "$(inside zcat /usr/share/man/man1/keystow.1.gz | grep -c '^\.SH ')" -gt 4 ]; }
finds_completions() {
  inside bash -c '. /usr/share/bash-completion/completions/keystow && complete -p keystow' | grep -q _keystow &&
    [ -s "$ROOT/usr/share/zsh/vendor-completions/_keystow" ] && [ -s "$ROOT/usr/share/fish/vendor_completions.d/keystow.fish" ]
}
has_polkit_action() { grep -q 'action id="org.keystow' "$ROOT/usr/share/polkit-1/actions/org.keystow.policy"; }
has_sync_unit() {
  local unit=/usr/lib/systemd/user/keystow-sync.service program
  program="$(sed -n 's/^ExecStart=\([^ ]*\) sync watch$/\1/p' "$ROOT$unit")"
  [ -x "$ROOT$program" ] && ! grep -rqs keystow-sync "$ROOT/etc/systemd/user"
}
has_papers() { [ -s "$ROOT/usr/share/doc/keystow/copyright" ] && zcat "$ROOT/usr/share/doc/keystow/changelog.gz" | grep -q '^keystow ('; }

# There is no keychain and no browser in there; nothing else may be amiss.
doctor_is_content() {
  local report
  report="$(inside keystow doctor --json || true)"
  echo "$report" | grep -q '"toMend": 1$' && echo "$report" | grep -q 'No OS keychain answers' &&
    echo "$report" | grep -q 'one that comes finds Keystow'
}

# answers MANIFEST ARGUMENT...: starts the host that MANIFEST names and asks its status, as the browser would.
answers() {
  local manifest="$1" path message='{"id":1,"manage":{"status":{}}}'
  shift
  path="$(sed -n 's/^ *"path": "\(.*\)",$/\1/p' "$ROOT$manifest")"
  # 31 bytes, in four bytes of the machine's own order (here: the lowest first).
  [ ${#message} -eq 31 ] || return 1
  { printf '\037\000\000\000%s' "$message"; sleep 1; } | inside timeout 10 "$path" "$@" | tail -c +5 | grep -q '"status":{"version":"'
}
chromium_round_trip() {
  local extension
  extension="$(sed -n 's/^ *"\(chrome-extension:.*\)"$/\1/p' "$ROOT$1")"
  answers "$1" "$extension"
}
firefox_round_trip() { answers "$1" "$1" keystow@keystow.org; }

removes() { inside dpkg --remove keystow >/dev/null; }
purges() { inside dpkg --purge keystow >/dev/null; }

# What an administrator may have changed stays until the package is purged, as Debian has it.
leaves_conffiles() {
  everything >"$ROOT.after"
  diff "$ROOT.before" "$ROOT.after" | sed -n 's/^> \.//p' | while read -r path; do [ -d "$ROOT$path" ] || echo "$path"; done >"$ROOT.left"
  dpkg-deb --info "$DEB" conffiles | sort | diff - "$ROOT.left"
}
# dpkg may take folders of Debian's that are empty then.
leaves_nothing() {
  everything >"$ROOT.after"
  ! diff "$ROOT.before" "$ROOT.after" | grep '^>'
}

tar --extract --file "$BASE" --directory "$ROOT"
cp "$DEB" "$ROOT/keystow.deb"
everything >"$ROOT.before"
trap 'rm -f "$ROOT.before" "$ROOT.after" "$ROOT.left"' EXIT

holds "it installs, with nothing of its own missing" installs
holds "keystow --version is the package's" tells_version
for folder in /etc/chromium /etc/opt/chrome /etc/opt/edge; do
  holds "the host answers by $folder's manifest" chromium_round_trip "$folder/native-messaging-hosts/org.keystow.host.json"
done
for folder in /usr/lib/mozilla /usr/lib/librewolf; do
  holds "the host answers by $folder's manifest" firefox_round_trip "$folder/native-messaging-hosts/org.keystow.host.json"
done
holds "keystow doctor misses nothing but a keychain" doctor_is_content
holds "the manual is there" prints_manual
holds "bash completes keystow; zsh and fish have their files" finds_completions
holds "polkit's action is there" has_polkit_action
holds "the unit for sync is there, not enabled, and starts it" has_sync_unit
holds "copyright and changelog are there" has_papers
holds "it is removed" removes
holds "nothing but conffiles is left then" leaves_conffiles
holds "it is purged" purges
holds "nothing is left behind" leaves_nothing

echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ]
