/** Ticks: round, within the range, and no more than there is room for. */

import { expect, test } from 'vitest';
import { linearTicks, logTicks, niceStep, shareOf, valueAt, type Kind } from './scales';

const S = 1e9;
const KIB = 1024;

test.each<[Kind, number, number]>([
  ['count', 0.3, 1], ['count', 1.2, 2], ['count', 41, 50], ['share', 0.21, 0.5], ['rate', 1.1e6, 2e6], ['rate', 1e6, 1e6],
  ['bytes', 1000, KIB], ['bytes', KIB, KIB], ['bytes', 1025, 2 * KIB], ['bytes', 0.2, 0.25],
  ['time', 3, 5], ['time', 7e6, 10e6], ['time', 9 * S, 10 * S], ['time', 11 * S, 15 * S], ['time', 40 * S, 60 * S],
  ['time', 601 * S, 900 * S], ['time', 4 * 3600 * S, 6 * 3600 * S], ['time', 30 * 3600 * S, 48 * 3600 * S],
  ['rate', 0, 1], ['rate', NaN, 1], ['rate', Infinity, 1],
])('a step of %s of at least %f is %f', (kind, least, step) => {
  expect(niceStep(kind, least)).toBeCloseTo(step, 9);
});

test.each<[string, Kind, number, number, number, number, number[]]>([
  ['shares', 'share', 0, 1, 5, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ['bytes', 'bytes', 0, 5000, 5, 0, [0, KIB, 2 * KIB, 3 * KIB, 4 * KIB]],
  ['below zero', 'rate', -3, 3, 3, 0, [-2, 0, 2]],
  ['from midnight', 'time', 0, 60 * S, 4, 7 * S, [8 * S, 23 * S, 38 * S, 53 * S]],
  ['nothing', 'rate', 1, 1, 5, 0, []],
])('linear ticks: %s', (_, kind, min, max, most, phase, ticks) => {
  expect(linearTicks(kind, min, max, most, phase).map((tick) => Number(tick.toPrecision(12)))).toEqual(ticks);
});

test.each<[string, Kind, number, number, number, number[]]>([
  ['decades', 'rate', 1, 1e4, 6, [1, 10, 100, 1e3, 1e4]],
  ['every third decade', 'rate', 1, 1e9, 4, [1, 1e3, 1e6, 1e9]],
  ['bytes', 'bytes', 40, 3e6, 6, [KIB, 1024 * KIB].flatMap((tick) => [tick / 32, tick]).slice(1).concat()],
  ['bytes, wide', 'bytes', 1, 2 ** 30, 4, [1, 2 ** 10, 2 ** 20, 2 ** 30]],
  ['less than a decade', 'time', 2e6, 7e6, 6, [2e6, 3e6, 4e6, 5e6, 6e6, 7e6]],
  ['not from zero', 'rate', 0, 10, 5, []],
])('logarithmic ticks: %s', (_, kind, min, max, most, ticks) => {
  expect(logTicks(kind, min, max, most)).toEqual(ticks);
});

test.each<['linear' | 'log', number, number]>([
  ['linear', 55, 0.5], ['linear', 10, 0], ['linear', 0, -1 / 9], ['log', 100, 1], ['log', 10 ** 1.5, 0.5],
])('%s: %f is at %f', (type, value, share) => {
  const scale = { type, min: 10, max: 100 };
  expect(shareOf(scale, value)).toBeCloseTo(share, 9);
  expect(valueAt(scale, share)).toBeCloseTo(value, 9);
});
