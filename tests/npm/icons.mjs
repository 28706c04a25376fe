// Draws the extension's PNG icons from extension/icons/keystow.svg.
//   node icons.mjs          writes them
//   node icons.mjs --check  exits 1 if a committed one is not what the drawing gives
import { readFileSync, writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";

const SIZES = [16, 32, 48, 128];
const folder = new URL("../../extension/icons/", import.meta.url);
const svg = readFileSync(new URL("keystow.svg", folder), "utf8");
const check = process.argv.includes("--check");

let stale = 0;
for (const size of SIZES) {
  const file = new URL(`${size}.png`, folder);
  const png = new Resvg(svg, { fitTo: { mode: "width", value: size } }).render().asPng();
  if (!check) {
    writeFileSync(file, png);
  } else if (!readFileSync(file).equals(png)) {
    console.error(`extension/icons/${size}.png is not what keystow.svg draws. Run: ./build.sh icons`);
    stale += 1;
  }
}
if (check) console.log(`${SIZES.length - stale} passed, ${stale} failed`);
process.exit(stale === 0 ? 0 : 1);
