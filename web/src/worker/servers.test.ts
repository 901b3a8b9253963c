/** Servers with their objects. */

import { expect, test } from 'vitest';
import { serverRows } from './servers';
import { sampleTables } from './timeline/sample';

const NS = 1e6;

test('each server has its objects, directions apart', () => {
  const tables = sampleTables([
    { server: 'b', objects: [['up', 0, 1, 10], ['down', 1, 4, 500], ['down', 9, 2, 700]] },
    { server: 'a', objects: [['up', 3, 0, 1210]] },
    { server: 'b', objects: [['up', 20, 3, 30]] },
    { server: 'silent', objects: [] },
  ]);
  tables.streams.serverPort.set([443, 53, 80]);
  tables.streams.transport[1] = 1;
  tables.objects.gapBeforeNs[3] = 5 * NS;
  const { rows, ports } = serverRows(tables, null);
  const none = { objects: 0, payloadBytes: 0, sizeP50: NaN, sizeP95: NaN, durationNsP50: NaN, gapNsP50: NaN };
  expect(rows).toEqual([
    {
      name: 'b', application: '', services: ['80/tcp', '443/tcp'], streams: 2,
      up: { objects: 2, payloadBytes: 40, sizeP50: 10, sizeP95: 30, durationNsP50: NS, gapNsP50: NaN },
      down: { objects: 2, payloadBytes: 1200, sizeP50: 500, sizeP95: 700, durationNsP50: 2 * NS, gapNsP50: 5 * NS },
    },
    { name: 'a', application: '', services: ['53/udp'], streams: 1, up: { ...none, objects: 1, payloadBytes: 1210, sizeP50: 1210, sizeP95: 1210, durationNsP50: 0 }, down: none },
  ]);
  expect(ports).toEqual([53, 443, 80]);
  // Only the rows that are given; by order of the begins: b up, b down, a, b down, b up.
  expect(serverRows(tables, Uint32Array.of(2)).rows.map(({ name }) => name)).toEqual(['a']);
  expect(serverRows(tables, new Uint32Array())).toEqual({ rows: [], ports: [] });
});

test('equal payload is ordered by name', () => {
  const one = (server: string) => ({ server, objects: [['up', 0, 0, 5]] as const });
  expect(serverRows(sampleTables(['c', 'a', 'b'].map(one)), null).rows.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});
