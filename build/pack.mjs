// Packs a folder as a ZIP archive in which nothing depends on when, where or by whom it was made.
//   node build/pack.mjs dist/firefox dist/packages/keystow-firefox.xpi
// Files are in the order of their names, of 1980, readable by all, and stored as they are: what a compressor makes of them changes with
// its version. PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The archive of `folder`, as bytes. */
export function pack(folder) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const name of filesIn(folder)) {
    const data = readFileSync(join(folder, name));
    const nameBytes = Buffer.from(name);
    const common = commonFields(data, nameBytes.length);
    const local = Buffer.concat([bytes([4, 0x04034b50]), common, nameBytes, data]);
    centrals.push(bytes([4, 0x02014b50], [2, MADE_BY_UNIX]), common, bytes([2, 0], [2, 0], [2, 0], [4, MODE], [4, offset]), nameBytes);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = bytes([4, 0x06054b50], [2, 0], [2, 0], [2, locals.length], [2, locals.length], [4, central.length], [4, offset], [2, 0]);
  return Buffer.concat([...locals, central, end]);
}

const VERSION = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION;
const NAMES_ARE_UTF8 = 1 << 11;
const STORED = 0;
const FIRST_OF_JANUARY_1980 = (1 << 5) | 1;
// A regular file, rw-r--r--.
const MODE = (0o100644 << 16) >>> 0;

/** What a local and a central header have in common. */
function commonFields(data, nameLength) {
  return bytes(
    [2, VERSION], [2, NAMES_ARE_UTF8], [2, STORED], [2, 0], [2, FIRST_OF_JANUARY_1980],
    [4, crc32(data)], [4, data.length], [4, data.length], [2, nameLength], [2, 0],
  );
}

/** The numbers, each in so many bytes, the lowest first. */
function bytes(...fields) {
  return Buffer.concat(fields.map(([size, value]) => {
    const field = Buffer.alloc(size);
    field.writeUIntLE(value, 0, size);
    return field;
  }));
}

/** Paths with `/`, in the order of their bytes. */
function filesIn(folder, prefix = "") {
  const names = readdirSync(join(folder, prefix)).map((name) => prefix + name);
  const files = names.flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesIn(folder, `${name}/`) : [name]));
  return files.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder >>> 0;
});

/** As node's own zlib.crc32, which Node 20 has only in its later releases. */
function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, archive] = process.argv.slice(2);
  if (!archive) {
    console.error("node build/pack.mjs FOLDER ARCHIVE");
    process.exit(1);
  }
  writeFileSync(archive, pack(folder));
}
