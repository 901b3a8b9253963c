// The command line, to compare with.
//
// In:  SNIFFIT_TEST_CLI, the path of the program `sniffit`. Out: what it writes for files and options. Guaranteed: without the
//      variable, the reason why nothing is compared is told, once a file of tests.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './captures.mjs';

const PROGRAM = process.env.SNIFFIT_TEST_CLI ?? null;

/** For the option `skip` of a test: false, or why. */
export const withoutProgram = PROGRAM ? false : 'SNIFFIT_TEST_CLI names no program to compare with';

let runs = 0;

/** The exit code that says that what comes before a fault was written. */
const PARTIAL = 3;

/** A folder with the results, and a way to read one; null where nothing could be read. */
export function analyzed(files, options = [], format = 'ndjson') {
  const folder = temporary(`cli-${++runs}`);
  mkdirSync(folder);
  const { status, error } = spawnSync(PROGRAM, ['analyze', ...files, ...options, '--quiet', '--format', format, '-o', folder]);
  if (error) throw error;
  if (status !== 0 && status !== PARTIAL) return null;
  return { folder, read: (name) => readFileSync(join(folder, name)) };
}

/** What `sniffit model` writes for a folder of results: the model, or with `--export` the files by their names. */
export function modelled(folder, options) {
  const output = temporary(`model-${++runs}`);
  const { status, error, stderr } = spawnSync(PROGRAM, ['model', folder, ...options, '-o', output]);
  if (error) throw error;
  if (status !== 0) throw new Error(String(stderr));
  if (!options.includes('--export')) return { model: readFileSync(output) };
  return { files: Object.fromEntries(readdirSync(output).map((name) => [name, readFileSync(join(output, name))])) };
}
