/**
 * The analysis, loaded.
 *
 * In: nothing. Out: after `loadAnalyzer`, what the module `analyzer-wasm` exports can be called. Guaranteed: it is loaded once,
 * from the page's own files.
 *
 * vite.config.ts makes `analyzer-wasm` the glue and `analyzer-wasm/module` the module that `cargo xtask wasm` writes. In the
 * single file the address of the module holds its bytes. Where a server gives the module another kind than
 * `application/wasm`, the glue compiles it from its bytes.
 */

import init from 'analyzer-wasm';
import address from 'analyzer-wasm/module?url';
import { bytesOfDataAddress } from '../embedded';

let loaded: Promise<void> | undefined;

export function loadAnalyzer(): Promise<void> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<void> {
  await init({ module_or_path: __SINGLE_FILE__ ? bytesOfDataAddress(address) : address });
}
