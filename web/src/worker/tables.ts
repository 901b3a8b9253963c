/**
 * The records of an analysis as columns.
 *
 * In: batches of columns from the analyzer, in the order of emission. Out: columns that grow. Guaranteed: a row never
 * changes once it is there, but for the name of a stream, and row n is the n-th record that the analyzer emitted of its kind, so that rows name records
 * in exports. Columns are longer than `count`; what lies beyond means nothing.
 */

import type { Direction, EndReason, NameSource } from '../protocol';

/** By their numbers in `flags` and `endReason`. */
export const END_REASONS = [
  'reply', 'idle', 'push', 'record', 'request', 'gap', 'closed', 'capture_end', 'evicted',
] as const satisfies readonly EndReason[];

/** By their numbers in `nameSource`. */
export const NAME_SOURCES = [
  'none', 'tls_sni', 'quic_sni', 'http_host', 'dns', 'reverse_dns',
] as const satisfies readonly NameSource[];

/** Bit 0 of `flags`. */
export const DOWN = 1;
/** Bit 1 of `flags`. */
export const MULTIPLEXED = 2;
/** The end reason stands in the bits above. */
export const END_REASON_SHIFT = 2;

export const directionOf = (flags: number): Direction => ((flags & DOWN) === 0 ? 'up' : 'down');
export const endReasonOf = (flags: number): EndReason => END_REASONS[flags >> END_REASON_SHIFT] ?? 'capture_end';

/** Exchanged objects. */
export interface ObjectTable {
  count: number;
  /** Row in `StreamTable`. */
  stream: Uint32Array;
  /** `DOWN`, `MULTIPLEXED` and the end reason. */
  flags: Uint8Array;
  /** From the first packet of the capture; may be negative where clocks step back. */
  startNs: Float64Array;
  durationNs: Float64Array;
  payloadBytes: Float64Array;
  retransmittedBytes: Float64Array;
  packets: Uint32Array;
  /** NaN for the first of its direction. */
  gapBeforeNs: Float64Array;
  /** Number in its stream and direction. */
  index: Uint32Array;
}

/** Streams, in the order in which they were first heard of. */
export interface StreamTable {
  count: number;
  /** Ordinal of the stream's first packet. */
  id: Float64Array;
  /** 0 TCP, 1 UDP. */
  transport: Uint8Array;
  /** Numbers in `hosts`. A server is its name, where it has one. */
  client: Uint32Array;
  clientPort: Uint16Array;
  server: Uint32Array;
  serverAddress: Uint32Array;
  /** Numbers in `applications`. */
  application: Uint16Array;
  serverPort: Uint16Array;
}

/** What is known of streams that ended, in the order of their ends. */
export interface StreamEndTable {
  count: number;
  /** Row in `StreamTable`. */
  stream: Uint32Array;
  startNs: Float64Array;
  durationNs: Float64Array;
  endReason: Uint8Array;
  /** Number in `NAME_SOURCES`. */
  nameSource: Uint8Array;
  /** NaN where it was not seen. */
  clientRttNs: Float64Array;
  serverRttNs: Float64Array;
  objectsUp: Uint32Array;
  objectsDown: Uint32Array;
  payloadBytesUp: Float64Array;
  payloadBytesDown: Float64Array;
  packets: Float64Array;
}

/** Payload of one stream and direction in 100 ms. */
export interface BinTable {
  count: number;
  stream: Uint32Array;
  /** `DOWN` or 0. */
  flags: Uint8Array;
  startNs: Float64Array;
  payloadBytes: Float64Array;
}

export interface Tables {
  objects: ObjectTable;
  streams: StreamTable;
  streamEnds: StreamEndTable;
  bins: BinTable;
  /** Names of servers, and addresses, as text. */
  hosts: string[];
  /** The first is empty: no application is known. */
  applications: string[];
}

/** Length of a bin. */
export const BIN_NS = 100_000_000;

/** Anything with a `count` and columns of equal length. */
type Table = ObjectTable | StreamTable | StreamEndTable | BinTable;
type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const COLUMNS = {
  objects: {
    stream: Uint32Array, flags: Uint8Array, startNs: Float64Array, durationNs: Float64Array, payloadBytes: Float64Array,
    retransmittedBytes: Float64Array, packets: Uint32Array, gapBeforeNs: Float64Array, index: Uint32Array,
  },
  streams: {
    id: Float64Array, transport: Uint8Array, client: Uint32Array, clientPort: Uint16Array, server: Uint32Array,
    serverPort: Uint16Array, serverAddress: Uint32Array, application: Uint16Array,
  },
  streamEnds: {
    stream: Uint32Array, startNs: Float64Array, durationNs: Float64Array, endReason: Uint8Array, nameSource: Uint8Array, clientRttNs: Float64Array,
    serverRttNs: Float64Array, objectsUp: Uint32Array, objectsDown: Uint32Array, payloadBytesUp: Float64Array,
    payloadBytesDown: Float64Array, packets: Float64Array,
  },
  bins: { stream: Uint32Array, flags: Uint8Array, startNs: Float64Array, payloadBytes: Float64Array },
} as const;

const FIRST_ROWS = 1024;

const emptyTable = (columns: Readonly<Record<string, new (length: number) => Column>>): unknown => ({
  count: 0,
  ...Object.fromEntries(Object.entries(columns).map(([name, Kind]) => [name, new Kind(FIRST_ROWS)])),
});

/** Tables without rows. */
export const emptyTables = (): Tables => ({
  objects: emptyTable(COLUMNS.objects) as ObjectTable,
  streams: emptyTable(COLUMNS.streams) as StreamTable,
  streamEnds: emptyTable(COLUMNS.streamEnds) as StreamEndTable,
  bins: emptyTable(COLUMNS.bins) as BinTable,
  hosts: [],
  applications: [''],
});

/** Appends a batch: columns of the same names, each of the batch's length. */
export const append = <T extends Table>(table: T, batch: Omit<T, 'count'>): void => {
  const columns = table as unknown as Record<string, Column>;
  const added = Object.entries(batch) as [string, Column][];
  const more = added[0]?.[1].length ?? 0;
  for (const [name, values] of added) {
    const column = columns[name];
    if (column === undefined) {
      continue;
    }
    if (table.count + more > column.length) {
      // Half as much again: doubling would hold three times the rows for a moment.
      const longer = Math.max(table.count + more, Math.ceil(column.length * 1.5));
      const room = new (column.constructor as new (length: number) => Column)(longer);
      room.set(column.subarray(0, table.count));
      columns[name] = room;
    }
    columns[name]?.set(values, table.count);
  }
  table.count += more;
};
