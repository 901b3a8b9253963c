/**
 * Objects by server.
 *
 * In: tables and rows of objects. Out: a row for each server, by payload, and the ports by payload. Guaranteed: a server
 * without selected objects has no row; equal payload is ordered by address, so that the order is the same each time.
 */

import type { ServerDirection, ServerRow } from '../protocol';
import { quantile } from './curves';
import { countOf, forEachRow, type Rows } from './selection';
import { DOWN, type Tables } from './tables';

const SERVICES = 4;

export interface ServerRows {
  readonly rows: readonly ServerRow[];
  /** By payload, descending. */
  readonly ports: readonly number[];
}

/** Rows of objects of one direction and server stand together, after counting how many each has. */
const grouped = (tables: Tables, rows: Rows): { order: Uint32Array; ends: Uint32Array } => {
  const { objects, streams, hosts } = tables;
  const laneOf = (row: number): number =>
    2 * (streams.server[objects.stream[row] ?? 0] ?? 0) + ((objects.flags[row] ?? 0) & DOWN);
  const ends = new Uint32Array(2 * hosts.length + 1);
  forEachRow(rows, objects.count, (row) => {
    const lane = laneOf(row);
    ends[lane] = (ends[lane] ?? 0) + 1;
  });
  let begin = 0;
  for (let lane = 0; lane < ends.length; lane++) {
    const count = ends[lane] ?? 0;
    ends[lane] = begin;
    begin += count;
  }
  const order = new Uint32Array(countOf(rows, objects.count));
  forEachRow(rows, objects.count, (row) => {
    const lane = laneOf(row);
    order[ends[lane] ?? 0] = row;
    ends[lane] = (ends[lane] ?? 0) + 1;
  });
  return { order, ends };
};

/** The servers of some objects. */
export const serverRows = (tables: Tables, rows: Rows): ServerRows => {
  const { objects, streams, hosts } = tables;
  const { order, ends } = grouped(tables, rows);
  const lane = (number: number): Uint32Array => order.subarray(number === 0 ? 0 : ends[number - 1], ends[number]);
  const portBytes = new Map<number, number>();
  const servers: ServerRow[] = [];
  for (const [host, address] of hosts.entries()) {
    const lanes = [lane(2 * host), lane(2 * host + 1)] as const;
    if (lanes[0].length + lanes[1].length === 0) {
      continue;
    }
    const seen = new Set<number>();
    const services = new Map<string, number>();
    for (const some of lanes) {
      for (const row of some) {
        const stream = objects.stream[row] ?? 0;
        const bytes = objects.payloadBytes[row] ?? 0;
        const port = streams.serverPort[stream] ?? 0;
        portBytes.set(port, (portBytes.get(port) ?? 0) + bytes);
        if (!seen.has(stream)) {
          seen.add(stream);
          services.set(`${port}/${streams.transport[stream] === 1 ? 'udp' : 'tcp'}`, port);
        }
      }
    }
    servers.push({
      address,
      services: [...services.entries()].sort(([, a], [, b]) => a - b).slice(0, SERVICES).map(([name]) => name),
      streams: seen.size,
      up: direction(tables, lanes[0]),
      down: direction(tables, lanes[1]),
    });
  }
  const payload = ({ up, down }: ServerRow): number => up.payloadBytes + down.payloadBytes;
  servers.sort((a, b) => payload(b) - payload(a) || (a.address < b.address ? -1 : 1));
  const ports = [...portBytes.entries()].sort(([a, aBytes], [b, bBytes]) => bBytes - aBytes || a - b);
  return { rows: servers, ports: ports.map(([port]) => port) };
};

const direction = ({ objects }: Tables, rows: Uint32Array): ServerDirection => {
  const sorted = (column: Float64Array): Float64Array => {
    const values = new Float64Array(rows.length);
    let count = 0;
    for (const row of rows) {
      const value = column[row] ?? NaN;
      if (!Number.isNaN(value)) {
        values[count++] = value;
      }
    }
    return values.subarray(0, count).sort();
  };
  const sizes = sorted(objects.payloadBytes);
  let payloadBytes = 0;
  for (const bytes of sizes) {
    payloadBytes += bytes;
  }
  return {
    objects: rows.length,
    payloadBytes,
    sizeP50: quantile(sizes, 0.5),
    sizeP95: quantile(sizes, 0.95),
    durationNsP50: quantile(sorted(objects.durationNs), 0.5),
    gapNsP50: quantile(sorted(objects.gapBeforeNs), 0.5),
  };
};
