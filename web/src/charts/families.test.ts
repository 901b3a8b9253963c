/** Families against closed forms and tables of the normal distribution. */

import { describe, expect, test } from 'vitest';
import type { Family } from '../model';
import { erfc, FAMILY_STYLES, quantileOf, shareAbove } from './families';

const EXPONENTIAL: Family = { family: 'exponential', mean: 2 };
const LOGNORMAL: Family = { family: 'lognormal', mu: 1, sigma: 2 };
const WEIBULL: Family = { family: 'weibull', shape: 0.5, scale: 4 };
const PARETO: Family = { family: 'pareto', minimum: 3, shape: 2 };
const MIXTURE: Family = { family: 'lognormal_mixture', weight: 0.25, mu: [0, 5], sigma: [1, 2] };

/** Relative, because tails are small. */
const near = (is: number, must: number, relative: number): void => {
  expect(Math.abs(is - must)).toBeLessThanOrEqual(relative * Math.abs(must) + 1e-300);
};

// Abramowitz and Stegun, tables 7.1 and 7.3.
test.each([
  [0, 1], [0.5, 0.4795001221869535], [1, 0.15729920705028513], [1.9999, 0.004679802092970608], [2, 0.004677734981047266],
  [3, 2.209049699858544e-5], [5, 1.5374597944280349e-12], [10, 2.088487583762545e-45], [-1, 1.8427007929497148],
])('erfc(%f)', (x, value) => near(erfc(x), value, 1e-12));

// Φ(0), Φ(1), Φ(1.959964), Φ(−3), and the tail of Φ at 6.
test.each([
  ['exponential at its mean', EXPONENTIAL, 2, Math.exp(-1)],
  ['exponential in the tail', EXPONENTIAL, 200, Math.exp(-100)],
  ['lognormal at its median', LOGNORMAL, Math.E, 0.5],
  ['lognormal one sigma above', LOGNORMAL, Math.exp(3), 1 - 0.8413447460685429],
  ['lognormal at 97.5 %', LOGNORMAL, Math.exp(1 + 2 * 1.959963984540054), 0.025],
  ['lognormal three sigmas below', LOGNORMAL, Math.exp(-5), 1 - 0.0013498980316300933],
  ['lognormal six sigmas above', LOGNORMAL, Math.exp(13), 9.865876450376946e-10],
  ['weibull at its scale', WEIBULL, 4, Math.exp(-1)],
  ['weibull at four scales', WEIBULL, 16, Math.exp(-2)],
  ['pareto below its minimum', PARETO, 2.9, 1],
  ['pareto at its minimum', PARETO, 3, 1],
  ['pareto at ten minimums', PARETO, 30, 0.01],
  ['mixture at the first median', MIXTURE, 1, 0.25 * 0.5 + 0.75 * 0.9937903346742238],
  ['mixture far out', MIXTURE, Math.exp(5), 0.25 * 2.866515718791933e-7 + 0.75 * 0.5],
  ['anything at 0', LOGNORMAL, 0, 1],
] as const)('%s', (_, family, x, above) => near(shareAbove(family, x), above, 1e-9));

test.each([
  { family: 'exponential', mean: 0 },
  { family: 'lognormal', mu: 0, sigma: 0 },
  { family: 'weibull', shape: -1, scale: 1 },
  { family: 'pareto', minimum: 0, shape: 1 },
  { family: 'lognormal_mixture', weight: 0.5, mu: [0, 0], sigma: [1, -1] },
] as const satisfies readonly Family[])('$family that is none', (family) => {
  expect(shareAbove(family, 2)).toBeNaN();
  expect(quantileOf(family, 0.5)).toBeNaN();
});

describe('quantiles', () => {
  test.each([
    [EXPONENTIAL, 0.5, 2 * Math.LN2], [LOGNORMAL, 0.5, Math.E], [LOGNORMAL, 0.975, Math.exp(1 + 2 * 1.959963984540054)],
    [WEIBULL, 1 - Math.exp(-1), 4], [PARETO, 0.99, 30],
  ] as const)('$0.family at $1', (family, p, value) => near(quantileOf(family, p), value, 1e-8));

  test.each([EXPONENTIAL, LOGNORMAL, WEIBULL, PARETO, MIXTURE])('of $family are what shares come back to', (family) => {
    for (const p of [0.01, 0.25, 0.5, 0.9, 0.999]) near(1 - shareAbove(family, quantileOf(family, p)), p, 1e-9);
  });
});

test('no two families are drawn alike', () => {
  const styles = Object.values(FAMILY_STYLES);
  expect(new Set(styles.map(({ dash }) => dash.join())).size).toBe(styles.length);
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(styles.length);
});
