/**
 * Rows of the tables of objects and streams: what each shows, and in which order.
 *
 * In: tables, selected rows and a column to sort by. Out: details of single rows, and permutations. Guaranteed: the order
 * is total, because equal values are ordered by row; rows without a value come last in either direction.
 */

import type { ObjectColumn, ObjectDetail, Sort, StreamColumn, StreamDetail, Transport } from '../protocol';
import { countOf, type Rows } from './selection';
import { DOWN, END_REASONS, END_REASON_SHIFT, MULTIPLEXED, NAME_SOURCES, directionOf, endReasonOf, type Tables } from './tables';

const NS_PER_SECOND = 1e9;

interface Ends {
  readonly transport: Transport;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly serverAddress: string;
  readonly application: string;
}

const endsOf = ({ streams, hosts, applications }: Tables, stream: number): Ends => ({
  transport: streams.transport[stream] === 1 ? 'udp' : 'tcp',
  client: hosts[streams.client[stream] ?? 0] ?? '',
  clientPort: streams.clientPort[stream] ?? 0,
  server: hosts[streams.server[stream] ?? 0] ?? '',
  serverPort: streams.serverPort[stream] ?? 0,
  serverAddress: hosts[streams.serverAddress[stream] ?? 0] ?? '',
  application: applications[streams.application[stream] ?? 0] ?? '',
});

const rateBps = ({ objects }: Tables, row: number): number => {
  const durationNs = objects.durationNs[row] ?? 0;
  return durationNs > 0 ? ((objects.payloadBytes[row] ?? 0) * 8 * NS_PER_SECOND) / durationNs : NaN;
};

/** Everything that is shown of an object. */
export const objectDetail = (tables: Tables, row: number): ObjectDetail => {
  const { objects, streams } = tables;
  const stream = objects.stream[row] ?? 0;
  const flags = objects.flags[row] ?? 0;
  return {
    row,
    stream: streams.id[stream] ?? 0,
    index: objects.index[row] ?? 0,
    direction: directionOf(flags),
    ...endsOf(tables, stream),
    startNs: objects.startNs[row] ?? 0,
    durationNs: objects.durationNs[row] ?? 0,
    payloadBytes: objects.payloadBytes[row] ?? 0,
    retransmittedBytes: objects.retransmittedBytes[row] ?? 0,
    packets: objects.packets[row] ?? 0,
    rateBps: rateBps(tables, row),
    gapBeforeNs: objects.gapBeforeNs[row] ?? NaN,
    endReason: endReasonOf(flags),
    multiplexed: (flags & MULTIPLEXED) !== 0,
  };
};

/** Everything that is shown of a stream; `row` is one of `streamEnds`. */
export const streamDetail = (tables: Tables, row: number): StreamDetail => {
  const { streamEnds: ends, streams } = tables;
  const stream = ends.stream[row] ?? 0;
  return {
    row,
    id: streams.id[stream] ?? 0,
    ...endsOf(tables, stream),
    startNs: ends.startNs[row] ?? 0,
    durationNs: ends.durationNs[row] ?? 0,
    endReason: END_REASONS[ends.endReason[row] ?? 0] ?? 'capture_end',
    nameSource: NAME_SOURCES[ends.nameSource[row] ?? 0] ?? 'none',
    clientRttNs: ends.clientRttNs[row] ?? NaN,
    serverRttNs: ends.serverRttNs[row] ?? NaN,
    objectsUp: ends.objectsUp[row] ?? 0,
    objectsDown: ends.objectsDown[row] ?? 0,
    payloadBytesUp: ends.payloadBytesUp[row] ?? 0,
    payloadBytesDown: ends.payloadBytesDown[row] ?? 0,
    packets: ends.packets[row] ?? 0,
  };
};

/** Places of texts in their order. */
const ranksOf = (hosts: readonly string[]): Uint32Array => {
  const order = hosts.map((_, number) => number).sort((a, b) => ((hosts[a] ?? '') < (hosts[b] ?? '') ? -1 : 1));
  const ranks = new Uint32Array(hosts.length);
  for (const [rank, number] of order.entries()) {
    ranks[number] = rank;
  }
  return ranks;
};

/** No application is the first text of all, and no source of a name the first number; both come last. */
const known = (rank = 0): number => (rank === 0 ? NaN : rank);

/** What a column of objects is sorted by. */
const objectKey = (tables: Tables, column: ObjectColumn): ((row: number) => number) => {
  const { objects, streams, hosts, applications } = tables;
  switch (column) {
    case 'rateBps':
      return (row) => rateBps(tables, row);
    case 'server': {
      const ranks = ranksOf(hosts);
      return (row) => ranks[streams.server[objects.stream[row] ?? 0] ?? 0] ?? 0;
    }
    case 'application': {
      const ranks = ranksOf(applications);
      return (row) => known(ranks[streams.application[objects.stream[row] ?? 0] ?? 0]);
    }
    case 'stream':
      return (row) => streams.id[objects.stream[row] ?? 0] ?? 0;
    case 'direction':
      return (row) => (objects.flags[row] ?? 0) & DOWN;
    case 'endReason':
      return (row) => (objects.flags[row] ?? 0) >> END_REASON_SHIFT;
    default: {
      const values = objects[column];
      return (row) => values[row] ?? NaN;
    }
  }
};

const streamKey = (tables: Tables, column: StreamColumn): ((row: number) => number) => {
  const { streamEnds, streams, hosts, applications } = tables;
  switch (column) {
    case 'id':
      return (row) => streams.id[streamEnds.stream[row] ?? 0] ?? 0;
    case 'server': {
      const ranks = ranksOf(hosts);
      return (row) => ranks[streams.server[streamEnds.stream[row] ?? 0] ?? 0] ?? 0;
    }
    case 'application': {
      const ranks = ranksOf(applications);
      return (row) => known(ranks[streams.application[streamEnds.stream[row] ?? 0] ?? 0]);
    }
    case 'nameSource':
      return (row) => known(streamEnds.nameSource[row]);
    default: {
      const values = streamEnds[column];
      return (row) => values[row] ?? NaN;
    }
  }
};

const order = (rows: Rows, all: number, key: (row: number) => number, descending: boolean): Uint32Array => {
  const sorted = rows === null ? Uint32Array.from({ length: all }, (_, row) => row) : rows.slice();
  const keys = new Float64Array(all);
  for (const row of sorted) {
    const value = key(row);
    keys[row] = Number.isNaN(value) ? Infinity : descending ? -value : value;
  }
  // Infinities of both are equal, and their difference is no number.
  return sorted.sort((a, b) => {
    const x = keys[a] ?? 0;
    const y = keys[b] ?? 0;
    return x < y ? -1 : x > y ? 1 : a - b;
  });
};

/** Selected objects in the order of a column. */
export const objectOrder = (tables: Tables, rows: Rows, sort: Sort<ObjectColumn>): Uint32Array =>
  order(rows, tables.objects.count, objectKey(tables, sort.column), sort.descending);

/** Selected streams in the order of a column. */
export const streamOrder = (tables: Tables, rows: Rows, sort: Sort<StreamColumn>): Uint32Array =>
  order(rows, tables.streamEnds.count, streamKey(tables, sort.column), sort.descending);

/** How many rows a selection has. */
export const selectedObjects = (tables: Tables, rows: Rows): number => countOf(rows, tables.objects.count);
