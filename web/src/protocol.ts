/**
 * What the page and its worker say to each other.
 *
 * In: requests of the page. Out: answers and news of the worker. Guaranteed: all data stay in the worker; what crosses is
 * what is drawn, at most a few hundred kilobytes at a time. A request with an `id` gets exactly one answer with that `id`,
 * or an `error` with it. Times are offsets from the first packet of the capture in nanoseconds (exact up to 104 days);
 * only `captureStartNs` is absolute.
 */

import type { Manifest } from './generated/analyzer_wasm';
import type { Grouping, ModelFile, ModelTarget, ModelView } from './model';
import type { ConnectionTest, Destination, Sending } from './protocol-sending';
import type { TimelineFrame, TimelineView } from './protocol-timeline';

export type { ConnectionTest, Destination, Sending, SendingCause, SendingFailure, SentCounts } from './protocol-sending';
export type { TimelineFrame, TimelineLabel, TimelineView } from './protocol-timeline';

/** Options by the names and in the syntax of the command line: `method`, `idle`, `client` (separated by commas) … */
export type AnalysisOptions = Readonly<Record<string, string>>;

export type Direction = 'up' | 'down';
export type Transport = 'tcp' | 'udp';
export type EndReason =
  'reply' | 'idle' | 'push' | 'record' | 'request' | 'gap' | 'closed' | 'capture_end' | 'evicted';
export type NameSource = 'none' | 'tls_sni' | 'quic_sni' | 'http_host' | 'dns' | 'reverse_dns';
export type RecordKind = 'objects' | 'streams' | 'bins';
export type TextFormat = 'ndjson' | 'csv' | 'json';

/** What all views and exports show; a missing key lets everything pass. */
export interface Filter {
  /** Objects that overlap this time, [from, to). */
  readonly timeNs?: readonly [number, number];
  /** Names of servers, or their addresses where they have none. */
  readonly servers?: readonly string[];
  readonly applications?: readonly string[];
  readonly direction?: Direction;
  readonly transport?: Transport;
  readonly serverPorts?: readonly number[];
  /** Ids of streams. */
  readonly streams?: readonly number[];
  readonly endReasons?: readonly EndReason[];
}

/** What is drawn of a distribution: points of its empirical distribution function, ascending. */
export interface Curve {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Ascending values; all of them when there are few, else order statistics that are dense in both tails. */
  readonly values: Float64Array;
  /** Share of the population that is at most the value beside it, in (0, 1]. */
  readonly shares: Float64Array;
  /** False when values were counted in bins that are at most 1/128 off. */
  readonly exact: boolean;
}

export type Measure = 'size' | 'duration' | 'interArrival' | 'gap' | 'rate';

/** Sizes in bytes, times in ns, rates in bit/s; null where there is nothing to measure. */
export type Curves = Readonly<Record<Direction, Curve | null>>;

/** Payload of equal spans of time. */
export interface Throughput {
  readonly startNs: number;
  readonly stepNs: number;
  /** New payload bytes of each span. */
  readonly upBytes: Float64Array;
  readonly downBytes: Float64Array;
}

/** Numbers of what is selected, or of everything. */
export interface Totals {
  readonly objects: number;
  readonly streams: number;
  readonly payloadBytes: number;
}

export interface ServerRow {
  /** Its name, or its address where it has none; of an application, empty where it is not known. */
  readonly name: string;
  /** Empty where it is not known. */
  readonly application: string;
  /** Its ports, ascending, with the transport, such as `443/tcp`; at most four. */
  readonly services: readonly string[];
  readonly streams: number;
  readonly up: ServerDirection;
  readonly down: ServerDirection;
}

export interface ServerDirection {
  readonly objects: number;
  readonly payloadBytes: number;
  /** NaN without objects. */
  readonly sizeP50: number;
  readonly sizeP95: number;
  readonly durationNsP50: number;
  readonly gapNsP50: number;
}

/** Everything but tables and timeline, for one filter. */
export interface Overview {
  /** Grows with every change of data or filter. */
  readonly revision: number;
  readonly filter: Filter;
  /** What the objects were cut with. */
  readonly options: AnalysisOptions;
  readonly all: Totals;
  readonly selected: Totals;
  readonly spanNs: number;
  readonly figures: Readonly<Record<Measure, Curves>>;
  /** Between packets with payload of one stream and direction. Filters by direction and transport apply; others don't. */
  readonly packetGaps: Curves;
  readonly endReasons: readonly { readonly reason: EndReason; readonly up: number; readonly down: number }[];
  /** The whole time of the capture, whatever the filter's time is. */
  readonly strip: Throughput;
  /** The filter's time. */
  readonly throughput: Throughput;
  /** By payload, descending; at most 500. */
  readonly servers: readonly ServerRow[];
  readonly serverCount: number;
  /** By payload, descending. */
  readonly applications: readonly ServerRow[];
  /** For the menu of filters: those of the whole capture by payload, at most 50. */
  readonly knownServers: readonly string[];
  /** By payload, descending. */
  readonly knownApplications: readonly string[];
  readonly knownPorts: readonly number[];
  /** Objects that stand for one or more, among the selected. */
  readonly multiplexed: number;
}

/** One object with everything that is shown of it. */
export interface ObjectDetail {
  /** Its number in the worker; names it in requests. */
  readonly row: number;
  readonly stream: number;
  readonly index: number;
  readonly direction: Direction;
  readonly transport: Transport;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly serverAddress: string;
  /** Empty where it is not known. */
  readonly application: string;
  readonly startNs: number;
  readonly durationNs: number;
  readonly payloadBytes: number;
  readonly retransmittedBytes: number;
  readonly packets: number;
  /** NaN when the first packet is the last. */
  readonly rateBps: number;
  /** NaN for the first of its direction. */
  readonly gapBeforeNs: number;
  readonly endReason: EndReason;
  readonly multiplexed: boolean;
}

export interface StreamDetail {
  readonly row: number;
  readonly id: number;
  readonly transport: Transport;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly serverAddress: string;
  readonly application: string;
  readonly nameSource: NameSource;
  readonly startNs: number;
  readonly durationNs: number;
  readonly endReason: EndReason;
  /** NaN where the handshake was not seen. */
  readonly clientRttNs: number;
  readonly serverRttNs: number;
  readonly objectsUp: number;
  readonly objectsDown: number;
  readonly payloadBytesUp: number;
  readonly payloadBytesDown: number;
  readonly packets: number;
}

export type ObjectColumn =
  | 'startNs' | 'durationNs' | 'payloadBytes' | 'rateBps' | 'gapBeforeNs' | 'packets' | 'server' | 'application' | 'stream' | 'direction'
  | 'endReason' | 'retransmittedBytes';
export type StreamColumn =
  | 'id' | 'startNs' | 'durationNs' | 'server' | 'application' | 'nameSource' | 'objectsUp' | 'objectsDown' | 'payloadBytesUp' | 'payloadBytesDown'
  | 'serverRttNs' | 'packets' | 'endReason';

export interface Sort<Column extends string> {
  readonly column: Column;
  readonly descending: boolean;
}

/** Why a file could not be read to its end. */
export interface Fault {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
}

export interface Progress {
  /** 1 or 2: `mean-gap` reads twice. */
  readonly pass: number;
  readonly passes: number;
  /** As stored: compressed where the files are. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly packets: number;
  readonly elapsedMs: number;
  /** The file being read. */
  readonly file: string;
}

export interface Finished {
  readonly status: 'complete' | 'partial' | 'interrupted';
  readonly manifest: Manifest;
  /** Time of the first packet since the epoch; null without packets. */
  readonly captureStartNs: bigint | null;
  readonly faults: readonly Fault[];
  /** Dropped files that are no captures and were left out. */
  readonly leftOut: readonly string[];
  readonly elapsedMs: number;
}

/** From the page to the worker. */
export type Request =
  | { readonly type: 'analyze'; readonly files: readonly File[]; readonly options: AnalysisOptions }
  /** The same files once more with other options. */
  | { readonly type: 'reanalyze'; readonly options: AnalysisOptions }
  | { readonly type: 'cancel' }
  | { readonly type: 'filter'; readonly filter: Filter }
  | { readonly type: 'timeline'; readonly id: number; readonly view: TimelineView }
  | { readonly type: 'timelineSvg'; readonly id: number; readonly view: TimelineView }
  /** The object at a point of a drawing, in its pixels. */
  | { readonly type: 'hit'; readonly id: number; readonly view: TimelineView; readonly xPx: number; readonly yPx: number }
  /** The next object of the same stream and direction, or in the neighbouring lane. */
  | { readonly type: 'step'; readonly id: number; readonly row: number; readonly to: 'next' | 'previous' | 'above' | 'below' }
  | { readonly type: 'objects'; readonly id: number; readonly from: number; readonly count: number; readonly sort: Sort<ObjectColumn> }
  | { readonly type: 'streams'; readonly id: number; readonly from: number; readonly count: number; readonly sort: Sort<StreamColumn> }
  /** Where an object stands in the sorted table and in the timeline. */
  | { readonly type: 'locate'; readonly id: number; readonly row: number; readonly sort: Sort<ObjectColumn> }
  | {
      readonly type: 'export'; readonly id: number; readonly kind: RecordKind | 'analysis'; readonly format: TextFormat;
      readonly scope: 'all' | 'selection'; readonly pseudonymKey: string | null;
    }
  /** The model of what is selected, with the details of a group: null for the one with most payload. */
  | { readonly type: 'model'; readonly id: number; readonly by: Grouping; readonly group: string | null }
  | {
      readonly type: 'exportModel'; readonly id: number; readonly target: ModelTarget; readonly by: Grouping;
      readonly pseudonymKey: string | null;
    }
  | { readonly type: 'testConnection'; readonly id: number; readonly destination: Destination }
  | { readonly type: 'send'; readonly destination: Destination; readonly pseudonymKey: string | null }
  | { readonly type: 'cancelSending' }
  | { readonly type: 'resumeSending' }
  | { readonly type: 'refused'; readonly id: number };

/** From the worker to the page. */
export type Reply =
  | { readonly type: 'ready'; readonly version: string }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'overview'; readonly overview: Overview }
  | { readonly type: 'finished'; readonly finished: Finished }
  /** Nothing could be read; there are no results. */
  | { readonly type: 'failed'; readonly faults: readonly Fault[]; readonly leftOut: readonly string[]; readonly reason: string | null }
  | { readonly type: 'timeline'; readonly id: number; readonly frame: TimelineFrame }
  | { readonly type: 'timelineSvg'; readonly id: number; readonly svg: string }
  | { readonly type: 'hit'; readonly id: number; readonly object: ObjectDetail | null }
  | { readonly type: 'objects'; readonly id: number; readonly revision: number; readonly total: number; readonly rows: readonly ObjectDetail[] }
  | { readonly type: 'streams'; readonly id: number; readonly revision: number; readonly total: number; readonly rows: readonly StreamDetail[] }
  | { readonly type: 'locate'; readonly id: number; readonly position: number; readonly timelineRow: number; readonly object: ObjectDetail }
  | { readonly type: 'exported'; readonly id: number; readonly blob: Blob; readonly fileName: string; readonly records: number }
  | { readonly type: 'model'; readonly id: number; readonly model: ModelView }
  | { readonly type: 'modelFiles'; readonly id: number; readonly files: readonly ModelFile[] }
  | { readonly type: 'connection'; readonly id: number; readonly test: ConnectionTest }
  | { readonly type: 'sending'; readonly sending: Sending }
  | { readonly type: 'error'; readonly id: number | null; readonly message: string };

/** The answer to a kind of request that has an `id`. */
export interface Answers {
  timeline: Extract<Reply, { type: 'timeline' }>;
  timelineSvg: Extract<Reply, { type: 'timelineSvg' }>;
  hit: Extract<Reply, { type: 'hit' }>;
  step: Extract<Reply, { type: 'hit' }>;
  objects: Extract<Reply, { type: 'objects' }>;
  streams: Extract<Reply, { type: 'streams' }>;
  locate: Extract<Reply, { type: 'locate' }>;
  export: Extract<Reply, { type: 'exported' }>;
  model: Extract<Reply, { type: 'model' }>;
  exportModel: Extract<Reply, { type: 'modelFiles' }>;
  testConnection: Extract<Reply, { type: 'connection' }>;
  refused: Extract<Reply, { type: 'exported' }>;
}
