// The command line, to compare with.
//
// In:  SNIFFIT_TEST_CLI, the path of the program `sniffit`. Out: what it writes for files and options. Guaranteed: without the
//      variable, the reason why nothing is compared is told, once a file of tests.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './captures.mjs';

const PROGRAM = process.env.SNIFFIT_TEST_CLI ?? null;

/** For the option `skip` of a test: false, or why. */
export const withoutProgram = PROGRAM ? false : 'SNIFFIT_TEST_CLI names no program to compare with';

let runs = 0;

/** Gives a function from `objects`, `streams`, `bins` or `analysis` to bytes. */
export function analyzed(files, options = [], format = 'ndjson') {
  const folder = temporary(`cli-${++runs}`);
  mkdirSync(folder);
  execFileSync(PROGRAM, ['analyze', ...files, ...options, '--format', format, '-o', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  return { folder, read: (name) => readFileSync(join(folder, name)) };
}
