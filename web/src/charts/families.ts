/**
 * Families of distributions, as curves over an empirical one.
 *
 * In: parameters as `model.json` has them. Out: shares above a value, and values at a share. Guaranteed: shares above have all
 * their digits in the upper tail as well, which is what logarithmic axes show; parameters that make no distribution give NaN.
 */

import type { Family } from '../model';

/** How the curve of a family is drawn: told apart by dashes as well as by colour. */
export const FAMILY_STYLES: Readonly<Record<Family['family'], { readonly colour: string; readonly dash: readonly number[] }>> = {
  exponential: { colour: '#a07c00', dash: [2, 2] },
  lognormal: { colour: '#8a63d2', dash: [8, 3] },
  weibull: { colour: '#00875f', dash: [8, 3, 2, 3] },
  pareto: { colour: '#c2569a', dash: [4, 4] },
  lognormal_mixture: { colour: '#7a7f85', dash: [] },
};

const SERIES_BELOW = 2;
const FRACTIONS = 80;

/** 1 − erf(x). Near 0 a series whose terms are all positive, so that nothing is cancelled; beyond, a continued fraction. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (Number.isNaN(x)) return NaN;
  if (x < SERIES_BELOW) {
    let sum = x;
    for (let n = 1, term = x; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1);
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = x;
  for (let n = FRACTIONS; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** Share of a normal distribution above `z` standard deviations. */
const normalAbove = (z: number): number => erfc(z / Math.SQRT2) / 2;

const lognormalAbove = (mu: number, sigma: number, x: number): number =>
  sigma > 0 ? normalAbove((Math.log(x) - mu) / sigma) : NaN;

/** Share of the values above `x`, which is in the unit of the parameters. */
export function shareAbove(family: Family, x: number): number {
  if (x <= 0) return 1;
  switch (family.family) {
    case 'exponential': return family.mean > 0 ? Math.exp(-x / family.mean) : NaN;
    case 'lognormal': return lognormalAbove(family.mu, family.sigma, x);
    case 'weibull': return family.scale > 0 && family.shape > 0 ? Math.exp(-((x / family.scale) ** family.shape)) : NaN;
    case 'pareto':
      if (!(family.minimum > 0 && family.shape > 0)) return NaN;
      return x <= family.minimum ? 1 : (family.minimum / x) ** family.shape;
    case 'lognormal_mixture': {
      const { weight, mu, sigma } = family;
      return weight * lognormalAbove(mu[0], sigma[0], x) + (1 - weight) * lognormalAbove(mu[1], sigma[1], x);
    }
  }
}

const LEAST_LN = -700;
const MOST_LN = 700;
const HALVINGS = 60;

/** The value that the share `p` of the values, in (0, 1), does not exceed. */
export function quantileOf(family: Family, p: number): number {
  if (Number.isNaN(shareAbove(family, 1))) return NaN;
  let [low, high] = [LEAST_LN, MOST_LN];
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (low + high) / 2;
    if (shareAbove(family, Math.exp(middle)) > 1 - p) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
