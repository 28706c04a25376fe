# shellcheck shell=bash
# Runs checks, goes on after a failed one, and adds up what passed and what failed.

PASSED=0
FAILED=0
FAILED_CHECKS=()

# check NAME COMMAND...: the counts are those the command prints (cargo test, node --test, pytest, or a plain
# "N passed, N failed"); a command that prints none counts as one.
check() {
  local name="$1" log counts status=0 start=$SECONDS
  shift
  log="$(mktemp)"
  say "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  counts="$(counts_in "$log")"
  rm -f "$log"
  local passed="${counts% *}" failed="${counts#* }"
  if [ "$status" -ne 0 ]; then
    [ "$failed" -gt 0 ] || failed=1
    FAILED_CHECKS+=("$name")
  elif [ $((passed + failed)) -eq 0 ]; then
    passed=1
  fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  note "$name: $passed passed, $failed failed, $((SECONDS - start)) s"
}

# counts_in LOG: "passed failed", summed over every run in the log.
counts_in() {
  awk '
    { gsub(/\033\[[0-9;]*m/, "") }
    / [1-9][0-9]* filtered out/ { next } # a test that starts its own program again as another process
    /^test result: / || /^(=+ )?[0-9]+ (passed|failed).* in [0-9.]+s/ || /^[0-9]+ passed, [0-9]+ failed$/ {
      for (i = 2; i <= NF; i++) {
        if ($i ~ /^passed/) passed += $(i - 1)
        if ($i ~ /^failed/) failed += $(i - 1)
      }
    }
    /^(ℹ|#) pass [0-9]+$/ { passed += $3 }
    /^(ℹ|#) fail [0-9]+$/ { failed += $3 }
    END { print passed + 0, failed + 0 }' "$1"
}

# closing_line: the sum, alone on the last line; the exit code says whether all is well.
closing_line() {
  local name
  echo
  for name in "${FAILED_CHECKS[@]}"; do echo "failed: $name"; done
  echo "$PASSED passed, $FAILED failed"
  [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

# --- what is checked ---------------------------------------------------------------------------------------------

check_style() {
  check "cargo fmt" cargo fmt --all --check
  check "cargo fmt for the fuzz targets" cargo fmt --manifest-path "$ROOT/tests/fuzz/Cargo.toml" --check
  check "cargo clippy" cargo clippy --quiet --workspace --all-targets -- -D warnings
  check "cargo clippy for the extension's WASM" clippy_wasm
  check_elsewhere
  check "shellcheck" shellcheck --external-sources --check-sourced build.sh .ci/run build/try-deb.sh build/no-archiver.sh tests/*.sh
  check "icons are what their drawing gives" node "$ROOT/tests/npm/icons.mjs" --check
  check "web-ext lint" "$NPM_TOOLS/web-ext" lint --source-dir "$ROOT/dist/firefox" --warnings-as-errors --no-input
}

# rustup's compiler has clippy for its own target; Debian's toolchain has none, and there the plain build must do.
clippy_wasm() {
  if [ "$WASM_TOOLCHAIN" != rustup ]; then
    note "no clippy in Debian's toolchain: the build itself was the check"
    return
  fi
  cargo clippy --quiet --package wasm --target "$RUST_TARGET" -- -D warnings
}

# Everything that may meet a keychain runs in a private one, and with a private home: never the user's own.
check_behaviour() {
  check "cargo test" "$ROOT/tests/keychain-session.sh" cargo test --workspace --no-fail-fast
  check_with_polkitd
  local file
  for file in "$ROOT"/tests/npm/*.test.mjs; do
    [ -e "$file" ] || continue
    check "node $(basename "$file")" "$ROOT/tests/keychain-session.sh" node --test "$file"
  done
  if compgen -G "$ROOT/tests/python/test_*.py" >/dev/null; then
    check "pytest" "$ROOT/tests/keychain-session.sh" "$KEYSTOW_PYTHON" -m pytest -q "$ROOT/tests/python"
  fi
  check "fuzz targets, for seconds each" fuzz_briefly
}

# --- fuzzing ------------------------------------------------------------------------------------------------------

# What cargo-fuzz gives the compiler, but for the sanitizers: they take a nightly compiler, and find what unsafe code does.
FUZZ_FLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
FUZZ_FLAGS+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"

# Every target begins with what is kept in tests/fuzz/corpus, and goes on at random from a seed that is told. An input that
# breaks something is kept in target/fuzz/artifacts.
fuzz_briefly() {
  local host source name passed=0 failed=0
  host="$(rustc -vV | sed -n 's/^host: //p')"
  RUSTFLAGS="$FUZZ_FLAGS" cargo build --quiet --locked --release --bins --manifest-path "$ROOT/tests/fuzz/Cargo.toml" \
    --target "$host" --target-dir "$TARGET/fuzz" || return 1
  mkdir -p "$TARGET/fuzz/artifacts"
  for source in "$ROOT"/tests/fuzz/fuzz_targets/*.rs; do
    name="$(basename "$source" .rs)"
    if fuzz_one "$name" "$TARGET/fuzz/$host/release/$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# fuzz_one NAME PROGRAM: eight seconds, or 20,000 inputs. What libFuzzer says is shown where it fails.
fuzz_one() {
  local name="$1" program="$2" seed=$((RANDOM << 15 | RANDOM)) found status=0
  found="$(mktemp -d)"
  "$program" -seed="$seed" -runs=20000 -max_total_time=8 -max_len=4096 -timeout=60 -print_final_stats=1 \
    -artifact_prefix="$TARGET/fuzz/artifacts/$name-" "$found" "$ROOT/tests/fuzz/corpus/$name" >"$found.log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || tail -n 60 "$found.log"
  note "$name, seed $seed: $(awk '/number_of_executed_units/ { print $2 }' "$found.log") inputs"
  rm -rf "$found" "$found.log"
  return "$status"
}

# polkitd itself, in namespaces of its own: nothing of the machine's is touched, but that takes root.
check_with_polkitd() {
  if [ "$(id -u)" -eq 0 ] && [ -x /usr/lib/polkit-1/polkitd ] && unshare --mount --pid --fork true 2>/dev/null; then
    check "user verification by polkitd itself" \
      cargo test --package keystow --features polkitd --test polkitd
  else
    note "user verification by polkitd itself: skipped, since it takes root, polkitd and namespaces"
  fi
}
