/** Which object is under a point, and which comes next by the keyboard. */

import { expect, test } from 'vitest';
import type { TimelineView } from '../../protocol';
import { objectAt, step } from './hit';
import { lanesOf } from './lanes';
import { sampleTables } from './sample';

const NS = 1e6;
const VIEW: TimelineView = {
  fromNs: 0, toNs: 100 * NS, widthPx: 100, heightPx: 60, rowPx: 20, firstRow: 0, upColour: 0, downColour: 0,
  chosenObject: -1, chosenColour: 0,
};
/** Rows: a, its stream, b, its two streams. Objects in the order of begin. */
const LANES = lanesOf(sampleTables([
  { server: 'a', objects: [['up', 10, 10, 9000], ['down', 30, 20, 900], ['down', 50, 0, 9], ['down', 52, 20, 900]] },
  { server: 'b', objects: [['up', 60, 30, 100], ['up', 70, 2, 100]] },
  { server: 'b', objects: [['down', 95, 9, 100]] },
]), null);

test.each([
  ['on a bar', {}, 15, 25, 0],
  ['on nothing', {}, 80, 25, -1],
  ['up of a lane is not down', {}, 15, 36, -1],
  ['beside a bar, within the tolerance', {}, 23, 25, 0],
  ['beside a bar, beyond it', {}, 24, 25, -1],
  ['below a lane, within the tolerance', {}, 15, 32, 0],
  ['the shortest of those that touch', {}, 50, 36, 2],
  ['the shortest of those that are equally near', {}, 51.5, 36, 2],
  ['the nearest, also across lanes', { toNs: 1000 * NS }, 3, 27, 0],
  ['the nearest, not the one above', { toNs: 1000 * NS }, 2, 31, 1],
  ['the nearest', {}, 55, 36, 3],
  ['the shorter of two that overlap', { firstRow: 2 }, 71, 25, 5],
  ['the longer where it is alone', { firstRow: 2 }, 65, 25, 4],
  ['in rows that share a pixel', { rowPx: 0.5 }, 15, 0, 0],
  ['in another time', { fromNs: 90 * NS, toNs: 190 * NS, firstRow: 4 }, 6, 16, 6],
  ['below the last row', {}, 15, 140, -1],
] as const)('%s', (_, part, xPx, yPx, object) => {
  expect(objectAt(LANES, { ...VIEW, ...part }, xPx, yPx)).toBe(object);
});

test.each([
  [0, 'next', 0], [0, 'previous', 0], [1, 'next', 2], [3, 'next', 3], [3, 'previous', 2], [0, 'below', 1], [3, 'above', 0],
  [3, 'below', 4], [6, 'above', 4], [6, 'below', 6], [0, 'above', 0], [4, 'above', 3], [-1, 'next', 0],
] as const)('from object %i to %s', (object, to, expected) => {
  expect(step(LANES, object, to)).toBe(expected);
});

test('there is nothing to step to without objects', () => {
  expect(step(lanesOf(sampleTables([]), null), -1, 'next')).toBe(-1);
});
