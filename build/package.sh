# shellcheck shell=bash
# Makes what is given to others, in dist/packages: both extensions, and the host as a Debian package, which is then tried out.

CARGO_DEB_VERSION=3.8.0
PACKAGES="$ROOT/dist/packages"
# What the Debian package holds besides the host; native-host/Cargo.toml names this folder.
DEB_FILES="$ROOT/dist/deb"

# pack_extensions: what a store signs. The same sources give the same bytes.
pack_extensions() {
  local version
  version="$(keystow_version)"
  mkdir -p "$PACKAGES"
  node "$ROOT/build/pack.mjs" "$ROOT/dist/chromium" "$PACKAGES/keystow-chromium-$version.zip"
  node "$ROOT/build/pack.mjs" "$ROOT/dist/firefox" "$PACKAGES/keystow-firefox-$version.xpi"
}

need_package_tools() {
  have dpkg-deb || fail "a Debian package is made by dpkg, which this system does not have."
  need_commands dpkg-shlibdeps:dpkg-dev
  cargo_tool cargo-deb "$CARGO_DEB_VERSION" cargo-deb
}

# stage_deb: the files beside the host and the licence, as the host makes them.
stage_deb() {
  local host="$TARGET/release/keystow" share="$DEB_FILES/usr/share"
  grep -q "^keystow ($(keystow_version))" "$ROOT/native-host/deb/changelog" ||
    fail "native-host/deb/changelog says nothing of version $(keystow_version). Write an entry for it."
  rm -rf "$DEB_FILES"
  mkdir -p "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/vendor-completions" \
    "$share/fish/vendor_completions.d" "$share/polkit-1/actions" "$share/doc/keystow"
  "$host" install --root "$DEB_FILES" --host /usr/bin/keystow >/dev/null
  "$host" man --dir "$share/man/man1"
  gzip -9 --no-name "$share/man/man1/"*.1
  "$host" completions bash >"$share/bash-completion/completions/keystow"
  "$host" completions zsh >"$share/zsh/vendor-completions/_keystow"
  "$host" completions fish >"$share/fish/vendor_completions.d/keystow.fish"
  "$host" polkit-action >"$share/polkit-1/actions/org.keystow.policy"
  # Not enabled: a browser that is open does the same.
  install -D --mode=644 "$ROOT/native-host/deb/keystow-sync.service" "$DEB_FILES/usr/lib/systemd/user/keystow-sync.service"
  gzip -9 --no-name --stdout "$ROOT/native-host/deb/changelog" >"$share/doc/keystow/changelog.gz"
}

# pack_deb: sets DEB to the package.
pack_deb() {
  local said
  stage_deb
  said="$(cargo-deb --quiet --package keystow --no-build --output "$PACKAGES/" 2>&1)" || { echo "$said" >&2; return 1; }
  DEB="$(ls "$PACKAGES"/keystow_*.deb)"
}

# --- a clean Debian root ------------------------------------------------------------------------------------------

# try_deb DEB: installs, uses and removes it where nothing else is.
try_deb() {
  if [ "$(id -u)" -ne 0 ]; then
    note "the Debian package was not tried out: a root folder of its own takes root. As root: ./build.sh package"
    return
  fi
  if ! unshare --mount --fork true 2>/dev/null; then
    note "the Debian package was not tried out: this system allows no mount namespaces, as within some containers"
    return
  fi
  local base root
  need_commands debootstrap:debootstrap
  base="$(debian_base)" || return 1
  root="$(mktemp -d "${TMPDIR:-/tmp}/keystow-root.XXXXXX")"
  check "the Debian package in a clean root" "$ROOT/build/try-deb.sh" "$1" "$base" "$root"
  rm -rf --one-file-system "$root"
}

# debian_base: prints the archive of a minimal system of this machine's release, made once.
debian_base() {
  local release base made
  # shellcheck source=/dev/null
  release="$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")"
  base="$KEYSTOW_CACHE/debian-$release.tar"
  if [ ! -e "$base" ]; then
    say "Making a minimal Debian $release by debootstrap (once)" >&2
    made="$(mktemp -d "${TMPDIR:-/tmp}/keystow-debian.XXXXXX")"
    debootstrap --variant=minbase "$release" "$made" >"$base.log" 2>&1 ||
      { tail -n 20 "$base.log" >&2; rm -rf --one-file-system "$made"; note "debootstrap failed (the reason is above)" >&2; return 1; }
    tar --create --file "$base.next" --one-file-system --directory "$made" .
    rm -rf --one-file-system "$made"
    mv "$base.next" "$base"
  fi
  echo "$base"
}
