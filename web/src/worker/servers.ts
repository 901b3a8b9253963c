/**
 * Objects by server, and by application.
 *
 * In: tables and rows of objects. Out: a row for each server or application, by payload, and the ports by payload. Guaranteed:
 * what has no selected objects has no row; equal payload is ordered by name, so that the order is the same each time.
 */

import type { ServerDirection, ServerRow } from '../protocol';
import { quantile } from './curves';
import { countOf, forEachRow, type Rows } from './selection';
import { DOWN, type Tables } from './tables';

const SERVICES = 4;

export type GroupedBy = 'server' | 'application';

export interface ServerRows {
  readonly rows: readonly ServerRow[];
  /** By payload, descending. */
  readonly ports: readonly number[];
}

/** Rows of objects of one direction and group stand together, after counting how many each has. */
const grouped = (tables: Tables, rows: Rows, by: GroupedBy, groups: number): { order: Uint32Array; ends: Uint32Array } => {
  const { objects, streams } = tables;
  const laneOf = (row: number): number =>
    2 * (streams[by][objects.stream[row] ?? 0] ?? 0) + ((objects.flags[row] ?? 0) & DOWN);
  const ends = new Uint32Array(2 * groups + 1);
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

/** The servers of some objects, or their applications. */
export const serverRows = (tables: Tables, rows: Rows, by: GroupedBy = 'server'): ServerRows => {
  const { objects, streams, hosts, applications } = tables;
  const names = by === 'server' ? hosts : applications;
  const { order, ends } = grouped(tables, rows, by, names.length);
  const lane = (number: number): Uint32Array => order.subarray(number === 0 ? 0 : ends[number - 1], ends[number]);
  const portBytes = new Map<number, number>();
  const servers: ServerRow[] = [];
  for (const [group, name] of names.entries()) {
    const lanes = [lane(2 * group), lane(2 * group + 1)] as const;
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
    const [first] = lanes[0].length > 0 ? lanes[0] : lanes[1];
    const application = applications[streams.application[objects.stream[first ?? 0] ?? 0] ?? 0] ?? '';
    servers.push({
      name,
      application,
      services: [...services.entries()].sort(([, a], [, b]) => a - b).slice(0, SERVICES).map(([name]) => name),
      streams: seen.size,
      up: direction(tables, lanes[0]),
      down: direction(tables, lanes[1]),
    });
  }
  const payload = ({ up, down }: ServerRow): number => up.payloadBytes + down.payloadBytes;
  servers.sort((a, b) => payload(b) - payload(a) || (a.name < b.name ? -1 : 1));
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
