# shellcheck shell=bash
# Makes dist/chromium and dist/firefox: extension/ + the WASM module + manifest/.

MODULE="$TARGET/keystow-module"

build_extension() {
  build_wasm
  bind_wasm
  assemble chromium
  assemble firefox
}

# build_wasm: sets WASM to the file that cargo wrote. Each toolchain has a target folder of its own.
build_wasm() {
  local target="$TARGET"
  [ "$WASM_TOOLCHAIN" = rustup ] || target="$TARGET/debian"
  WASM="$target/$RUST_TARGET/wasm/wasm.wasm"
  "cargo_wasm_$WASM_TOOLCHAIN" "$target"
}

# without_folders RUSTC TARGET_FOLDER: the compiler's flags by which the module names none of this machine's folders: the same sources give
# the same bytes wherever they are built. Separated as CARGO_ENCODED_RUSTFLAGS wants it.
without_folders() {
  local sysroot commit
  sysroot="$("$1" --print sysroot)"
  commit="$("$1" -vV | sed -n 's/^commit-hash: //p')"
  printf -- '--remap-path-prefix=%s\x1f' "${CARGO_HOME:-$HOME/.cargo}=/cargo" "$2=/target" "$ROOT=/keystow"
  printf -- '--remap-path-prefix=%s' "$sysroot/lib/rustlib/src/rust=/rustc/$commit"
}

cargo_wasm_rustup() {
  CARGO_TARGET_DIR="$1" CARGO_ENCODED_RUSTFLAGS="$(without_folders rustc "$1")" cargo build --quiet --package wasm --profile wasm --target "$RUST_TARGET"
}

# RUSTC_BOOTSTRAP: -Zbuild-std is the one way to a standard library that Debian does not ship compiled for WASM.
cargo_wasm_debian() {
  CARGO_TARGET_DIR="$1" CARGO_ENCODED_RUSTFLAGS="$(without_folders /usr/bin/rustc "$1")" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$(wasm_linker)" \
    /usr/bin/cargo build --quiet --package wasm --profile wasm --target "$RUST_TARGET" -Zbuild-std=std,panic_abort
}

# bind_wasm: wasm-bindgen and wasm-opt, when cargo's file is a new one.
bind_wasm() {
  local stamp
  stamp="$(hash_of "$WASM") $(locked_version wasm-bindgen) $(hash_of "$ROOT/tests/npm/package.json")"
  if [ "$(cat "$MODULE/stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
  rm -rf "$MODULE"
  wasm-bindgen --target web --no-typescript --out-name keystow --out-dir "$MODULE" "$WASM"
  "$NPM_TOOLS/wasm-opt" -Oz --enable-bulk-memory --enable-multivalue --enable-mutable-globals \
    --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext \
    -o "$MODULE/small.wasm" "$MODULE/keystow_bg.wasm"
  mv "$MODULE/small.wasm" "$MODULE/keystow_bg.wasm"
  echo "$stamp" >"$MODULE/stamp"
}

# assemble BROWSER: the folder that the browser loads, made beside and then put in place.
assemble() {
  local folder="$ROOT/dist/$1" next="$ROOT/dist/.$1.next"
  rm -rf "$next"
  mkdir -p "$next"
  cp -R "$ROOT/extension/." "$next/"
  cp "$MODULE/keystow.js" "$MODULE/keystow_bg.wasm" "$next/"
  node "$ROOT/build/manifest.mjs" "$ROOT/manifest/$1.json" >"$next/manifest.json"
  rm -rf "$folder"
  mv "$next" "$folder"
}

say_module_size() {
  note "keystow_bg.wasm: $(wc -c <"$MODULE/keystow_bg.wasm") bytes, $(gzip -9 -c "$MODULE/keystow_bg.wasm" | wc -c) gzipped ($WASM_TOOLCHAIN toolchain)"
}
