// The module gives the same bytes in a browser as in Node, where `tests/it/parity` compares them with the program's.
//
// In: the folder of the module, `SNIFFIT_TEST_WASM`, and bundled captures. Out: digests of every file of results, equal in both.
// Guaranteed: both run the code of tests/parity/analyse.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { analyse } from '../parity/analyse.mjs';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, REAL, capturesIn } from './support/captures.mjs';

const MODULE = process.env.SNIFFIT_TEST_WASM;
const skip = MODULE ? false : 'SNIFFIT_TEST_WASM names no folder (`cargo xtask test` sets it)';
const OPTIONS = [{}, { method: 'mean-gap' }, { method: 'rtt:1.5', protocol: 'tcp' }];
const CHUNK_BYTES = 65_536;

// zstd is decompressed before the module.
const captures = [...capturesIn(CONVENTIONS), ...capturesIn(REAL)].filter((path) => !path.endsWith('.zst'));
const at = (name) => captures.find((path) => path.endsWith(`/${name}`)) ?? null;

const FILES = new Map([
  ['/parity/analyse.mjs', [fileURLToPath(new URL('../parity/analyse.mjs', import.meta.url)), 'text/javascript']],
  ['/parity/analyzer_wasm.js', [join(MODULE ?? '', 'analyzer_wasm.js'), 'text/javascript']],
  ['/parity/analyzer_wasm_bg.wasm', [join(MODULE ?? '', 'analyzer_wasm_bg.wasm'), 'application/wasm']],
]);

const world = setUp({
  answer: async (request, response, headers) => {
    const { pathname } = new URL(request.url, 'http://page');
    const [file, type] = FILES.get(pathname) ?? [pathname.startsWith('/captures/') ? at(basename(pathname)) : null, 'application/octet-stream'];
    if (file === null) return false;
    response.writeHead(200, { ...headers, 'Content-Type': type });
    response.end(await readFile(file));
    return true;
  },
});

/** The digest of each file of results; null when there are none. */
const inNode = (module, name, bytes, options) => {
  const results = analyse(module, { files: [{ name, bytes }], options, chunkBytes: CHUNK_BYTES });
  return results && Object.fromEntries([...results].map(([file, bytes]) => [file, createHash('sha256').update(bytes).digest('hex')]));
};

/** The same, in the page. */
const inBrowser = async ([name, ways, chunkBytes]) => {
  const module = await import('/parity/analyzer_wasm.js');
  const { analyse } = await import('/parity/analyse.mjs');
  await module.default({ module_or_path: '/parity/analyzer_wasm_bg.wasm' });
  const bytes = new Uint8Array(await (await fetch(`/captures/${name}`)).arrayBuffer());
  const digest = async (bytes) =>
    Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return Promise.all(ways.map(async (options) => {
    const results = analyse(module, { files: [{ name, bytes }], options, chunkBytes });
    return results && Object.fromEntries(await Promise.all([...results].map(async ([file, bytes]) => [file, await digest(bytes)])));
  }));
};

test('every bundled capture gives the same bytes in Chromium and in Node', { skip }, async (t) => {
  const module = await import(pathToFileURL(join(MODULE, 'analyzer_wasm.js')).href);
  await module.default({ module_or_path: await readFile(join(MODULE, 'analyzer_wasm_bg.wasm')) });
  const { page } = await world.open(t);
  assert.ok(captures.length > 100);
  for (const path of captures) {
    const name = basename(path);
    const bytes = new Uint8Array(await readFile(path));
    // Other methods on few: what they share was compared.
    const ways = name.startsWith('golden') || name.startsWith('mix') ? OPTIONS : OPTIONS.slice(0, 1);
    const expected = ways.map((options) => inNode(module, name, bytes, options));
    assert.deepEqual(await page.evaluate(inBrowser, [name, ways, CHUNK_BYTES]), expected, name);
  }
});
