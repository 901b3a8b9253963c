/** Curves on their way to a plot: quantiles, the two of them over the same values, and the deepest valley. */

import { expect, test } from 'vitest';
import type { Curve } from '../protocol';
import { deepestValley, joined, quantile, shareAt, shareScale, valueScale } from './curves';

function curve(values: readonly number[]): Curve {
  const sorted = Float64Array.from(values).sort();
  return {
    n: sorted.length, min: sorted[0]!, max: sorted.at(-1)!, p50: 0, p95: 0, values: sorted, exact: true,
    shares: sorted.map((_, at) => (at + 1) / sorted.length),
  };
}
const CURVE = curve([0, 10, 10, 40]);

test.each([[-1, 0], [0, 0.25], [9, 0.25], [10, 0.75], [39, 0.75], [40, 1], [99, 1]])('share at %f', (value, share) => {
  expect(shareAt(CURVE, value)).toBe(share);
});

test.each([[0.1, 0], [0.25, 0], [0.26, 10], [0.75, 10], [0.9, 40], [1, 40]])('quantile %f', (share, value) => {
  expect(quantile(CURVE, share)).toBe(value);
});

test.each([
  ['linear', { up: CURVE, down: null }, { min: 0, max: 40 }],
  ['log', { up: CURVE, down: curve([5]) }, { min: 4, max: 40 }],
  ['log', { up: curve([0]), down: null }, null],
  ['log', { up: curve([5]), down: null }, { min: 4, max: 10 }],
  ['linear', { up: curve([0]), down: null }, { min: 0, max: 1 }],
  ['linear', { up: null, down: null }, null],
] as const)('a %s axis', (type, curves, scale) => {
  expect(valueScale(curves, type)).toEqual(scale && { type, ...scale });
});

test.each([
  ['at most', 'linear', false, { x: [0, 5, 10, 40], up: [0.25, 0.25, 0.75, 1], down: [0, 1, 1, 1] }],
  ['at most, with a 0 at the edge', 'log', false, { x: [4, 5, 10, 40], up: [0.25, 0.25, 0.75, 1], down: [0, 1, 1, 1] }],
  ['above', 'linear', true, { x: [0, 5, 10, 40], up: [0.75, 0.75, 0.25, 0], down: [1, 0, 0, 0] }],
  ['above, without the 0', 'log', true, { x: [4, 5, 10, 40], up: [0.75, 0.75, 0.25, null], down: [1, null, null, null] }],
] as const)('both curves over the same values: %s', (_, type, above, expected) => {
  const curves = { up: CURVE, down: curve([5]) };
  expect(joined(curves, valueScale(curves, type)!, above)).toEqual(expected);
});

test('without one direction the other stands alone', () => {
  const curves = { up: null, down: CURVE };
  expect(joined(curves, valueScale(curves, 'linear')!, false).up).toEqual([null, null, null]);
});

test('shares above, on logarithmic axes, go down to one in all', () => {
  expect(shareScale({ up: CURVE, down: curve(Array.from({ length: 200 }, (_, n) => n)) }, 'log', true).min).toBe(1 / 200);
});

const hill = (at: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => at * 10 ** ((0.8 * (n - count / 2)) / count));

test.each([
  ['two hills', [...hill(1e3, 200), ...hill(1e7, 100)], 1e4, 1e6],
  ['one hill', hill(1e3, 200), null, null],
  ['one value', [7, 7, 7], null, null],
  ['only zeros', [0, 0], null, null],
])('the valley of %s', (_, values, from, to) => {
  const valley = deepestValley(curve(values));
  if (from === null) expect(valley).toBeNull();
  else expect(valley! >= from && valley! <= to!).toBe(true);
});
