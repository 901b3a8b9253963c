/** What each filter lets through, against the same said naively. */

import { describe, expect, test } from 'vitest';
import type { EndReason, Filter } from '../protocol';
import { bitsOf, countOf, forEachRow, select } from './selection';
import { END_REASONS, END_REASON_SHIFT, append, type Tables } from './tables';
import { sampleTables } from './timeline/sample';

const MS = 1e6;

/** Three streams of two servers: 443/tcp, 53/udp, 8443/tcp; objects end by different reasons; a bin for each object. */
function tables(): Tables {
  const tables = sampleTables([
    { server: 'a', id: 10, objects: [['up', 0, 50, 10], ['down', 60, 100, 1000], ['up', 500, 0, 20]] },
    { server: 'b', id: 20, objects: [['up', 100, 10, 30], ['down', 150, 300, 5000]] },
    { server: 'a', id: 30, objects: [['down', 900, 50, 70]] },
  ]);
  const { streams, objects, bins, streamEnds } = tables;
  streams.transport[1] = 1;
  streams.serverPort.set([443, 53, 8443]);
  for (let row = 0; row < objects.count; row++) objects.flags[row]! |= (row % 3) << END_REASON_SHIFT;
  const rows = Array.from({ length: objects.count }, (_, row) => row);
  append(bins, {
    stream: Uint32Array.from(rows, (row) => objects.stream[row]!),
    flags: Uint8Array.from(rows, (row) => objects.flags[row]! & 1),
    startNs: Float64Array.from(rows, (row) => Math.floor(objects.startNs[row]! / 1e8) * 1e8),
    payloadBytes: Float64Array.from(rows, (row) => objects.payloadBytes[row]!),
  });
  const none = { endReason: 0, clientRttNs: NaN, serverRttNs: NaN, objectsUp: 0, objectsDown: 0, payloadBytesUp: 0, payloadBytesDown: 0, packets: 1 };
  const columns = Object.fromEntries(Object.entries(none).map(([name, value]) => [name, Float64Array.of(value, value, value)]));
  append(streamEnds, {
    ...columns, stream: Uint32Array.of(0, 1, 2), startNs: Float64Array.of(0, 100 * MS, 900 * MS), durationNs: Float64Array.of(500 * MS, 350 * MS, 50 * MS),
  } as unknown as Parameters<typeof append<Tables['streamEnds']>>[1]);
  return tables;
}

const TABLES = tables();
const { objects, streams, streamEnds, bins, hosts } = TABLES;
const all = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

const passes = (filter: Filter, stream: number): boolean =>
  (filter.servers?.includes(hosts[streams.server[stream]!]!) ?? true) &&
  (filter.transport === undefined || filter.transport === (streams.transport[stream] === 1 ? 'udp' : 'tcp')) &&
  (filter.serverPorts?.includes(streams.serverPort[stream]!) ?? true) && (filter.streams?.includes(streams.id[stream]!) ?? true);
const overlaps = ({ timeNs }: Filter, startNs: number, durationNs: number): boolean =>
  timeNs === undefined || (startNs < timeNs[1] && startNs + durationNs >= timeNs[0]);
const isOf = ({ direction }: Filter, flags: number): boolean => direction === undefined || direction === ((flags & 1) === 1 ? 'down' : 'up');

const FILTERS: readonly Filter[] = [
  {},
  { direction: 'up' },
  { direction: 'down', transport: 'tcp' },
  { transport: 'udp' },
  { servers: ['a'] },
  { servers: ['a', 'b'], serverPorts: [8443, 53] },
  { servers: ['nobody'] },
  { servers: [] },
  { streams: [10, 30] },
  { streams: [1] },
  { serverPorts: [443] },
  { endReasons: ['reply'] },
  { endReasons: ['idle', 'push'], direction: 'down' },
  { endReasons: [] },
  { timeNs: [0, 60 * MS] },
  { timeNs: [60 * MS, 60 * MS + 1] },
  { timeNs: [160 * MS, 160 * MS + 1] },
  { timeNs: [160 * MS + 1, 400 * MS], servers: ['a'] },
  { timeNs: [500 * MS, 500 * MS + 1] },
  { timeNs: [2000 * MS, 3000 * MS] },
];

describe.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))('%s', (_, filter) => {
  const selection = select(TABLES, filter);
  const rowsOf = (rows: Uint32Array | null, count: number): number[] => (rows === null ? all(count) : [...rows]);

  test('objects', () => {
    const reasons = filter.endReasons?.map((reason: EndReason) => END_REASONS.indexOf(reason));
    const expected = all(objects.count).filter((row) =>
      passes(filter, objects.stream[row]!) && isOf(filter, objects.flags[row]!) &&
      (reasons?.includes(objects.flags[row]! >> END_REASON_SHIFT) ?? true) && overlaps(filter, objects.startNs[row]!, objects.durationNs[row]!));
    expect(rowsOf(selection.objects, objects.count)).toEqual(expected);
  });

  test('streams', () => {
    const expected = all(streamEnds.count).filter((row) =>
      passes(filter, streamEnds.stream[row]!) && overlaps(filter, streamEnds.startNs[row]!, streamEnds.durationNs[row]!));
    expect(rowsOf(selection.streams, streamEnds.count)).toEqual(expected);
  });

  test('bins, of all time and of the time', () => {
    const ofAllTime = all(bins.count).filter((row) => passes(filter, bins.stream[row]!) && isOf(filter, bins.flags[row]!));
    expect(all(bins.count).filter(selection.binsOfAllTime)).toEqual(ofAllTime);
    const [from, to] = filter.timeNs ?? [-Infinity, Infinity];
    const expected = ofAllTime.filter((row) => bins.startNs[row]! < to && bins.startNs[row]! + 100 * MS > from);
    expect(all(bins.count).filter(selection.bins)).toEqual(expected);
  });
});

test('all is a selection without a list', () => {
  expect(select(TABLES, {})).toMatchObject({ objects: null, streams: null });
  expect(countOf(null, 7)).toBe(7);
  expect(countOf(Uint32Array.of(1, 2), 7)).toBe(2);
  expect(bitsOf(null, 7)).toBeNull();
});

test('bits name the rows', () => {
  const rows = Uint32Array.of(0, 3, 7, 8, 17);
  const bits = bitsOf(rows, 18)!;
  expect(bits.length).toBe(3);
  expect(all(24).filter((row) => ((bits[row >> 3]! >> (row & 7)) & 1) === 1)).toEqual([...rows]);
  const seen: number[] = [];
  forEachRow(rows, 18, (row) => seen.push(row));
  forEachRow(null, 3, (row) => seen.push(row));
  expect(seen).toEqual([...rows, 0, 1, 2]);
});
