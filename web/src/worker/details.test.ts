/** The orders of the tables. */

import { expect, test } from 'vitest';
import type { ObjectColumn, StreamColumn } from '../protocol';
import { objectDetail, objectOrder, streamDetail, streamOrder } from './details';
import { END_REASON_SHIFT, MULTIPLEXED, append, type Tables } from './tables';
import { manyObjects, sampleTables } from './timeline/sample';

const TABLES = withEnds(manyObjects(400, 30, 5));

/** Ends of all streams but the last, in another order; each fifth without a handshake. */
function withEnds(tables: Tables): Tables {
  const { streams, streamEnds, objects } = tables;
  const order = Array.from({ length: streams.count - 1 }, (_, n) => (n * 7) % (streams.count - 1));
  const numbers = (of: (n: number) => number): Float64Array => Float64Array.from(order, (_, n) => of(n));
  append(streamEnds, {
    stream: Uint32Array.from(order), startNs: numbers((n) => (n % 4) * 1e9), durationNs: numbers((n) => (n * 13) % 11),
    nameSource: Uint8Array.from(order, (_, n) => n % 5), endReason: Uint8Array.from(order, (_, n) => n % 9),
    clientRttNs: numbers(() => NaN), serverRttNs: numbers((n) => (n % 5 === 0 ? NaN : (n * 3) % 8)),
    objectsUp: Uint32Array.from(order, (_, n) => n % 3), objectsDown: Uint32Array.from(order, (_, n) => (n * 5) % 7),
    payloadBytesUp: numbers((n) => n % 6), payloadBytesDown: numbers((n) => (n * 11) % 10), packets: numbers((n) => n % 2),
  });
  for (let row = 0; row < objects.count; row++) {
    objects.gapBeforeNs[row] = row % 3 === 0 ? NaN : (row * 31) % 50;
    objects.flags[row]! |= (row % 9) << END_REASON_SHIFT;
  }
  return tables;
}

const OBJECT_COLUMNS: readonly ObjectColumn[] = [
  'startNs', 'durationNs', 'payloadBytes', 'rateBps', 'gapBeforeNs', 'packets', 'server', 'stream', 'direction', 'retransmittedBytes',
];
const STREAM_COLUMNS: readonly StreamColumn[] = [
  'id', 'startNs', 'durationNs', 'server', 'objectsUp', 'objectsDown', 'payloadBytesUp', 'payloadBytesDown', 'serverRttNs', 'packets',
];

/** Adjacent rows are in the order that is asked for, equal ones by row, and those without a value last. */
function expectOrder(rows: Uint32Array, value: (row: number) => number | string, descending: boolean): void {
  for (let at = 1; at < rows.length; at++) {
    const [a, b] = [value(rows[at - 1]!), value(rows[at]!)];
    const [aIsNone, bIsNone] = [Number.isNaN(a), Number.isNaN(b)];
    if (aIsNone || bIsNone) {
      expect(bIsNone && (!aIsNone || rows[at - 1]! < rows[at]!), `at ${at}: ${a}, ${b}`).toBe(true);
    } else if (a === b) {
      expect(rows[at - 1]!).toBeLessThan(rows[at]!);
    } else {
      expect(a < b, `at ${at}: ${a}, ${b}`).toBe(!descending);
    }
  }
}

const WAYS = [false, true];

test.each(OBJECT_COLUMNS.flatMap((column) => WAYS.map((descending) => [column, descending] as const)))('objects by %s, descending: %s', (column, descending) => {
  const rows = objectOrder(TABLES, null, { column, descending });
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: TABLES.objects.count }, (_, row) => row));
  expectOrder(rows, (row) => objectDetail(TABLES, row)[column] === 'up' ? 0 : objectDetail(TABLES, row)[column] === 'down' ? 1 : objectDetail(TABLES, row)[column], descending);
  const some = Uint32Array.of(3, 14, 15, 92, 265, 358);
  const selected = objectOrder(TABLES, some, { column, descending });
  expect([...selected]).toEqual([...rows].filter((row) => some.includes(row)));
  expect([...some], 'the selection stays as it is').toEqual([3, 14, 15, 92, 265, 358]);
});

test.each(STREAM_COLUMNS.flatMap((column) => WAYS.map((descending) => [column, descending] as const)))('streams by %s, descending: %s', (column, descending) => {
  const rows = streamOrder(TABLES, null, { column, descending });
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: TABLES.streamEnds.count }, (_, row) => row));
  expectOrder(rows, (row) => streamDetail(TABLES, row)[column], descending);
});

test('streams by the source of their names: those without one come last', () => {
  for (const descending of WAYS) {
    const sources = [...streamOrder(TABLES, null, { column: 'nameSource', descending })].map((row) => streamDetail(TABLES, row).nameSource);
    const named = sources.slice(0, sources.indexOf('none'));
    expect(sources.slice(named.length).every((source) => source === 'none')).toBe(true);
    const order = ['tls_sni', 'quic_sni', 'http_host', 'dns'];
    expect([...new Set(named)]).toEqual(descending ? order.toReversed() : order);
  }
});

test('an object in full', () => {
  const tables = sampleTables([{ server: '192.0.2.1', id: 42, objects: [['up', 1, 0, 7], ['down', 2, 4, 500]] }]);
  tables.objects.flags[1]! |= MULTIPLEXED | (3 << END_REASON_SHIFT);
  const ends = { transport: 'tcp', client: '10.0.0.1', clientPort: 50_000, server: '192.0.2.1', serverPort: 443, stream: 42, serverAddress: '192.0.2.1', application: '' };
  expect(objectDetail(tables, 1)).toEqual({
    ...ends, row: 1, index: 0, direction: 'down', startNs: 2e6, durationNs: 4e6, payloadBytes: 500, retransmittedBytes: 0, packets: 1,
    rateBps: 1e6, gapBeforeNs: NaN, endReason: 'record', multiplexed: true,
  });
  expect(objectDetail(tables, 0)).toMatchObject({ ...ends, direction: 'up', rateBps: NaN, endReason: 'reply', multiplexed: false });
});
