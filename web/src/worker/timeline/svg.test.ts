import { expect, test } from 'vitest';
import type { TimelineView } from '../../protocol';
import { lanesOf } from './lanes';
import { sampleTables } from './sample';
import { timelineSvg } from './svg';

const VIEW: TimelineView = {
  fromNs: 0, toNs: 30e6, widthPx: 100, heightPx: 12, rowPx: 6, firstRow: 0, upColour: 0xff785634, downColour: 0xff0000ff,
  chosenObject: 1, chosenColour: 0xff000000,
};
const LANES = lanesOf(sampleTables([{ server: '<a>', objects: [['up', 1, 2, 300], ['down', 20, 80, 90_000]] }]), null);
const HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="12" viewBox="0 0 100 12">';

test.each([
  ['rectangles, cut at the edge', VIEW,
    '<g fill="#345678" stroke="#345678" stroke-width=".3"><rect x="3.333" y="6" width="6.667" height="2" fill-opacity="0.66"/></g>' +
    '<g fill="#ff0000" stroke="#ff0000" stroke-width=".3"><rect x="66.667" y="8" width="33.333" height="3" fill-opacity="0.75"/></g>'],
  ['an image of rows that share pixels', { ...VIEW, rowPx: 1 }, '<image width="100" height="12" href="data:,2 objects"/>'],
  ['nothing', { ...VIEW, fromNs: 200e6, toNs: 300e6 }, ''],
])('%s', async (_, view, content) => {
  const encode = ({ objects }: { objects: number }) => Promise.resolve(`data:,${objects} objects`);
  expect(await timelineSvg(LANES, view, encode)).toBe(`${HEAD}${content}</svg>`);
});
