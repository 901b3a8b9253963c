/**
 * What a filter lets through.
 *
 * In: tables and a filter. Out: rows of objects, streams and bins. Guaranteed: rows ascend; the filter of time is about
 * overlap for objects and streams, and about the begin for bins, which are short.
 */

import type { Direction, Filter } from '../protocol';
import { BIN_NS, DOWN, END_REASONS, END_REASON_SHIFT, type Tables } from './tables';

/** Ascending rows; null stands for all, which needs no list. */
export type Rows = Uint32Array | null;

export interface Selection {
  readonly objects: Rows;
  /** Rows of `streamEnds`. */
  readonly streams: Rows;
  /** The objects of all times, for the strip over the timeline. */
  readonly bins: (row: number) => boolean;
  readonly binsOfAllTime: (row: number) => boolean;
}

/** How many rows there are. */
export const countOf = (rows: Rows, all: number): number => rows?.length ?? all;

/** Calls with every row. */
export const forEachRow = (rows: Rows, all: number, each: (row: number) => void): void => {
  if (rows === null) {
    for (let row = 0; row < all; row++) {
      each(row);
    }
  } else {
    for (const row of rows) {
      each(row);
    }
  }
};

/** A bit for every row, as exports want it; null for all. */
export const bitsOf = (rows: Rows, all: number): Uint8Array | null => {
  if (rows === null) {
    return null;
  }
  const bits = new Uint8Array(Math.ceil(all / 8));
  for (const row of rows) {
    bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
};

/** Rows for which a test holds. */
const rowsWhere = (all: number, holds: (row: number) => boolean): Uint32Array => {
  const rows = new Uint32Array(all);
  let count = 0;
  for (let row = 0; row < all; row++) {
    if (holds(row)) {
      rows[count++] = row;
    }
  }
  // A copy, so that a short list does not hold the room of a long one.
  return rows.slice(0, count);
};

/** Which streams a filter lets through, as a byte each; null when it says nothing of streams. */
const streamMask = ({ streams, hosts, applications }: Tables, filter: Filter): Uint8Array | null => {
  if (
    filter.servers === undefined && filter.applications === undefined && filter.transport === undefined && filter.serverPorts === undefined &&
    filter.streams === undefined
  ) {
    return null;
  }
  const numbers = new Map(filter.servers === undefined ? [] : hosts.map((host, number) => [host, number]));
  const servers = filter.servers && new Set(filter.servers.map((address) => numbers.get(address) ?? -1));
  const apps = filter.applications && new Set(filter.applications.map((name) => applications.indexOf(name)));
  const ports = filter.serverPorts && new Set(filter.serverPorts);
  const ids = filter.streams && new Set(filter.streams);
  const transport = filter.transport && (filter.transport === 'udp' ? 1 : 0);
  const mask = new Uint8Array(streams.count);
  for (let row = 0; row < streams.count; row++) {
    const passes =
      (servers?.has(streams.server[row] ?? -1) ?? true) && (apps?.has(streams.application[row] ?? -1) ?? true) &&
      (ports?.has(streams.serverPort[row] ?? -1) ?? true) &&
      (ids?.has(streams.id[row] ?? -1) ?? true) && (transport === undefined || streams.transport[row] === transport);
    mask[row] = passes ? 1 : 0;
  }
  return mask;
};

const flagOf = (direction: Direction): number => (direction === 'down' ? DOWN : 0);

/** Applies a filter. */
export const select = (tables: Tables, filter: Filter): Selection => {
  const { objects, streamEnds, bins } = tables;
  const mask = streamMask(tables, filter);
  const passes = (stream: number | undefined): boolean => mask === null || mask[stream ?? 0] === 1;
  const [fromNs, toNs] = filter.timeNs ?? [-Infinity, Infinity];
  const flag = filter.direction && flagOf(filter.direction);
  const reasons = filter.endReasons && new Set(filter.endReasons.map((reason) => END_REASONS.indexOf(reason)));

  const isObject = (row: number): boolean => {
    const startNs = objects.startNs[row] ?? 0;
    const flags = objects.flags[row] ?? 0;
    return (
      startNs < toNs && startNs + (objects.durationNs[row] ?? 0) >= fromNs &&
      (flag === undefined || (flags & DOWN) === flag) &&
      (reasons === undefined || reasons.has(flags >> END_REASON_SHIFT)) && passes(objects.stream[row])
    );
  };
  const isStream = (row: number): boolean => {
    const startNs = streamEnds.startNs[row] ?? 0;
    return startNs < toNs && startNs + (streamEnds.durationNs[row] ?? 0) >= fromNs && passes(streamEnds.stream[row]);
  };
  const binsOfAllTime = (row: number): boolean =>
    (flag === undefined || bins.flags[row] === flag) && passes(bins.stream[row]);
  const isOfTime = (startNs: number): boolean => startNs < toNs && startNs + BIN_NS > fromNs;
  const isFree = mask === null && filter.timeNs === undefined;
  return {
    objects: isFree && flag === undefined && reasons === undefined ? null : rowsWhere(objects.count, isObject),
    streams: isFree ? null : rowsWhere(streamEnds.count, isStream),
    bins: (row) => isOfTime(bins.startNs[row] ?? 0) && binsOfAllTime(row),
    binsOfAllTime,
  };
};
