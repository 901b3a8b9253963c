/** The timeline as pixels, drawn as letters. */

import { expect, test } from 'vitest';
import type { TimelineView } from '../../protocol';
import { lanesOf } from './lanes';
import { drawTimeline } from './raster';
import { manyObjects, sampleTables } from './sample';

const NS = 1e6;
const UP = 0xff0000aa;
const DOWN = 0xff00bb00;
const CHOSEN = 0xffcc0000;
const VIEW: TimelineView = {
  fromNs: 0, toNs: 20 * NS, widthPx: 20, heightPx: 12, rowPx: 6, firstRow: 0, upColour: UP, downColour: DOWN,
  chosenObject: -1, chosenColour: CHOSEN,
};
const TABLES = sampleTables([
  { server: 'a', objects: [['up', 1, 2, 300], ['down', 4, 8, 90_000], ['down', 12, 2, 900], ['up', 16, 0, 1]] },
  { server: 'b', objects: [['up', 19, 5, 40]] },
]);

/** `u` and `d`, `U` and `D` for edges, `#` for what is chosen. */
function drawn(view: TimelineView, tables = TABLES): string[] {
  const { pixels } = drawTimeline(lanesOf(tables, null), view);
  const words = new Uint32Array(pixels.buffer);
  const letter = (colour: number): string => {
    if (colour === 0) return '·';
    if (colour === CHOSEN) return '#';
    const [red, green] = [colour & 0xff, (colour >>> 8) & 0xff];
    return red === 0xaa ? 'u' : green === 0xbb ? 'd' : red > 0 ? 'U' : 'D';
  };
  return Array.from({ length: view.heightPx }, (_, y) =>
    Array.from(words.subarray(y * view.widthPx, (y + 1) * view.widthPx), letter).join(''));
}

test.each([
  ['lanes, with a server above its streams', {}, [
    '····················',
    '·uu·············u···',
    '····dddddddddd······',
    '····················',
    '····················',
    '····················',
    '·uu·············u···',
    '·uu·············u···',
    '····DddddddDdd······',
    '····DddddddDdd······',
    '····DddddddDdd······',
    '····················',
  ]],
  ['a part of the time: bars are cut at its edges, and their ends are marked', { fromNs: 6 * NS, toNs: 16 * NS, firstRow: 1, heightPx: 5 }, [
    '····················',
    '····················',
    'dddddddddddDDddD····',
    'dddddddddddDDddD····',
    'dddddddddddDDddD····',
  ]],
  ['a chosen object', { firstRow: 1, heightPx: 6, chosenObject: 1 }, [
    '·u############··u···',
    '·u############··u···',
    '··##DddddddD##······',
    '··##DddddddD##······',
    '··##DddddddD##······',
    '··############······',
  ]],
  ['rows of two pixels', { rowPx: 2, heightPx: 8 }, [
    '·uu·············u···',
    '····dddddddddd······',
    '·uu·············u···',
    '····DddddddDdd······',
    '···················u',
    '····················',
    '···················U',
    '····················',
  ]],
  ['rows of a pixel', { rowPx: 1, heightPx: 4 }, [
    '····················',
    '·uu·dddddddddd··u···',
    '····················',
    '···················u',
  ]],
  ['all rows in a pixel', { rowPx: 0.25, heightPx: 2 }, ['·uu·dddddddddd··u··u', '····················']],
  ['rows of a pixel and a half', { rowPx: 1.5, heightPx: 6 }, [
    '····················',
    '····················',
    '·uu·dddddddddd··u···',
    '····················',
    '····················',
    '···················u',
  ]],
  ['above the first row', { firstRow: -2, rowPx: 1, heightPx: 4 }, [
    '····················',
    '····················',
    '····················',
    '·uu·dddddddddd··u···',
  ]],
  ['no time at all', { toNs: 0, heightPx: 1 }, ['····················']],
] as const)('%s', (_, part, rows) => {
  expect(drawn({ ...VIEW, ...part })).toEqual(rows);
});

test.each([
  ['all', {}, 4],
  ['both servers', { heightPx: 24 }, 5],
  ['a part of the time', { fromNs: 5 * NS, toNs: 11 * NS }, 1],
  ['an object that began before and ends after', { fromNs: 21 * NS, toNs: 22 * NS, rowPx: 1 }, 1],
  ['each once where rows are of a pixel and a half', { rowPx: 1.5, firstRow: -1 }, 5],
  ['rows that are not there', { firstRow: 9 }, 0],
])('objects: %s', (_, part, objects) => {
  expect(drawTimeline(lanesOf(TABLES, null), { ...VIEW, ...part }).objects).toBe(objects);
});

const alphaAt = (view: TimelineView, x: number, y: number, tables = TABLES): number =>
  drawTimeline(lanesOf(tables, null), view).pixels[4 * (y * view.widthPx + x) + 3]!;

test('a faster object has a stronger shade, and the same at every zoom', () => {
  const row = { ...VIEW, firstRow: 1 };
  const fast = alphaAt(row, 6, 3);
  expect(fast).toBeGreaterThan(alphaAt(row, 13, 3));
  for (const toNs of [12 * NS, 13.7 * NS, 40 * NS]) {
    // Within the width of a step, a quarter of an octave.
    expect(Math.abs(alphaAt({ ...row, toNs }, Math.floor((8 * NS * 20) / toNs), 3) - fast)).toBeLessThanOrEqual(3);
  }
});

test('of many objects nothing is left over beside them', () => {
  const tables = manyObjects(50_000, 300, 20);
  const lanes = lanesOf(tables, null);
  for (const rowPx of [0.5, 1, 2, 7]) {
    const view = { ...VIEW, fromNs: 2e12, toNs: 3e12, widthPx: 300, heightPx: 100, rowPx };
    const { pixels, objects } = drawTimeline(lanes, view);
    expect([objects, pixels.some((value) => value !== 0)]).toEqual([0, false]);
  }
});

test.each([
  [0.2, 50_000, 2968224745],
  [2, 8174, 2127569435],
  [9, 1837, 1483242371],
])('many objects, rows of %f px: the same pixels as ever', (rowPx, objects, checksum) => {
  const tables = manyObjects(50_000, 300, 20);
  const drawing = drawTimeline(lanesOf(tables, null), {
    ...VIEW, toNs: 1e12, widthPx: 300, heightPx: 100, rowPx, chosenObject: 77,
  });
  const sum = new Uint32Array(drawing.pixels.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) >>> 0, 7);
  expect([drawing.objects, sum]).toEqual([objects, checksum]);
});
