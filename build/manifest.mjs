// Prints manifest/manifest.json with one browser's patch merged in (RFC 7396).
//   node build/manifest.mjs manifest/firefox.json
import { readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const manifest = mergePatch(readJson(new URL("manifest/manifest.json", root)), readJson(process.argv[2]));
const version = /^\[workspace\.package\]\s*version = "(.+)"/m.exec(readFileSync(new URL("Cargo.toml", root), "utf8"))?.[1];
if (manifest.version !== version) {
  console.error(`manifest/manifest.json has version ${manifest.version}, Cargo.toml ${version}. Make them equal.`);
  process.exit(1);
}
console.log(JSON.stringify(manifest, null, 2));

// RFC 7396 section 2.
function mergePatch(target, patch) {
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
