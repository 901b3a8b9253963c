/** Labels beside the rows: the name of a server stays while any of its rows is in sight. */

import { expect, test } from 'vitest';
import type { TimelineLabel } from '../../protocol';
import { placedLabels } from './gutter';
import type { Viewport } from './viewport';

const VIEW: Viewport = { fromNs: 0, toNs: 1, firstRow: 0, rowPx: 20 };
const server = (row: number): TimelineLabel => ({ row, kind: 'server', text: `S${row}`, server: `S${row}`, application: '', stream: null });
const stream = (row: number): TimelineLabel => ({ row, kind: 'stream', text: `s${row}`, server: 'S', application: '', stream: row });
const LABELS = [server(0), stream(1), stream(2), server(3), stream(4)];

test.each([
  ['all of them', {}, 200, LABELS, ['S0 8', 's1 28', 's2 48', 'S3 68', 's4 88']],
  ['up to the lower edge', {}, 50, LABELS, ['S0 8', 's1 28', 's2 48']],
  ['a server that stays while its streams pass', { firstRow: 1.5 }, 40, LABELS, ['S0 6.5', 's2 18', 'S3 38']],
  ['a server that gives way to the next', { firstRow: 2.8 }, 40, LABELS, ['S3 12', 's4 32']],
  ['servers only, where rows are low', { rowPx: 6 }, 90, LABELS, ['S0 6.5', 'S3 21']],
  ['servers with room between them', { rowPx: 2 }, 90, [server(0), server(3), server(10)], ['S0 6.5', 'S10 21']],
  ['none', {}, 90, [], []],
])('names: %s', (_, part, heightPx, labels, expected) => {
  expect(placedLabels(labels, { ...VIEW, ...part }, heightPx).map(({ label, y }) => `${label.text} ${Math.round(y * 10) / 10}`))
    .toEqual(expected);
});
