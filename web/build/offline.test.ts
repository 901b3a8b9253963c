/**
 * The list of the service worker: complete, and another one whenever any file is.
 */

import { expect, test } from 'vitest';
import { withFiles } from './offline.ts';

const CODE = 'f(__FILES__);g(__DIGEST__)';
const files = (entries: [string, string][]): Map<string, string> => new Map(entries);
const FIRST = withFiles(CODE, files([['b', '1'], ['a', '2']]));

test('names come sorted, so that the same files give the same bytes', () => {
  expect(FIRST).toMatch(/^f\(\["a","b"\]\);g\("[0-9a-f]{16}"\)$/);
  expect(withFiles(CODE, files([['a', '2'], ['b', '1']]))).toBe(FIRST);
});

test.each([
  ['a content', CODE, files([['b', '1'], ['a', '3']])],
  ['contents that change places', CODE, files([['b', '2'], ['a', '1']])],
  ['a new file', CODE, files([['b', '1'], ['a', '2'], ['c', '']])],
  ['the code', `${CODE};`, files([['b', '1'], ['a', '2']])],
])('%s makes another build', (_what, code, changed) => {
  const digest = (text: string): string | undefined => /g\("(.*?)"\)/.exec(text)?.[1];
  expect(digest(withFiles(code, changed))).not.toBe(digest(FIRST));
});

test('a service worker that forgets the list is an error', () => {
  expect(() => withFiles('g(__DIGEST__)', files([]))).toThrow('__FILES__');
});
