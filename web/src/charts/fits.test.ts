/** Fits beside values of 0, which they leave out. */

import { expect, test } from 'vitest';
import type { Family } from '../model';
import { fittedQuantile, fittedShare } from './fits';

const EXPONENTIAL: Family = { family: 'exponential', mean: 2 };

test.each([
  ['without zeros', 0, 2, false, 1 - Math.exp(-1)],
  ['above, without zeros', 0, 2, true, Math.exp(-1)],
  ['a quarter of zeros, at 0', 0.25, 0, false, 0.25],
  ['a quarter of zeros, above 0', 0.25, 0, true, 0.75],
  ['a quarter of zeros', 0.25, 2, false, 0.25 + 0.75 * (1 - Math.exp(-1))],
  ['left of 0', 0.25, -1, false, 0],
] as const)('share %s', (_, zeros, x, isAbove, share) => expect(fittedShare(EXPONENTIAL, zeros, x, isAbove)).toBeCloseTo(share, 12));

test.each([[0, 0.5, 2 * Math.LN2], [0.25, 0.25, 0], [0.5, 0.75, 2 * Math.LN2], [1, 0.5, 0]])(
  'with a share of zeros of %f, quantile %f', (zeros, share, value) => expect(fittedQuantile(EXPONENTIAL, zeros, share)).toBeCloseTo(value, 8));
