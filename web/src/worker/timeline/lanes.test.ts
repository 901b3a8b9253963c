/** Rows and lanes: servers by payload, streams by begin, every object in one lane. */

import { expect, test } from 'vitest';
import type { TimelineView } from '../../protocol';
import { labelsOf } from './labels';
import { laneAt, lanesOf, type Lanes } from './lanes';
import { manyObjects, sampleTables } from './sample';

/** `b` has more payload than `a`; the streams of `a` were first heard of in another order than they began. */
const TABLES = sampleTables([
  { server: 'a', id: 7, objects: [['up', 5, 1, 10], ['down', 6, 2, 20], ['up', 9, 0, 30]] },
  { server: 'b', id: 3, objects: [['down', 0, 9, 500]] },
  { server: 'a', id: 2, objects: [['down', 1, 1, 40]] },
  { server: 'c', id: 90_000, objects: [['up', 2, 1, 70], ['up', 4, 1, 30]] },
  { server: 'd', id: 4, objects: [] },
]);
const NS = 1e6;

/** Rows as text: servers, and streams with the begins of their objects in ms. */
function shown(lanes: Lanes): string[] {
  return Array.from({ length: lanes.rowCount }, (_, row) => {
    if (lanes.streamOfRow[row]! < 0) return lanes.label(row).text;
    const begins = (lane: number) =>
      Array.from(lanes.startNs.subarray(lanes.laneStart[lane], lanes.laneStart[lane + 1]), (ns) => ns / NS).join(',');
    return ` ${lanes.label(row).stream} ▲${begins(2 * row)} ▼${begins(2 * row + 1)}`;
  });
}

test.each([
  ['everything', null, ['b', ' 3 ▲ ▼0', 'a', ' 2 ▲ ▼1', ' 7 ▲5,9 ▼6', 'c', ' 90000 ▲2,4 ▼']],
  ['some objects', [1, 2, 4], ['c', ' 90000 ▲2 ▼', 'a', ' 2 ▲ ▼1', ' 7 ▲5 ▼']],
  ['nothing', [], []],
])('rows of %s', (_, selected, rows) => {
  expect(shown(lanesOf(TABLES, selected && Uint32Array.from(selected)))).toEqual(rows);
});

test('the label of a server tells its application', () => {
  const tables = sampleTables([{ server: 'a', id: 1, objects: [['up', 0, 1, 10]] }, { server: 'b', id: 2, objects: [['up', 0, 1, 5]] }]);
  tables.applications.push('mail');
  tables.streams.application[0] = 1;
  const lanes = lanesOf(tables, null);
  expect([0, 1, 2, 3].map((row) => lanes.label(row).application)).toEqual(['mail', 'mail', '', '']);
});

test('rows of streams without selected objects are -1', () => {
  expect([...lanesOf(TABLES, Uint32Array.of(0)).rowOfStream]).toEqual([-1, 1, -1, -1, -1]);
});

test('each object is found at its position, in the lane of its stream and direction', () => {
  const tables = manyObjects(3000, 40, 5);
  for (const selected of [null, Uint32Array.from({ length: 1000 }, (_, n) => 3 * n)]) {
    const lanes = lanesOf(tables, selected);
    for (let object = 0; object < tables.objects.count; object++) {
      const at = lanes.position(object);
      expect(at >= 0).toBe(selected === null || object % 3 === 0);
      if (at < 0) continue;
      const lane = 2 * lanes.rowOfStream[tables.objects.stream[object]!]! + (tables.objects.flags[object]! & 1);
      expect([lanes.object[at], laneAt(lanes, at)]).toEqual([object, lane]);
    }
  }
});

const VIEW: TimelineView = {
  fromNs: 0, toNs: 10 * NS, widthPx: 10, heightPx: 40, rowPx: 10, firstRow: 0, upColour: 0, downColour: 0, chosenObject: -1,
  chosenColour: 0,
};

test.each([
  ['from the top', {}, ['0 b', '1 :50001 → :443/tcp', '2 a', '3 :50002 → :443/tcp']],
  ['below a server', { firstRow: 3.5, heightPx: 10 }, ['2 a', '3 :50002 → :443/tcp', '4 :50000 → :443/tcp']],
  ['low rows', { rowPx: 5 }, ['0 b', '2 a', '5 c']],
  ['very low rows', { rowPx: 3 }, ['0 b', '5 c']],
  ['beyond the end', { firstRow: 30 }, []],
])('labels %s', (_, part, labels) => {
  expect(labelsOf(lanesOf(TABLES, null), { ...VIEW, ...part }).map(({ row, text }) => `${row} ${text}`)).toEqual(labels);
});
