/**
 * Tables for tests and measurements.
 *
 * In: servers with streams with objects, as tests write them, or how many there should be. Out: tables as the analyzer fills
 * them. Guaranteed: the same tables each time.
 */

import { append, DOWN, emptyTables, type Tables } from '../tables';

/** Begin, duration and bytes; times in ms. */
export type SampleObject = readonly [direction: 'up' | 'down', startMs: number, durationMs: number, bytes: number];

export interface SampleStream {
  readonly server: string;
  readonly objects: readonly SampleObject[];
  /** By default the place in the list. */
  readonly id?: number;
}

export function sampleTables(streams: readonly SampleStream[]): Tables {
  const tables = emptyTables();
  const hosts = tables.hosts;
  hosts.push('10.0.0.1');
  for (const { server } of streams) if (!hosts.includes(server)) hosts.push(server);
  append(tables.streams, {
    id: Float64Array.from(streams, ({ id }, n) => id ?? n),
    transport: new Uint8Array(streams.length),
    client: new Uint32Array(streams.length),
    clientPort: Uint16Array.from(streams, (_, n) => 50000 + n),
    server: Uint32Array.from(streams, ({ server }) => hosts.indexOf(server)),
    serverPort: new Uint16Array(streams.length).fill(443),
    serverAddress: Uint32Array.from(streams, ({ server }) => hosts.indexOf(server)),
    application: new Uint16Array(streams.length),
  });
  const rows = streams.flatMap(({ objects }, stream) => objects.map((object) => ({ stream, object })));
  rows.sort((one, other) => one.object[1] - other.object[1]);
  appendObjects(tables, rows.map(({ stream, object }) => [stream, ...object] as const));
  return tables;
}

/** `objects` objects of about `streams` streams of `servers` servers in 1000 s: bursts of short and long ones. */
export function manyObjects(objects: number, streams: number, servers: number): Tables {
  const tables = emptyTables();
  const random = numbers(1);
  for (let n = 0; n <= servers; n++) tables.hosts.push(`198.51.${n >> 8}.${n & 255}`);
  const server = Uint32Array.from({ length: streams }, () => 1 + Math.floor(servers * random() ** 2));
  append(tables.streams, {
    id: Float64Array.from({ length: streams }, (_, n) => n * 10),
    transport: Uint8Array.from({ length: streams }, (_, n) => n & 1),
    client: new Uint32Array(streams),
    clientPort: Uint16Array.from({ length: streams }, (_, n) => 40000 + (n % 20000)),
    server,
    serverPort: new Uint16Array(streams).fill(443),
    serverAddress: server,
    application: new Uint16Array(streams),
  });
  const readyMs = Float64Array.from({ length: streams }, (_, n) => (1e6 * 0.8 * n) / streams);
  const meanMs = (1e6 * 0.2 * streams) / Math.max(objects, 1);
  const rows: (readonly [number, ...SampleObject])[] = [];
  for (let n = 0; n < objects; n++) {
    const stream = n % streams;
    const isDown = random() < 0.5;
    const durationMs = random() < 0.2 ? 0 : meanMs * 0.4 * -Math.log(random() || 0.5);
    rows.push([stream, isDown ? 'down' : 'up', readyMs[stream]!, durationMs, Math.ceil(10 ** (2 + random() * (isDown ? 4 : 2)))]);
    readyMs[stream]! += durationMs + meanMs * 0.6 * -Math.log(random() || 0.5);
  }
  rows.sort((one, other) => one[2] - other[2]);
  appendObjects(tables, rows);
  return tables;
}

function appendObjects(tables: Tables, rows: readonly (readonly [stream: number, ...SampleObject])[]): void {
  append(tables.objects, {
    stream: Uint32Array.from(rows, ([stream]) => stream),
    flags: Uint8Array.from(rows, ([, direction]) => (direction === 'down' ? DOWN : 0)),
    startNs: Float64Array.from(rows, ([, , startMs]) => startMs * 1e6),
    durationNs: Float64Array.from(rows, ([, , , durationMs]) => durationMs * 1e6),
    payloadBytes: Float64Array.from(rows, ([, , , , bytes]) => bytes),
    retransmittedBytes: new Float64Array(rows.length),
    packets: new Uint32Array(rows.length).fill(1),
    gapBeforeNs: new Float64Array(rows.length).fill(NaN),
    index: new Uint32Array(rows.length),
  });
}

/** Numbers in [0, 1) that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
