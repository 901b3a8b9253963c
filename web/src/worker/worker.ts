/**
 * The worker: requests of the page in, answers and news out.
 *
 * In: messages of `protocol.ts`. Out: the same. Guaranteed: every request with an `id` gets one answer or one error; news of
 * an analysis that was given up are not told; while files are read, overviews take at most a fifth of the time.
 */

import type { Results } from 'analyzer-wasm';
import type { AnalysisOptions, Filter, Finished, Reply, Request, TimelineView } from '../protocol';
import { analyze, type Found, type Job } from './analysis';
import { objectDetail, objectOrder, streamDetail, streamOrder } from './details';
import { exportOf } from './exporting';
import { loadAnalyzer } from './module';
import { overviewOf } from './overview';
import { bitsOf, select, type Rows, type Selection } from './selection';
import { watchPolicy } from './sending-causes';
import { Shipment, testConnection } from './sending';
import { serverRows, type ServerRows } from './servers';
import { emptyTables } from './tables';
import { objectAt, step } from './timeline/hit';
import { labelsOf } from './timeline/labels';
import { lanesOf, type Lanes } from './timeline/lanes';
import { drawTimeline } from './timeline/raster';
import { timelineSvg } from './timeline/svg';

/** News of progress at most this often. */
const PROGRESS_MS = 200;
/** Overviews cost time that reading wants too: the next waits for so many times what the last one took. */
const OVERVIEW_SHARE = 5;
const FIRST_OVERVIEW_MS = 150;

/** The part of a worker's scope that is used; the page's own types know none. */
interface Scope extends EventTarget {
  postMessage: (message: Reply, transfer: Transferable[]) => void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

const scope = self as unknown as Scope;

const say = (reply: Reply, transfer: Transferable[] = []): void => {
  scope.postMessage(reply, transfer);
};

const empty = (): Found => ({ tables: emptyTables(), packetGaps: null, spanNs: 0 });

/** What the page looks at. */
class Session {
  private job: Job | null = null;
  private found = empty();
  private results: Results | null = null;
  private finished: Finished | null = null;
  private filter: Filter = {};
  private selection: Selection = select(this.found.tables, {});
  private allServers: ServerRows = serverRows(this.found.tables, null);
  private lanes: Lanes | null = null;
  private revision = 0;
  private lastOverview = 0;
  private overviewMs = 0;
  private lastProgress = 0;
  private order: { key: string; rows: Uint32Array } = { key: '', rows: new Uint32Array() };
  private shipment: Shipment | null = null;

  /** Reads files, in place of what was read before. */
  async analyze(files: readonly File[], options: AnalysisOptions): Promise<void> {
    if (this.job !== null) {
      this.job.isAbandoned = true;
      this.job.isCancelled = true;
    }
    const job: Job = { files, options, isCancelled: false, isAbandoned: false };
    this.job = job;
    this.lastOverview = performance.now() - FIRST_OVERVIEW_MS;
    this.overviewMs = 0;
    let isFirst = true;
    try {
      const outcome = await analyze(job, {
        progress: (progress) => {
          const now = performance.now();
          if (!job.isAbandoned && now - this.lastProgress >= PROGRESS_MS) {
            this.lastProgress = now;
            say({ type: 'progress', progress });
          }
        },
        grown: (found) => {
          if (job.isAbandoned) {
            return;
          }
          if (isFirst) {
            isFirst = false;
            this.show(found, null, null);
          }
          if (performance.now() - this.lastOverview >= Math.max(PROGRESS_MS, OVERVIEW_SHARE * this.overviewMs)) {
            this.grown();
          }
        },
      });
      if (job.isAbandoned) {
        outcome.results?.free();
        return;
      }
      if (outcome.results === null) {
        this.show(empty(), null, null);
        say({ type: 'failed', faults: outcome.faults, leftOut: outcome.leftOut, reason: null });
        return;
      }
      this.show(outcome.found, outcome.results, outcome.finished);
      this.grown();
      say({ type: 'finished', finished: outcome.finished });
    } catch (problem) {
      if (!job.isAbandoned) {
        say({ type: 'failed', faults: [], leftOut: [], reason: wordsOf(problem) });
      }
    }
  }

  private show(found: Found, results: Results | null, finished: Finished | null): void {
    if (results !== this.results) {
      // A sending goes on with what it was given.
      this.results?.free();
    }
    this.found = found;
    this.results = results;
    this.finished = finished;
  }

  async reanalyze(options: AnalysisOptions): Promise<void> {
    await this.analyze(this.job?.files ?? [], options);
  }

  cancel(): void {
    if (this.job !== null) {
      this.job.isCancelled = true;
    }
  }

  setFilter(filter: Filter): void {
    this.filter = filter;
    if (this.job !== null) {
      this.changed();
    }
  }

  /** More was found: what does not depend on the filter is counted anew. */
  private grown(): void {
    const begin = performance.now();
    this.allServers = serverRows(this.found.tables, null);
    this.changed(begin);
  }

  /** Data or filter changed: selects anew and tells the overview. */
  private changed(begin = performance.now()): void {
    const { tables, spanNs, packetGaps } = this.found;
    this.revision += 1;
    this.selection = select(tables, this.filter);
    this.lanes = null;
    const overview = overviewOf({
      tables, spanNs, packetGaps, filter: this.filter, selection: this.selection, options: this.job?.options ?? {},
      revision: this.revision, allServers: this.allServers,
    });
    say({ type: 'overview', overview });
    this.lastOverview = performance.now();
    this.overviewMs = this.lastOverview - begin;
  }

  private get currentLanes(): Lanes {
    this.lanes ??= lanesOf(this.found.tables, this.selection.objects);
    return this.lanes;
  }

  draw(id: number, view: TimelineView): void {
    const begin = performance.now();
    const lanes = this.currentLanes;
    const { pixels, objects } = drawTimeline(lanes, view);
    const frame = {
      view, pixels, objects, revision: this.revision, rowCount: lanes.rowCount, labels: labelsOf(lanes, view),
      drawMs: performance.now() - begin,
    };
    say({ type: 'timeline', id, frame }, [pixels.buffer]);
  }

  async drawSvg(id: number, view: TimelineView): Promise<void> {
    say({ type: 'timelineSvg', id, svg: await timelineSvg(this.currentLanes, view) });
  }

  hit(id: number, view: TimelineView, xPx: number, yPx: number): void {
    this.sayObject(id, objectAt(this.currentLanes, view, xPx, yPx));
  }

  step(id: number, row: number, to: 'next' | 'previous' | 'above' | 'below'): void {
    this.sayObject(id, step(this.currentLanes, row, to));
  }

  private sayObject(id: number, row: number): void {
    const { tables } = this.found;
    say({ type: 'hit', id, object: row >= 0 && row < tables.objects.count ? objectDetail(tables, row) : null });
  }

  /** Rows in the order of a column, kept until data, filter or order change. */
  private ordered(key: string, make: () => Uint32Array): Uint32Array {
    const whole = `${this.revision} ${key}`;
    if (this.order.key !== whole) {
      this.order = { key: whole, rows: make() };
    }
    return this.order.rows;
  }

  rows(request: Extract<Request, { type: 'objects' | 'streams' }>): void {
    const { tables } = this.found;
    const { id, from, count } = request;
    const page = (rows: Uint32Array): number[] => [...rows.subarray(from, from + count)];
    const key = `${request.type} ${request.sort.column} ${request.sort.descending}`;
    const { revision } = this;
    if (request.type === 'objects') {
      const { sort } = request;
      const ordered = this.ordered(key, () => objectOrder(tables, this.selection.objects, sort));
      const rows = page(ordered).map((row) => objectDetail(tables, row));
      say({ type: 'objects', id, revision, total: ordered.length, rows });
    } else {
      const { sort } = request;
      const ordered = this.ordered(key, () => streamOrder(tables, this.selection.streams, sort));
      const rows = page(ordered).map((row) => streamDetail(tables, row));
      say({ type: 'streams', id, revision, total: ordered.length, rows });
    }
  }

  locate({ id, row, sort }: Extract<Request, { type: 'locate' }>): void {
    const { tables } = this.found;
    const key = `objects ${sort.column} ${sort.descending}`;
    const ordered = this.ordered(key, () => objectOrder(tables, this.selection.objects, sort));
    const timelineRow = this.currentLanes.rowOfStream[tables.objects.stream[row] ?? 0] ?? -1;
    say({ type: 'locate', id, position: ordered.indexOf(row), timelineRow, object: objectDetail(tables, row) });
  }

  async export(request: Extract<Request, { type: 'export' }>): Promise<void> {
    const { id, kind, format, scope: wanted, pseudonymKey } = request;
    const { results, finished } = this.whole();
    const selection = wanted === 'all' || kind === 'analysis' ? null : this.bits(kind);
    const captureName = finished.manifest.capture_name;
    const exported = await exportOf(results, { kind, format, selection, pseudonymKey, captureName });
    say({ type: 'exported', id, ...exported });
  }

  private bits(kind: 'objects' | 'streams' | 'bins'): Uint8Array | null {
    const { objects, streamEnds, bins } = this.found.tables;
    const of = (rows: Rows, all: number): Uint8Array | null => bitsOf(rows, all);
    switch (kind) {
      case 'objects':
        return of(this.selection.objects, objects.count);
      case 'streams':
        return of(this.selection.streams, streamEnds.count);
      case 'bins': {
        const rows = new Uint32Array(bins.count);
        let count = 0;
        for (let row = 0; row < bins.count; row++) {
          if (this.selection.bins(row)) {
            rows[count++] = row;
          }
        }
        return count === bins.count ? null : of(rows.subarray(0, count), bins.count);
      }
    }
  }

  private whole(): { results: Results; finished: Finished } {
    const { results, finished } = this;
    if (results === null || finished === null) {
      throw new Error('there are no results yet');
    }
    return { results, finished };
  }

  send({ destination, pseudonymKey }: Extract<Request, { type: 'send' }>): void {
    const { results } = this.whole();
    this.shipment?.cancel();
    const shipment = new Shipment(results, destination, pseudonymKey, (sending) => {
      if (this.shipment === shipment) {
        say({ type: 'sending', sending });
      }
    });
    this.shipment = shipment;
    void shipment.run();
  }

  cancelSending(): void {
    this.shipment?.cancel();
  }

  resumeSending(): void {
    void this.shipment?.resume();
  }

  refused(id: number): void {
    const blob = this.shipment?.refusedDocuments() ?? new Blob();
    say({ type: 'exported', id, blob, fileName: 'refused.ndjson', records: 0 });
  }
}

const wordsOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

const session = new Session();

/** What a request asks for. */
const handle = async (request: Request): Promise<void> => {
  await loadAnalyzer();
  switch (request.type) {
    case 'analyze': return session.analyze(request.files, request.options);
    case 'reanalyze': return session.reanalyze(request.options);
    case 'cancel': return session.cancel();
    case 'filter': return session.setFilter(request.filter);
    case 'timeline': return session.draw(request.id, request.view);
    case 'timelineSvg': return session.drawSvg(request.id, request.view);
    case 'hit': return session.hit(request.id, request.view, request.xPx, request.yPx);
    case 'step': return session.step(request.id, request.row, request.to);
    case 'objects':
    case 'streams': return session.rows(request);
    case 'locate': return session.locate(request);
    case 'export': return session.export(request);
    case 'testConnection':
      say({ type: 'connection', id: request.id, test: await testConnection(request.destination) });
      return;
    case 'send': return session.send(request);
    case 'cancelSending': return session.cancelSending();
    case 'resumeSending': return session.resumeSending();
    case 'refused': return session.refused(request.id);
  }
};

watchPolicy(scope);
scope.onmessage = ({ data }: MessageEvent<Request>) => {
  handle(data).catch((problem: unknown) => {
    say({ type: 'error', id: 'id' in data ? data.id : null, message: wordsOf(problem) });
  });
};
loadAnalyzer().then(
  () => say({ type: 'ready', version: __VERSION__ }),
  (problem: unknown) => say({ type: 'failed', faults: [], leftOut: [], reason: wordsOf(problem) }),
);
