/** Names of exported files, and their bytes. */

import { expect, test } from 'vitest';
import type { Results } from 'analyzer-wasm';
import { exportOf, fileNameOf } from './exporting';

test.each([
  ['x', 'objects', 'csv', false, 'x.objects.csv'],
  ['x', 'objects', 'csv', true, 'x.objects.selection.csv'],
  ['été_2020-03.1', 'bins', 'json', false, 'été_2020-03.1.bins.json'],
  ['../../etc/passwd', 'objects', 'ndjson', false, '_.._etc_passwd.objects.ndjson'],
  ['.hidden', 'objects', 'ndjson', false, 'hidden.objects.ndjson'],
  ['a b\\c:d*e?f"g<h>i|j\0k\nl', 'streams', 'csv', false, 'a_b_c_d_e_f_g_h_i_j_k_l.streams.csv'],
  ['\u202egpj.exe', 'objects', 'csv', false, '_gpj.exe.objects.csv'],
  ['', 'objects', 'csv', false, 'capture.objects.csv'],
  ['...', 'objects', 'csv', false, 'capture.objects.csv'],
  ['n'.repeat(300), 'objects', 'csv', false, `${'n'.repeat(100)}.objects.csv`],
])('%j of %s as %s, in part: %s', (capture, kind, ending, isPart, name) => {
  expect(fileNameOf(capture, kind, ending, isPart)).toBe(name);
});

test('all pieces are in the blob, in order, and the encoder is freed', async () => {
  const pieces = Array.from({ length: 150 }, (_, n) => new TextEncoder().encode(`${n},`));
  let freed = 0;
  const results = {
    export: (...asked: unknown[]) => ({
      asked, records: 150, nextPiece: () => pieces.shift(), free: () => { freed += 1; },
    }),
  } as unknown as Results;
  const wanted = { kind: 'objects', format: 'csv', selection: null, pseudonymKey: null, captureName: 'x' } as const;
  const { blob, fileName, records } = await exportOf(results, wanted);
  expect(await blob.text()).toBe(Array.from({ length: 150 }, (_, n) => `${n},`).join(''));
  expect([fileName, records, freed, blob.type]).toEqual(['x.objects.csv', 150, 1, 'text/csv;charset=utf-8']);
});
