/** Fits in words: parameters with their units, and why there is none. */

import { expect, test } from 'vitest';
import { formatter } from '../format';
import { translator } from '../i18n';
import type { Family } from '../model';
import { parametersOf, whyNone } from './fit-table';

const GOODNESS = { ks: 0, ad: 0, aic: 0 };
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

test.each([
  ['en', 'bytes', { family: 'exponential', mean: 1536 }, ['mean 1.50 KiB']],
  ['fr', 'bytes', { family: 'exponential', mean: 1536 }, ['moyenne 1,50 Kio']],
  ['en', 'time', { family: 'exponential', mean: 0.25 }, ['mean 250 ms']],
  ['en', 'count', { family: 'exponential', mean: 2.5 }, ['mean 2.5']],
  ['en', 'bytes', { family: 'lognormal', mu: 9.25, sigma: 1.5 }, ['μ = 9.25 (ln B), σ = 1.5']],
  ['fr', 'time', { family: 'lognormal', mu: -3.25, sigma: 1.5 }, ['μ = −3,25 (ln s), σ = 1,5']],
  ['en', 'time', { family: 'weibull', shape: 0.75, scale: 0.002 }, ['shape 0.75, scale 2.00 ms']],
  ['en', 'bytes', { family: 'pareto', minimum: 63, shape: 0.5 }, ['minimum 63 B, shape 0.5']],
  ['en', 'count', { family: 'lognormal_mixture', weight: 0.25, mu: [0, 2], sigma: [1, 0.5] },
    ['25 % · μ = 0 (ln objects), σ = 1', '75 % · μ = 2 (ln objects), σ = 0.5']],
] as const satisfies readonly (readonly ['en' | 'fr', string, Family, readonly string[]])[])('%s, %s: %j', (language, kind, family, lines) => {
  const said = parametersOf(translator(language), formatter(language), kind, { ...family, ...GOODNESS });
  expect(said.map(plain)).toEqual(lines);
});

test.each([
  [0, /No fit: 0 values above 0, and fewer than 30/], [1, /No fit: 1 value above 0/], [29, /fewer than 30/], [30, /all values are equal/],
])('%i values above 0 without a fit', (positive, words) => expect(whyNone(translator('en'), positive)).toMatch(words));
