/**
 * What the page looks at: files, what was found in them, and what of it is selected.
 *
 * In: requests, one method each. Out: answers and news. Guaranteed: news of an analysis that was given up are not told; while
 * files are read, overviews take at most a fifth of the time; a model is made when it is asked for, and not before.
 */

import type { Results } from 'analyzer-wasm';
import type { AnalysisOptions, Filter, Finished, Request, TimelineView } from '../protocol';
import { analyze, type Found, type Job } from './analysis';
import { objectDetail, objectOrder, streamDetail, streamOrder } from './details';
import { exportOf } from './exporting';
import { modelFiles, Models, modelView } from './model';
import { overviewOf } from './overview';
import { bitsOf, select, type Rows, type Selection } from './selection';
import { serverRows, type ServerRows } from './servers';
import { Shipments, type Say } from './shipments';
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

const empty = (): Found => ({ tables: emptyTables(), packetGaps: null, spanNs: 0 });

/** What the page looks at. */
export class Session {
  private readonly say: Say;
  private job: Job | null = null;
  private found = empty();
  private results: Results | null = null;
  private finished: Finished | null = null;
  private filter: Filter = {};
  private selection: Selection = select(this.found.tables, {});
  private allServers: ServerRows = serverRows(this.found.tables, null);
  private allApplications: ServerRows = serverRows(this.found.tables, null, 'application');
  private lanes: Lanes | null = null;
  private revision = 0;
  private lastOverview = 0;
  private overviewMs = 0;
  private lastProgress = 0;
  private order: { key: string; rows: Uint32Array } = { key: '', rows: new Uint32Array() };
  private readonly models = new Models();
  readonly shipments: Shipments;

  constructor(say: Say) {
    this.say = say;
    this.shipments = new Shipments(say);
  }

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
            this.say({ type: 'progress', progress });
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
        this.say({ type: 'failed', faults: outcome.faults, leftOut: outcome.leftOut, reason: null });
        return;
      }
      this.show(outcome.found, outcome.results, outcome.finished);
      this.grown();
      this.say({ type: 'finished', finished: outcome.finished });
    } catch (problem) {
      if (!job.isAbandoned) {
        this.say({ type: 'failed', faults: [], leftOut: [], reason: wordsOf(problem) });
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
    this.allApplications = serverRows(this.found.tables, null, 'application');
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
      revision: this.revision, allServers: this.allServers, allApplications: this.allApplications,
    });
    this.say({ type: 'overview', overview });
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
    this.say({ type: 'timeline', id, frame }, [pixels.buffer]);
  }

  async drawSvg(id: number, view: TimelineView): Promise<void> {
    this.say({ type: 'timelineSvg', id, svg: await timelineSvg(this.currentLanes, view) });
  }

  hit(id: number, view: TimelineView, xPx: number, yPx: number): void {
    this.sayObject(id, objectAt(this.currentLanes, view, xPx, yPx));
  }

  step(id: number, row: number, to: 'next' | 'previous' | 'above' | 'below'): void {
    this.sayObject(id, step(this.currentLanes, row, to));
  }

  private sayObject(id: number, row: number): void {
    const { tables } = this.found;
    this.say({ type: 'hit', id, object: row >= 0 && row < tables.objects.count ? objectDetail(tables, row) : null });
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
      this.say({ type: 'objects', id, revision, total: ordered.length, rows });
    } else {
      const { sort } = request;
      const ordered = this.ordered(key, () => streamOrder(tables, this.selection.streams, sort));
      const rows = page(ordered).map((row) => streamDetail(tables, row));
      this.say({ type: 'streams', id, revision, total: ordered.length, rows });
    }
  }

  locate({ id, row, sort }: Extract<Request, { type: 'locate' }>): void {
    const { tables } = this.found;
    const key = `objects ${sort.column} ${sort.descending}`;
    const ordered = this.ordered(key, () => objectOrder(tables, this.selection.objects, sort));
    const timelineRow = this.currentLanes.rowOfStream[tables.objects.stream[row] ?? 0] ?? -1;
    this.say({ type: 'locate', id, position: ordered.indexOf(row), timelineRow, object: objectDetail(tables, row) });
  }

  async export(request: Extract<Request, { type: 'export' }>): Promise<void> {
    const { id, kind, format, scope: wanted, pseudonymKey } = request;
    const { results, finished } = this.whole();
    const selection = wanted === 'all' || kind === 'analysis' ? null : this.bits(kind);
    const captureName = finished.manifest.capture_name;
    const exported = await exportOf(results, { kind, format, selection, pseudonymKey, captureName });
    this.say({ type: 'exported', id, ...exported });
  }

  model({ id, by, group }: Extract<Request, { type: 'model' }>): void {
    const { results } = this.whole();
    const model = this.models.of(results, by, this.revision, () => this.bits('objects'));
    this.say({ type: 'model', id, model: modelView(model, this.revision, group) });
  }

  exportModel({ id, target, by, pseudonymKey }: Extract<Request, { type: 'exportModel' }>): void {
    const { results, finished } = this.whole();
    const selection = this.bits('objects');
    const captureName = finished.manifest.capture_name;
    this.say({ type: 'modelFiles', id, files: modelFiles(results, { target, by, selection, pseudonymKey, captureName }) });
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
    this.shipments.begin(this.whole().results, destination, pseudonymKey);
  }
}

export const wordsOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
