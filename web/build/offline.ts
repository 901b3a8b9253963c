/**
 * Tells the service worker which files make up the page.
 *
 * In: all files of a build. Out: `sw.js` with their names and one digest. Guaranteed: any change of any file changes the digest,
 * and with it the bytes of `sw.js`, by which a browser notices a new build.
 */

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'sw.js';

export function keptOffline(publicFolder: string): Plugin {
  return {
    name: 'kept-offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = new Map<string, string | Uint8Array>();
        for (const name of readdirSync(publicFolder)) files.set(name, readFileSync(join(publicFolder, name)));
        for (const file of Object.values(bundle)) files.set(file.fileName, file.type === 'chunk' ? file.code : file.source);
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') this.error(`the build has no ${WORKER}`);
        files.delete(WORKER);
        worker.code = withFiles(worker.code, files);
      },
    },
  };
}

/** The service worker's code with the names of these files and a digest of them all. */
export function withFiles(code: string, files: ReadonlyMap<string, string | Uint8Array>): string {
  const names = [...files.keys()].sort();
  const hash = createHash('sha256').update(code);
  for (const name of names) {
    const content = createHash('sha256').update(files.get(name) ?? '').digest('hex');
    hash.update(`${name} ${content}\n`);
  }
  const values = { __FILES__: JSON.stringify(names), __DIGEST__: JSON.stringify(hash.digest('hex').slice(0, 16)) };
  let filled = code;
  for (const [name, value] of Object.entries(values)) {
    if (!filled.includes(name)) throw new Error(`${WORKER} does not use ${name}`);
    filled = filled.replaceAll(name, () => value);
  }
  return filled;
}
