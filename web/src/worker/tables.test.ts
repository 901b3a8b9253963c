/** Columns that grow. */

import { expect, test } from 'vitest';
import { append, emptyTables } from './tables';

test('tables grow, and rows stay as they were', () => {
  const { bins } = emptyTables();
  const expected: number[] = [];
  for (let batch = 0; batch < 60; batch++) {
    const rows = Array.from({ length: (batch * 37) % 200 }, (_, n) => expected.length + n);
    append(bins, {
      stream: Uint32Array.from(rows), flags: Uint8Array.from(rows, (row) => row & 1),
      startNs: Float64Array.from(rows, (row) => row * 1e8), payloadBytes: Float64Array.from(rows, (row) => row + 0.5),
    });
    expected.push(...rows);
  }
  expect(bins.count).toBe(expected.length);
  expect(bins.count).toBeGreaterThan(4000);
  const column = (values: Uint8Array | Uint32Array | Float64Array): number[] => [...values.subarray(0, bins.count)];
  expect(column(bins.stream)).toEqual(expected);
  expect(column(bins.flags)).toEqual(expected.map((row) => row & 1));
  expect(column(bins.startNs)).toEqual(expected.map((row) => row * 1e8));
  expect(column(bins.payloadBytes)).toEqual(expected.map((row) => row + 0.5));
});

test('a batch may be larger than all before, and room is left for less than as much again', () => {
  const { bins } = emptyTables();
  const rows = 50_000;
  const batch = { stream: new Uint32Array(rows), flags: new Uint8Array(rows), startNs: new Float64Array(rows), payloadBytes: new Float64Array(rows).fill(7) };
  append(bins, batch);
  append(bins, batch);
  expect(bins.count).toBe(2 * rows);
  expect(bins.payloadBytes[2 * rows - 1]).toBe(7);
  expect(bins.payloadBytes.length).toBeLessThan(4 * rows);
  append(bins, { stream: new Uint32Array(), flags: new Uint8Array(), startNs: new Float64Array(), payloadBytes: new Float64Array() });
  expect(bins.count).toBe(2 * rows);
});
