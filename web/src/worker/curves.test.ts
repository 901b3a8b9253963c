/** Points and quantiles, against the whole sorted population. */

import { expect, test } from 'vitest';
import { curveOf, curveOfCounts, quantile, ranksOf } from './curves';

/** Numbers that are the same each time, with many that are equal. */
const numbers = (n: number): Float64Array => {
  let state = n + 1;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(1000 * (state / 2 ** 32) ** 4);
  });
};

/** The smallest value that at least this share of the population does not exceed. */
const naive = (values: ArrayLike<number>, share: number): number => {
  const sorted = Array.from(values).sort((a, b) => a - b);
  return sorted.find((value) => sorted.filter((other) => other <= value).length >= share * sorted.length) ?? NaN;
};

const SIZES = [1, 2, 3, 19, 20, 599, 600, 601, 602, 1000, 2401, 5000, 99_999];

test.each(SIZES)('ranks of %i ascend, from the first to the last, dense in the tails', (n) => {
  const ranks = ranksOf(n);
  expect(ranks.at(0)).toBe(1);
  expect(ranks.at(-1)).toBe(n);
  expect(ranks.every((rank, at) => Number.isInteger(rank) && (at === 0 || rank > ranks[at - 1]!))).toBe(true);
  expect(ranks.length).toBeLessThanOrEqual(1000);
  const gaps = ranks.slice(1).map((rank, at) => rank - ranks[at]!);
  expect(Math.max(...gaps, 1)).toBeLessThanOrEqual(Math.max(1, Math.ceil(n / 400)));
  // On a logarithmic axis equal factors are equal distances, from either end.
  for (const tail of [ranks, ranks.map((rank) => n + 1 - rank).reverse()]) {
    expect(tail.every((rank, at) => at === 0 || rank <= 2 * tail[at - 1]!)).toBe(true);
  }
});

test.each(SIZES.filter((n) => n <= 5000))('a curve of %i values tells order statistics', (n) => {
  const values = numbers(n);
  const sorted = [...values].sort((a, b) => a - b);
  const curve = curveOf(values.slice())!;
  expect(curve).toMatchObject({ n, min: sorted[0], max: sorted.at(-1), exact: true });
  expect([curve.p50, curve.p95]).toEqual([naive(values, 0.5), naive(values, 0.95)]);
  curve.values.forEach((value, at) => {
    const rank = Math.round(curve.shares[at]! * n);
    expect([value, curve.shares[at]]).toEqual([sorted[rank - 1], rank / n]);
  });
  expect(curve.shares.at(-1)).toBe(1);
  const ascending = Float64Array.from(sorted);
  for (const share of [0, 0.01, 0.25, 0.5, 0.9, 1]) expect(quantile(ascending, share)).toBe(share === 0 ? sorted[0] : naive(values, share));
});

test('counts in bins give the curve of their values', () => {
  const values = numbers(3000);
  const bins = [...new Set(values)].sort((a, b) => a - b);
  // With empty bins below, between and above.
  const all = Float64Array.from([-2, -1, ...bins.flatMap((value) => [value, value + 0.5])]);
  const counts = Array.from(all, (bin) => values.filter((value) => value === bin).length);
  const curve = curveOfCounts(all, counts);
  expect(curve).toEqual({ ...curveOf(values), exact: false });
});

test('nothing has no curve, and no quantile', () => {
  expect(curveOf(new Float64Array())).toBeNull();
  expect(curveOfCounts(Float64Array.of(1, 2), [0, 0])).toBeNull();
  expect(curveOfCounts(new Float64Array(), [])).toBeNull();
  expect(quantile(new Float64Array(), 0.5)).toBeNaN();
});
