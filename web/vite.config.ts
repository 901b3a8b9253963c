/**
 * How the page is built.
 *
 * In: `src`, the module of `cargo xtask wasm`, and the capture of the demo. Out: `vite build` writes `dist`, which any static
 * server serves from any folder; `vite build --mode single-file` then adds `dist/sniffit.html`, which needs no server.
 * Guaranteed: the policy of index.html holds for both, so nothing is inlined but in the single file, by its digest.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { keptOffline } from './build/offline.ts';
import { developmentPolicy, narrowPolicy } from './build/policy.ts';
import { inlineWorkers, singleFile } from './build/single-file.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Where `cargo xtask wasm` puts its results; it knows when that is not the usual place. */
const moduleFolder = process.env['SNIFFIT_WASM'] ?? path('../target/wasm');
/** Of `cargo xtask web --connect`. */
const origins = (process.env['SNIFFIT_CONNECT'] ?? '').split(' ').filter((origin) => origin !== '');
/** Of Debian, Ubuntu and macOS; none is asked for more than 2023's features. */
const browsers = ['chrome111', 'firefox114', 'safari16.4'];

function workspaceVersion(): string {
  const manifest = readFileSync(path('../Cargo.toml'), 'utf8');
  const version = /^\[workspace\.package\]\nversion = "([^"]+)"/m.exec(manifest)?.[1];
  if (version === undefined) throw new Error('Cargo.toml tells no version of the workspace');
  return version;
}

/** Libraries have a file of their own: browsers keep it when only our code changes. What is loaded lazily stays apart. */
const libraries = { groups: [{ name: 'libraries', test: /node_modules[\\/](?!fzstd)/ }] };

export default defineConfig(({ mode }) => {
  const isSingle = mode === 'single-file';
  const output = isSingle
    ? { codeSplitting: false as const }
    : {
        codeSplitting: libraries,
        entryFileNames: ({ name }: { name: string }): string =>
          name === 'service-worker' ? 'sw.js' : 'assets/[name]-[hash].js',
      };
  return {
    root: path('.'),
    base: './',
    publicDir: isSingle ? false : 'public',
    cacheDir: path('../target/vite'),
    define: { __VERSION__: JSON.stringify(workspaceVersion()), __SINGLE_FILE__: JSON.stringify(isSingle) },
    resolve: {
      alias: [
        { find: /^analyzer-wasm$/, replacement: `${moduleFolder}/analyzer_wasm.js` },
        { find: /^analyzer-wasm\/module/, replacement: `${moduleFolder}/analyzer_wasm_bg.wasm` },
        {
          find: /^demo-capture/,
          replacement: path('../tests/captures/truth/real/mix-nginx-gso.pcap.gz'),
        },
      ],
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [
      developmentPolicy(),
      narrowPolicy(origins),
      ...(isSingle ? [inlineWorkers(), singleFile(path('public/icon.svg'))] : [keptOffline(path('public'))]),
    ],
    worker: {
      // A page that was opened from a disk may not start a module worker of a `blob:`.
      format: isSingle ? 'iife' : 'es',
      // The worker starts one itself.
      plugins: () => (isSingle ? [inlineWorkers()] : []),
      rolldownOptions: { output: isSingle ? { codeSplitting: false } : { codeSplitting: libraries } },
    },
    build: {
      target: browsers,
      outDir: 'dist',
      emptyOutDir: !isSingle,
      // In the single file all, else nothing: the policy forbids `data:` but for images.
      assetsInlineLimit: isSingle ? Number.MAX_SAFE_INTEGER : 0,
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        input: isSingle
          ? { index: path('index.html') }
          : { index: path('index.html'), 'service-worker': path('src/offline/service-worker.ts') },
        output,
      },
    },
    server: { host: '127.0.0.1', fs: { allow: [path('..'), moduleFolder] } },
    test: { include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'], environment: 'node' },
  };
});
