/** Sums that must be the same wherever they are told, and where figures come from. */

import { expect, test } from 'vitest';
import { overviewOf } from './overview';
import { select } from './selection';
import { serverRows } from './servers';
import { DOWN, append, type Tables } from './tables';
import { manyObjects, sampleTables } from './timeline/sample';

const everything = (tables: Tables) => ({
  allServers: serverRows(tables, null), allApplications: serverRows(tables, null, 'application'),
});

const NS = 1e6;

/** 5 000 objects with a bin for each tenth of a second of each, in which the payload is. */
function withBins(): Tables {
  const tables = manyObjects(5000, 60, 9);
  const { objects, bins } = tables;
  const rows = Array.from({ length: objects.count }, (_, row) => row);
  append(bins, {
    stream: objects.stream.slice(0, objects.count),
    flags: Uint8Array.from(rows, (row) => objects.flags[row]! & 1),
    startNs: Float64Array.from(rows, (row) => Math.floor(objects.startNs[row]! / 1e8) * 1e8 - 3e7),
    payloadBytes: Float64Array.from(rows, (row) => objects.payloadBytes[row]!),
  });
  return tables;
}

const TABLES = withBins();
const SPAN_NS = 1e12;
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const overview = (filter: Parameters<typeof select>[1]) =>
  overviewOf({ tables: TABLES, filter, selection: select(TABLES, filter), spanNs: SPAN_NS, packetGaps: null, ...everything(TABLES), options: {}, revision: 1 });

test.each([
  {}, { direction: 'up' }, { transport: 'udp' }, { servers: [TABLES.hosts[1]!, TABLES.hosts[3]!], direction: 'down' }, { servers: ['nobody'] },
] as const)('of %j every sum is the same', (filter) => {
  const { selected, strip, throughput, servers, figures, endReasons, all, serverCount } = overview(filter);
  const payload = selected.payloadBytes;
  expect(sum([...strip.upBytes, ...strip.downBytes])).toBe(payload);
  expect(sum([...throughput.upBytes, ...throughput.downBytes])).toBe(payload);
  expect(sum(servers.map(({ up, down }) => up.payloadBytes + down.payloadBytes))).toBe(payload);
  expect(sum(servers.map(({ up, down }) => up.objects + down.objects))).toBe(selected.objects);
  expect(sum(endReasons.map(({ up, down }) => up + down))).toBe(selected.objects);
  expect((figures.size.up?.n ?? 0) + (figures.size.down?.n ?? 0)).toBe(selected.objects);
  expect(serverCount).toBe(servers.length);
  expect(all).toEqual({ objects: 5000, streams: 60, payloadBytes: sum(TABLES.objects.payloadBytes.subarray(0, 5000)) });
  expect(strip.upBytes.length).toBeLessThanOrEqual(1201);
  expect(strip.startNs + strip.stepNs * strip.upBytes.length).toBeGreaterThan(SPAN_NS);
});

test('a time: the strip stays whole, the throughput is that of the time', () => {
  const timeNs = [100e9, 160e9] as const;
  const { strip, throughput } = overview({ timeNs });
  expect(sum([...strip.upBytes, ...strip.downBytes])).toBe(overview({}).selected.payloadBytes);
  const { bins } = TABLES;
  const rows = Array.from({ length: bins.count }, (_, row) => row);
  const within = rows.filter((row) => bins.startNs[row]! + 1e8 > timeNs[0] && bins.startNs[row]! < timeNs[1]);
  expect(sum([...throughput.upBytes, ...throughput.downBytes])).toBe(sum(within.map((row) => bins.payloadBytes[row]!)));
  expect(throughput).toMatchObject({ startNs: timeNs[0], stepNs: 1e8 });
});

test('bins stand in the step of their time, and a bin before the first packet in the first', () => {
  const tables = sampleTables([{ server: 'a', objects: [['up', 0, 1, 10]] }]);
  append(tables.bins, {
    stream: new Uint32Array(4), flags: Uint8Array.of(0, 0, DOWN, DOWN), startNs: Float64Array.of(-30 * NS, 70 * NS, 170 * NS, 970 * NS),
    payloadBytes: Float64Array.of(1, 2, 4, 8),
  });
  const { strip } = overviewOf({
    tables, filter: {}, selection: select(tables, {}), spanNs: 1000 * NS, packetGaps: null, ...everything(tables), options: {}, revision: 1,
  });
  expect(strip.stepNs).toBe(100 * NS);
  expect([...strip.upBytes]).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...strip.downBytes]).toEqual([0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 0]);
});

test('inter-arrivals and rates', () => {
  const tables = sampleTables([
    { server: 'a', objects: [['up', 0, 8, 1000], ['up', 10, 0, 5], ['down', 11, 4, 500], ['up', 25, 1, 5]] },
    { server: 'a', objects: [['up', 5, 1, 5]] },
  ]);
  const subject = { tables, filter: {}, selection: select(tables, {}), spanNs: 26 * NS, packetGaps: null, ...everything(tables), options: {}, revision: 1 };
  const { interArrival, rate } = overviewOf(subject).figures;
  expect([...interArrival.up!.values]).toEqual([10 * NS, 15 * NS]);
  expect(interArrival.down).toBeNull();
  // 1000 bytes in 8 ms, and 5 in 1 ms, twice.
  expect([...rate.up!.values]).toEqual([40_000, 40_000, 1_000_000]);
});

test('gaps between packets follow direction and transport', () => {
  const counts = [[[1, 0, 2], [0, 4, 0]], [[8, 0, 0], [0, 0, 16]]];
  const packetGaps = { values: Float64Array.of(1, 10, 100), counts: (direction: number, transport: number) => Uint32Array.from(counts[direction]![transport]!) };
  const n = (filter: Parameters<typeof select>[1]): (number | undefined)[] => {
    const { up, down } = overviewOf({ tables: TABLES, filter, selection: select(TABLES, filter), spanNs: SPAN_NS, packetGaps, ...everything(TABLES), options: {}, revision: 1 }).packetGaps;
    return [up?.n, down?.n];
  };
  expect(n({})).toEqual([7, 24]);
  expect(n({ direction: 'up' })).toEqual([7, undefined]);
  expect(n({ transport: 'udp' })).toEqual([4, 16]);
  expect(n({ direction: 'down', transport: 'tcp' })).toEqual([undefined, 8]);
});
