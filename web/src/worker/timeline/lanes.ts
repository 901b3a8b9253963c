/**
 * The rows of the timeline, and the objects in the order of its lanes.
 *
 * In: the tables, and which objects are selected. Out: a row for each server that has any, by payload descending, and below
 * it a row for each of its streams, by begin; each row has two lanes, up and down; and the objects sorted by lane as columns
 * that drawing walks from front to back. Guaranteed: an object is in exactly one lane; rows added to the tables later are not
 * seen; a million objects and a million streams take well under 300 ms.
 */

import type { TimelineLabel } from '../../protocol';
import { DOWN, type Tables } from '../tables';

/** Objects of a lane are skipped in blocks of this many when none of them is in the time that is drawn. */
export const BLOCK = 512;

export interface Lanes {
  readonly rowCount: number;
  /** By row of `StreamTable`; -1 for streams without selected objects. */
  readonly rowOfStream: Int32Array;
  /** By row; -1 for servers. */
  readonly streamOfRow: Int32Array;
  /** Rows of servers, ascending; a server's streams reach to the next one's row. */
  readonly serverRows: Uint32Array;
  /** Payload of the selected objects of the servers in `serverRows`. */
  readonly serverBytes: Float64Array;
  /** Lane 2r is up, 2r + 1 is down; the lane's objects stand from here to the next lane's. Of length 2 · rowCount + 1. */
  readonly laneStart: Uint32Array;
  /** Rows of `ObjectTable`, ascending within a lane. */
  readonly object: Uint32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** New payload, at least one byte. */
  readonly bytes: Float32Array;
  /** 1 or 0, so that a walk over many lanes tells directions without looking for the lane. */
  readonly down: Uint8Array;
  /** Of each `BLOCK` objects. */
  readonly blockStartNs: Float64Array;
  readonly blockEndNs: Float64Array;
  /** Where an object stands in the columns above; -1 when it is not selected. */
  position(object: number): number;
  label(row: number): TimelineLabel;
}

/** `selected` holds rows of `ObjectTable`, ascending; null selects all. */
export function lanesOf(tables: Tables, selected: Uint32Array | null): Lanes {
  const { objects, streams, hosts, applications } = tables;
  const streamCount = streams.count;
  const count = selected === null ? objects.count : selected.length;
  const { stream, flags, payloadBytes } = objects;

  // How many objects each stream has, up and down, and what each server's weigh.
  const next = new Uint32Array(2 * streamCount);
  const bytesOfHost = new Float64Array(hosts.length);
  for (let n = 0; n < count; n++) {
    const row = selected === null ? n : selected[n]!;
    const itsStream = stream[row]!;
    next[2 * itsStream + (flags[row]! & DOWN)]!++;
    bytesOfHost[streams.server[itsStream]!]! += payloadBytes[row]!;
  }

  const streamsOfHost = new Uint32Array(hosts.length);
  let rowCount = 0;
  for (let s = 0; s < streamCount; s++) {
    if (next[2 * s]! + next[2 * s + 1]! > 0) {
      streamsOfHost[streams.server[s]!]!++;
      rowCount++;
    }
  }
  const servers = serversByPayload(streamsOfHost, bytesOfHost);
  rowCount += servers.length;

  const serverRows = new Uint32Array(servers.length);
  const nextRow = new Uint32Array(hosts.length);
  let row = 0;
  for (let n = 0; n < servers.length; n++) {
    serverRows[n] = row;
    nextRow[servers[n]!] = row + 1;
    row += 1 + streamsOfHost[servers[n]!]!;
  }

  const rowOfStream = new Int32Array(streamCount).fill(-1);
  const streamOfRow = new Int32Array(rowCount).fill(-1);
  const laneStart = new Uint32Array(2 * rowCount + 1);
  const order = orderById(streams.id, streamCount);
  for (let n = 0; n < streamCount; n++) {
    const s = order === null ? n : order[n]!;
    const up = next[2 * s]!;
    const down = next[2 * s + 1]!;
    if (up + down > 0) {
      const itsRow = nextRow[streams.server[s]!]!++;
      rowOfStream[s] = itsRow;
      streamOfRow[itsRow] = s;
      laneStart[2 * itsRow + 1] = up;
      laneStart[2 * itsRow + 2] = down;
    }
  }
  for (let lane = 0; lane < 2 * rowCount; lane++) laneStart[lane + 1]! += laneStart[lane]!;
  for (let s = 0; s < streamCount; s++) {
    const itsRow = rowOfStream[s]!;
    if (itsRow >= 0) {
      next[2 * s] = laneStart[2 * itsRow]!;
      next[2 * s + 1] = laneStart[2 * itsRow + 1]!;
    }
  }

  const object = new Uint32Array(count);
  const startNs = new Float64Array(count);
  const endNs = new Float64Array(count);
  const bytes = new Float32Array(count);
  const isDown = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const from = selected === null ? n : selected[n]!;
    const down = flags[from]! & DOWN;
    const to = next[2 * stream[from]! + down]!++;
    object[to] = from;
    startNs[to] = objects.startNs[from]!;
    endNs[to] = objects.startNs[from]! + objects.durationNs[from]!;
    bytes[to] = Math.max(payloadBytes[from]!, 1);
    isDown[to] = down;
  }

  return {
    rowCount, rowOfStream, streamOfRow, serverRows, laneStart, object, startNs, endNs, bytes, down: isDown,
    serverBytes: Float64Array.from(servers, (host) => bytesOfHost[host]!),
    blockStartNs: ofBlocks(startNs, Math.min, Infinity),
    blockEndNs: ofBlocks(endNs, Math.max, -Infinity),

    position(wanted) {
      const itsRow = rowOfStream[stream[wanted] ?? -1] ?? -1;
      if (itsRow < 0) return -1;
      const lane = 2 * itsRow + (flags[wanted]! & DOWN);
      const at = firstAtLeast(object, wanted, laneStart[lane]!, laneStart[lane + 1]!);
      return at < laneStart[lane + 1]! && object[at] === wanted ? at : -1;
    },

    label(wanted) {
      const s = streamOfRow[wanted]!;
      const applicationOf = (stream: number): string => applications[streams.application[stream]!] ?? '';
      if (s < 0) {
        const server = hosts[servers[firstAtLeast(serverRows, wanted, 0, serverRows.length)]!]!;
        return { row: wanted, kind: 'server', text: server, server, application: applicationOf(streamOfRow[wanted + 1]!), stream: null };
      }
      const transport = streams.transport[s] === 0 ? 'tcp' : 'udp';
      return {
        row: wanted, kind: 'stream', text: `:${streams.clientPort[s]} → :${streams.serverPort[s]}/${transport}`,
        server: hosts[streams.server[s]!]!, application: applicationOf(s), stream: streams.id[s]!,
      };
    },
  };
}

/** The lane of a position in the columns. */
export const laneAt = (lanes: Lanes, position: number): number =>
  firstAtLeast(lanes.laneStart, position + 1, 0, lanes.laneStart.length) - 1;

/** Index in [from, to) of the first value that is at least `wanted`, in ascending values; else `to`. */
export function firstAtLeast(values: Uint32Array, wanted: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Numbers of hosts that have streams; equal payloads keep the order in which hosts were first seen. */
function serversByPayload(streamsOfHost: Uint32Array, bytesOfHost: Float64Array): Uint32Array {
  const servers = [];
  for (let host = 0; host < streamsOfHost.length; host++) if (streamsOfHost[host]! > 0) servers.push(host);
  return Uint32Array.from(servers).sort((one, other) => bytesOfHost[other]! - bytesOfHost[one]! || one - other);
}

/** Rows in the order of their ids: by the digits of base 2¹⁶, from the least; null when they already are in order. */
function orderById(ids: Float64Array, count: number): Uint32Array | null {
  let isAscending = true;
  let greatest = 0;
  for (let n = 0; n < count; n++) {
    if (n > 0 && ids[n]! < ids[n - 1]!) isAscending = false;
    greatest = Math.max(greatest, ids[n]!);
  }
  if (isAscending) return null;
  let previous = new Uint32Array(count);
  for (let n = 0; n < count; n++) previous[n] = n;
  for (let unit = 1; unit <= greatest; unit *= 0x10000) {
    const order = new Uint32Array(count);
    const place = new Uint32Array(0x10001);
    for (let n = 0; n < count; n++) place[(Math.floor(ids[n]! / unit) % 0x10000) + 1]!++;
    for (let digit = 0; digit < 0x10000; digit++) place[digit + 1]! += place[digit]!;
    for (let n = 0; n < count; n++) {
      const row = previous[n]!;
      order[place[Math.floor(ids[row]! / unit) % 0x10000]!++] = row;
    }
    previous = order;
  }
  return previous;
}

function ofBlocks(values: Float64Array, reduce: (one: number, other: number) => number, empty: number): Float64Array {
  const blocks = new Float64Array(Math.ceil(values.length / BLOCK)).fill(empty);
  for (let n = 0; n < values.length; n++) {
    const block = Math.floor(n / BLOCK);
    blocks[block] = reduce(blocks[block]!, values[n]!);
  }
  return blocks;
}
