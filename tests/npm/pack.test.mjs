// The packages of the extension: two of the same files are the same bytes, whenever and wherever they were put there; and they are
// archives that others can read.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pack } from "../../build/pack.mjs";

const dist = new URL("../../dist/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "keystow-pack-"));
after(() => rmSync(folder, { recursive: true }));

function files(root, prefix = "") {
  return readdirSync(join(root, prefix)).flatMap((name) => {
    const path = join(prefix, name);
    return statSync(join(root, path)).isDirectory() ? files(root, path) : [path];
  });
}

/** A copy whose files were written in the other order, at another time, and with other modes. */
function copy(source, name) {
  const target = join(folder, name);
  for (const path of files(source).reverse()) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, readFileSync(join(source, path)));
    chmodSync(file, 0o755);
    utimesSync(file, 1e9, 1e9);
  }
  return target;
}

for (const browser of ["chromium", "firefox"]) {
  const source = join(dist, browser);

  test(`two archives of dist/${browser} are byte-equal`, () => {
    assert.ok(existsSync(join(source, "manifest.json")), "the extension has been built");
    assert.ok(pack(source).equals(pack(copy(source, browser))));
  });

  test(`an archive of dist/${browser} holds every file, and Python reads it`, () => {
    const archive = join(folder, `${browser}.zip`);
    writeFileSync(archive, pack(source));
    const read = [
      "import hashlib, json, sys, zipfile",
      "archive = zipfile.ZipFile(sys.argv[1])",
      "assert archive.testzip() is None",
      "print(json.dumps({n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()}))",
    ].join("\n");
    const python = process.env.KEYSTOW_PYTHON ?? "python3";
    const held = JSON.parse(execFileSync(python, ["-c", read, archive], { encoding: "utf8" }));
    const hash = (path) => execFileSync("sha256sum", [join(source, path)], { encoding: "utf8" }).slice(0, 64);
    assert.deepEqual(held, Object.fromEntries(files(source).map((path) => [path, hash(path)])));
  });
}

test("an archive changes where a byte of a file does", () => {
  const source = copy(join(dist, "chromium"), "changed");
  const before = pack(source);
  writeFileSync(join(source, "screen.js"), "// other\n");
  assert.ok(!pack(source).equals(before));
});
