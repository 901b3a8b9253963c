/**
 * Populations to points of their empirical distribution functions.
 *
 * In: values, or counts of values in bins. Out: a `Curve` of at most about a thousand points. Guaranteed: every point is an
 * order statistic of the population, and both tails are told to their last value, because log axes show them; the
 * quantile of a share is the smallest value that at least this share does not exceed.
 */

import type { Curve } from '../protocol';

/** A population up to this size is told whole. */
const WHOLE = 600;
/** Points at equal distances in between. */
const EVEN = 400;
/** Points of each tail, whose ranks double. */
const TAIL_STEPS = 6;

/** Ascending ranks, from 1 to n, of which a curve is made. */
export const ranksOf = (n: number): number[] => {
  if (n <= WHOLE) {
    return Array.from({ length: n }, (_, at) => at + 1);
  }
  const ranks = new Set<number>();
  for (let at = 0; at <= EVEN; at++) {
    ranks.add(Math.max(1, Math.round((at / EVEN) * n)));
  }
  for (let step = 1; step <= n / EVEN + 1; step = Math.max(step + 1, step * (1 + 1 / TAIL_STEPS))) {
    ranks.add(Math.round(step));
    ranks.add(n + 1 - Math.round(step));
  }
  return [...ranks].sort((a, b) => a - b);
};

/** The rank of a share. */
const rankOf = (share: number, n: number): number => Math.max(1, Math.ceil(share * n));

const curve = (n: number, at: (rank: number) => number, exact: boolean): Curve | null => {
  if (n === 0) {
    return null;
  }
  const ranks = ranksOf(n);
  return {
    n,
    min: at(1),
    p50: at(rankOf(0.5, n)),
    p95: at(rankOf(0.95, n)),
    max: at(n),
    values: Float64Array.from(ranks, at),
    shares: Float64Array.from(ranks, (rank) => rank / n),
    exact,
  };
};

/** Of values in any order, which are sorted in place. */
export const curveOf = (values: Float64Array): Curve | null => {
  values.sort();
  return curve(values.length, (rank) => values[rank - 1] ?? NaN, true);
};

/** The quantile of sorted values; NaN without any. */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[rankOf(share, sorted.length) - 1] ?? NaN;

/** Of counts in bins whose values ascend. */
export const curveOfCounts = (values: Float64Array, counts: ArrayLike<number>): Curve | null => {
  let n = 0;
  const ends = new Float64Array(values.length);
  for (let bin = 0; bin < values.length; bin++) {
    n += counts[bin] ?? 0;
    ends[bin] = n;
  }
  const at = (rank: number): number => {
    // The first bin whose end reaches the rank.
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) >= rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return values[low] ?? NaN;
  };
  return curve(n, at, false);
};
