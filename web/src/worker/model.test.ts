/** Models on their way to the page, and to files. */

import { describe, expect, it, test } from 'vitest';
import type { Results } from 'analyzer-wasm';
import { curveOf, lastOf, modelFiles, Models, modelView, type StoredModel, type StoredVariable } from './model';

const NOTHING: StoredVariable = { unit: 'byte', n: 0, zeros: 0, mean: null, quantiles: [], fits: [], bins: { bins: [], min: null, max: null } };
const SIZES: StoredVariable = {
  unit: 'byte', n: 4, zeros: 1, mean: 60, quantiles: Array.from({ length: 101 }, (_, n) => n),
  fits: [{ family: 'exponential', mean: 80, ks: 0.1, ad: 1, aic: 9 }],
  bins: { bins: [[0, 1], [10, 2], [128, 1]], min: 0, max: 129 },
};
const direction = (objects: number) => ({
  objects, payload_bytes: 10 * objects, size_bytes: SIZES, duration_s: { ...SIZES, unit: 's' as const },
  inter_arrival_s: NOTHING, think_time_s: NOTHING, objects_per_stream: NOTHING,
});
const MODEL: StoredModel = {
  by: 'server',
  groups: ['one.example', 'two.example'].map((key) => ({ key, streams: 3, up: direction(2), down: direction(4) })),
};

// Bins have 64 steps an octave from 128 on.
test.each([[0, 0], [127, 127], [128, 129], [129, 131], [191, 255], [192, 259], [3775, 2 ** 64]])('bin %i ends at %f', (bin, last) => {
  expect(lastOf(bin)).toBe(last);
});

test.each([
  ['nothing', NOTHING, null],
  ['bytes', SIZES, { values: [0, 10, 129], p50: 50, p95: 95, exact: false }],
  ['ns of seconds', { ...SIZES, unit: 's' as const }, { values: [0, 10, 129], p50: 50e9, p95: 95e9, exact: false }],
  ['small numbers', { ...SIZES, n: 3, bins: { bins: [[1, 1], [5, 2]], min: 1, max: 5 } as const }, { values: [1, 5], p50: 50, p95: 95, exact: true }],
  ['the greatest value within its bin', { ...SIZES, bins: { ...SIZES.bins, max: 128 } }, { values: [0, 10, 128], p50: 50, p95: 95, exact: false }],
] as const)('the curve of %s', (_, variable, expected) => {
  const curve = curveOf(variable);
  expect(curve && { values: [...curve.values], p50: curve.p50, p95: curve.p95, exact: curve.exact }).toEqual(expected);
  if (curve) expect(curve.shares.at(-1)).toBe(1);
});

describe('a view', () => {
  test.each([[null, 'one.example'], ['two.example', 'two.example'], ['gone.example', 'one.example']])('of %s shows %s', (wanted, shown) => {
    const view = modelView(MODEL, 7, wanted);
    expect(view.shown?.key).toBe(shown);
    expect([view.revision, view.by, view.groupCount]).toEqual([7, 'server', 2]);
    expect(view.groups[1]).toEqual({ key: 'two.example', streams: 3, objects: 6, payloadBytes: 60 });
    expect(view.shown?.down.size_bytes).toMatchObject({ n: 4, zeros: 1, mean: 60, fits: SIZES.fits });
    expect(view.shown?.up.think_time_s.curve).toBeNull();
  });

  it('of very many groups lists those with most payload, and details of one', () => {
    const many = { by: 'server' as const, groups: Array.from({ length: 900 }, (_, n) => ({ ...MODEL.groups[0]!, key: `${n}.example` })) };
    const view = modelView(many, 1, '899.example');
    expect([view.groups.length, view.groupCount, view.shown?.key]).toEqual([500, 900, '899.example']);
  });

  it('of nothing shows nothing', () => {
    expect(modelView({ by: 'all', groups: [] }, 1, null)).toEqual({ revision: 1, by: 'all', groups: [], groupCount: 0, shown: null });
  });
});

function fake() {
  const asked: unknown[][] = [];
  const results = {
    model: (...given: unknown[]) => {
      asked.push(given);
      return new TextEncoder().encode(JSON.stringify(MODEL));
    },
    exportModel: (...given: unknown[]) => {
      asked.push(given);
      return ['csv-applications.csv', 'a,b\r\n', 'below/quantiles.csv', ''];
    },
  } as unknown as Results;
  return { results, asked };
}

it('a model is made once for a selection and a grouping', () => {
  const { results, asked } = fake();
  const models = new Models();
  const bits = Uint8Array.of(5);
  for (const [by, revision] of [['server', 1], ['server', 1], ['all', 1], ['all', 2]] as const) models.of(results, by, revision, () => bits);
  expect(asked).toEqual([['server', bits], ['all', bits], ['all', bits]]);
});

const WANTED = { by: 'server', selection: null, pseudonymKey: null, captureName: 'day' } as const;
test.each([
  ['the model', { ...WANTED, target: 'json' as const }, ['day.model.json'], ['server', null, null]],
  ['the model of a part', { ...WANTED, target: 'json' as const, selection: Uint8Array.of(1) }, ['day.model.selection.json'], ['server', Uint8Array.of(1), null]],
  ['tables under pseudonyms', { ...WANTED, target: 'csv' as const, pseudonymKey: 'ab' }, ['day.csv.applications.csv', 'day.csv.below-quantiles.csv'], ['csv', 'server', null, 'ab']],
])('files of %s', async (_, wanted, names, given) => {
  const { results, asked } = fake();
  const files = modelFiles(results, wanted);
  expect(files.map(({ name }) => name)).toEqual(names);
  expect(asked).toEqual([given]);
  expect(await files[0]!.blob.text()).toBe(wanted.target === 'json' ? JSON.stringify(MODEL) : 'a,b\r\n');
});
