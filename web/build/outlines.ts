/** The coasts and borders of the package's atlas, as a file that the globe draws from. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import type { Plugin } from "vite";
import { dataAddress } from "./address.ts";

const ATLAS = fileURLToPath(new URL("../../src/midcourse/atlas/data/atlas.npz", import.meta.url));
const NAME = "virtual:outlines";
const FOUND = `\0${NAME}`;

/**
 * `import outlines from "virtual:outlines"` gives the file's address; `src/globe/outlines.ts` reads it. The file is put
 * beside the page, or `within` the address itself.
 */
export function outlines(within = false): Plugin {
  return {
    name: "outlines",
    apply: "build",
    resolveId: (id) => (id === NAME ? FOUND : null),
    load: {
      filter: { id: new RegExp(`^${FOUND}$`) },
      handler() {
        const source = written(readFileSync(ATLAS));
        if (within) return `export default ${JSON.stringify(dataAddress("outlines.bin", source))};`;
        const file = this.emitFile({ type: "asset", name: "outlines.bin", source });
        return `export default import.meta.ROLLUP_FILE_URL_${file};`;
      },
    },
  };
}

/** For each arc where it starts, how long it is and whether it is a border; then all steps. Little-endian. */
function written(npz: Buffer): Uint8Array {
  const arrays = unzipped(npz);
  const array = (name: string, type: string): Buffer => {
    const found = arrays.get(`50m_${name}.npy`);
    if (found === undefined) throw new Error(`the atlas has no ${name}`);
    const start = 10 + found.readUInt16LE(8);
    const header = found.toString("latin1", 10, start);
    if (!header.includes(`'descr': '${type}', 'fortran_order': False`)) {
      throw new Error(`the atlas has ${name} in another form: ${header}`);
    }
    return found.subarray(start);
  };
  const lengths = array("lengths", "<i4");
  const count = Buffer.alloc(4);
  count.writeUInt32LE(lengths.length / 4);
  // The flags last, as they are a byte each.
  return Buffer.concat([
    count,
    array("starts", "<i4"),
    lengths,
    array("steps", "<i2"),
    array("border", "|b1"),
  ]);
}

/** The files in a ZIP archive, by name. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [zip.readUInt16LE(entry + 10), zip.readUInt32LE(entry + 20)];
    const [named, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(entry + at)) as [
      number,
      number,
      number,
    ];
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    const name = zip.toString("utf8", entry + 46, entry + 46 + named);
    files.set(name, method === 0 ? packed : inflateRawSync(packed));
    entry += 46 + named + extra + comment;
  }
  return files;
}
