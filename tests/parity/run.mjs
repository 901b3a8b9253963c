// Many recordings through the page's module in Node.
//
// In: the folder of the module (`SNIFFIT_TEST_WASM`), and on standard input a JSON list of recordings: `files` (names and
// paths), `options`, `chunkBytes` (several; null is the whole file at once) and the folder `out`. Out: the results in each
// `out`, no folder when nothing could be read; on standard output, a line for each way of cutting chunks that gave other
// bytes than the first. Guaranteed: one process, one module, any number of recordings.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyse } from './analyse.mjs';

const folder = process.env.SNIFFIT_TEST_WASM;
const module = await import(pathToFileURL(join(folder, 'analyzer_wasm.js')).href);
await module.default({ module_or_path: readFileSync(join(folder, 'analyzer_wasm_bg.wasm')) });

for (const { files, options, chunkBytes, out } of JSON.parse(readFileSync(0, 'utf8'))) {
  const read = files.map(({ name, path }) => ({ name, bytes: new Uint8Array(readFileSync(path)) }));
  const way = (bytes, formats) => analyse(module, { files: read, options, chunkBytes: bytes ?? Infinity, formats });
  const [first, ...others] = chunkBytes;
  const results = way(first);
  if (results !== null) {
    mkdirSync(out);
    for (const [name, bytes] of results) writeFileSync(join(out, name), bytes);
  }
  for (const bytes of others) {
    // Text is made of records; those of one format tell whether all are the same.
    const different = difference(results, way(bytes, ['ndjson']));
    if (different !== null) console.log(`${files.map(({ name }) => name)} in chunks of ${bytes}: ${different} differs`);
  }
}

/** The first file of results that is not the same; null when all are. */
function difference(one, other) {
  if (one === null || other === null) return one === other ? null : 'whether there are results';
  const name = [...other.keys()].find((name) => Buffer.compare(one.get(name), other.get(name)) !== 0);
  return name ?? null;
}
