/**
 * Everything that the panels show of a selection, but tables of objects and streams.
 *
 * In: tables, a filter and its selection. Out: an `Overview`. Guaranteed: the same rows give the same numbers; each of the
 * passes over the rows is linear but for sorting.
 */

import type { AnalysisOptions, Curves, Filter, Measure, Overview, Throughput, Totals } from '../protocol';
import { curveOf, curveOfCounts } from './curves';
import { countOf, forEachRow, type Rows, type Selection } from './selection';
import { serverRows, type ServerRows } from './servers';
import { BIN_NS, DOWN, END_REASONS, END_REASON_SHIFT, MULTIPLEXED, type Tables } from './tables';

const NS_PER_SECOND = 1e9;
const BITS = 8;
/** Steps of the strip and of the throughput, at most. */
const STEPS = 1200;
const SERVERS = 500;
const MENU = 50;

/** Between packets with payload, by bins; see `GapCounts` in the core. */
export interface PacketGaps {
  /** The values that bins stand for, ascending. */
  readonly values: Float64Array;
  /** Counts of a direction (0 up, 1 down) and a transport (0 TCP, 1 UDP). */
  counts: (direction: number, transport: number) => Uint32Array;
}

export interface Subject {
  readonly tables: Tables;
  readonly filter: Filter;
  readonly selection: Selection;
  readonly spanNs: number;
  readonly packetGaps: PacketGaps | null;
  readonly options: AnalysisOptions;
  readonly revision: number;
  /** Servers of all objects; a filter does not change them. */
  readonly allServers: ServerRows;
  readonly allApplications: ServerRows;
}

/** The overview of a subject. */
export const overviewOf = (subject: Subject): Overview => {
  const { tables, filter, selection, spanNs } = subject;
  const { objects } = tables;
  const all = subject.allServers;
  const isAll = selection.objects === null;
  const selected = isAll ? all : serverRows(tables, selection.objects);
  const reasons = END_REASONS.map((reason) => ({ reason, up: 0, down: 0 }));
  let multiplexed = 0;
  forEachRow(selection.objects, objects.count, (row) => {
    const flags = objects.flags[row] ?? 0;
    const reason = reasons[flags >> END_REASON_SHIFT];
    if (reason !== undefined) {
      reason[(flags & DOWN) === 0 ? 'up' : 'down'] += 1;
    }
    multiplexed += flags & MULTIPLEXED ? 1 : 0;
  });
  const [fromNs, toNs] = filter.timeNs ?? [0, spanNs];
  return {
    revision: subject.revision,
    filter,
    options: subject.options,
    all: totals(tables, null, tables.streams.count),
    selected: totals(
      tables, selection.objects,
      selection.streams === null ? tables.streams.count : countOf(selection.streams, tables.streamEnds.count),
    ),
    spanNs,
    figures: figures(tables, selection.objects),
    packetGaps: gapCurves(subject),
    endReasons: reasons.filter(({ up, down }) => up + down > 0),
    strip: throughput(tables, 0, spanNs, selection.binsOfAllTime),
    throughput: throughput(tables, fromNs, toNs, selection.bins),
    servers: selected.rows.slice(0, SERVERS),
    serverCount: selected.rows.length,
    applications: (isAll ? subject.allApplications : serverRows(tables, selection.objects, 'application')).rows,
    knownServers: all.rows.slice(0, MENU).map(({ name }) => name),
    knownApplications: subject.allApplications.rows.map(({ name }) => name).filter((name) => name !== ''),
    knownPorts: all.ports.slice(0, MENU),
    multiplexed,
  };
};

const totals = ({ objects }: Tables, rows: Rows, streams: number): Totals => {
  let payloadBytes = 0;
  forEachRow(rows, objects.count, (row) => {
    payloadBytes += objects.payloadBytes[row] ?? 0;
  });
  return { objects: countOf(rows, objects.count), streams, payloadBytes };
};

/** Values of one direction that are numbers. */
const valuesOf = (
  tables: Tables, rows: Rows, down: number, value: (row: number) => number,
): Float64Array => {
  const { objects } = tables;
  const values = new Float64Array(countOf(rows, objects.count));
  let count = 0;
  forEachRow(rows, objects.count, (row) => {
    if (((objects.flags[row] ?? 0) & DOWN) === down) {
      const measured = value(row);
      if (!Number.isNaN(measured)) {
        values[count++] = measured;
      }
    }
  });
  return values.subarray(0, count);
};

const curvesOf = (tables: Tables, rows: Rows, value: (row: number) => number): Curves => ({
  up: curveOf(valuesOf(tables, rows, 0, value)),
  down: curveOf(valuesOf(tables, rows, DOWN, value)),
});

const figures = (tables: Tables, rows: Rows): Record<Measure, Curves> => {
  const { objects } = tables;
  const { payloadBytes, durationNs, gapBeforeNs } = objects;
  return {
    size: curvesOf(tables, rows, (row) => payloadBytes[row] ?? NaN),
    duration: curvesOf(tables, rows, (row) => durationNs[row] ?? NaN),
    gap: curvesOf(tables, rows, (row) => gapBeforeNs[row] ?? NaN),
    interArrival: interArrivals(tables, rows),
    // An object of one packet has no rate.
    rate: curvesOf(tables, rows, (row) => {
      const seconds = (durationNs[row] ?? 0) / NS_PER_SECOND;
      return seconds > 0 ? ((payloadBytes[row] ?? 0) * BITS) / seconds : NaN;
    }),
  };
};

/** From the start of an object to the start of the next of the same stream and direction. */
const interArrivals = (tables: Tables, rows: Rows): Curves => {
  const { objects, streams } = tables;
  // Objects of one direction come in order, whatever other streams do in between.
  const lastNs = new Float64Array(2 * streams.count).fill(NaN);
  const values = { up: new Float64Array(countOf(rows, objects.count)), down: new Float64Array(0) };
  values.down = new Float64Array(values.up.length);
  const counts = { up: 0, down: 0 };
  forEachRow(rows, objects.count, (row) => {
    const down = (objects.flags[row] ?? 0) & DOWN;
    const lane = 2 * (objects.stream[row] ?? 0) + down;
    const startNs = objects.startNs[row] ?? 0;
    const since = startNs - (lastNs[lane] ?? NaN);
    lastNs[lane] = startNs;
    if (!Number.isNaN(since)) {
      const direction = down === 0 ? 'up' : 'down';
      values[direction][counts[direction]++] = Math.max(0, since);
    }
  });
  return {
    up: curveOf(values.up.subarray(0, counts.up)),
    down: curveOf(values.down.subarray(0, counts.down)),
  };
};

const gapCurves = ({ packetGaps, filter }: Subject): Curves => {
  if (packetGaps === null) {
    return { up: null, down: null };
  }
  const of = (direction: number): Curves['up'] => {
    if (filter.direction !== undefined && (filter.direction === 'down' ? 1 : 0) !== direction) {
      return null;
    }
    const sum = new Float64Array(packetGaps.values.length);
    for (const [transport, name] of (['tcp', 'udp'] as const).entries()) {
      if (filter.transport === undefined || filter.transport === name) {
        for (const [bin, count] of packetGaps.counts(direction, transport).entries()) {
          sum[bin] = (sum[bin] ?? 0) + count;
        }
      }
    }
    return curveOfCounts(packetGaps.values, sum);
  };
  return { up: of(0), down: of(1) };
};

/** Sums of bins in steps of whole bins. */
const throughput = (
  { bins }: Tables, fromNs: number, toNs: number, passes: (row: number) => boolean,
): Throughput => {
  const startNs = Math.floor(fromNs / BIN_NS) * BIN_NS;
  const stepNs = Math.max(1, Math.ceil((toNs - startNs) / BIN_NS / STEPS)) * BIN_NS;
  const steps = Math.max(1, Math.ceil((toNs - startNs + 1) / stepNs));
  const upBytes = new Float64Array(steps);
  const downBytes = new Float64Array(steps);
  for (let row = 0; row < bins.count; row++) {
    if (passes(row)) {
      // Bins begin at whole tenths of a second, the capture anywhere in one: its first bin belongs to the first step.
      const step = Math.max(0, Math.floor(((bins.startNs[row] ?? 0) - startNs) / stepNs));
      const bytes = (bins.flags[row] ?? 0) === DOWN ? downBytes : upBytes;
      if (step < steps) {
        bytes[step] = (bytes[step] ?? 0) + (bins.payloadBytes[row] ?? 0);
      }
    }
  }
  return { startNs, stepNs, upBytes, downBytes };
};
