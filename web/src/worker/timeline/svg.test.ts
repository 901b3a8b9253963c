/** The timeline as rectangles. */

import { expect, test } from 'vitest';
import type { TimelineView } from '../../protocol';
import { lanesOf } from './lanes';
import { sampleTables } from './sample';
import { timelineSvg } from './svg';

const VIEW: TimelineView = {
  fromNs: 0, toNs: 30e6, widthPx: 100, heightPx: 12, rowPx: 6, firstRow: 0, upColour: 0xff785634, downColour: 0xff0000ff,
  chosenObject: 1, chosenColour: 0xff000000,
};
const LANES = lanesOf(sampleTables([
  { server: '<a>', objects: [['up', 1, 2, 300], ['down', 20, 80, 90_000]] },
  { server: '<a>', objects: [['up', 2, 4, 300], ['up', 9, 3, 600]] },
]), null);
const HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="12" viewBox="0 0 100 12">';
const up = (bars: string): string => `<g fill="#345678" stroke="#345678" stroke-width=".3">${bars}</g>`;
const down = (bars: string): string => `<g fill="#ff0000" stroke="#ff0000" stroke-width=".3">${bars}</g>`;
const rect = (x: number, y: number, width: number, height: number, opacity: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill-opacity="${opacity}"/>`;

test.each([
  ['rectangles, cut at the edge, below the busy times of their server', VIEW, [
    up(rect(3.333, 1, 16.667, 1, '0.6') + rect(30, 1, 10, 1, '0.6')),
    down(rect(66.667, 2, 33.333, 1, '0.6')),
    up(rect(3.333, 6, 6.667, 2, '0.70')),
    down(rect(66.667, 8, 33.333, 3, '0.78')),
  ].join('')],
  ['an image of rows that share pixels', { ...VIEW, rowPx: 1 }, '<image width="100" height="12" href="data:,4 objects"/>'],
  ['nothing', { ...VIEW, fromNs: 200e6, toNs: 300e6 }, ''],
])('%s', async (_, view, content) => {
  const encode = ({ objects }: { objects: number }) => Promise.resolve(`data:,${objects} objects`);
  expect(await timelineSvg(LANES, view, encode)).toBe(`${HEAD}${content}</svg>`);
});
