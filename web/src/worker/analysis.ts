/**
 * Files and options to tables and results.
 *
 * In: files and options. Out: tables that grow while files are read, and at the end what can be exported and sent.
 * Guaranteed: between two chunks other messages are answered; a cancelled or damaged reading leaves what came before it;
 * nothing of an analysis that was given up reaches the page.
 */

import { Analysis, endReasons, gapValuesNs, nameSources, type Results } from 'analyzer-wasm';
import type { AnalysisOptions, Fault, Finished, Progress } from '../protocol';
import { Hosts } from './hosts';
import type { PacketGaps } from './overview';
import { ReadingError, chunksOf, recordingOf, type Recording } from './reading';
import { END_REASONS, NAME_SOURCES, append, emptyTables, type Tables } from './tables';

export interface Job {
  readonly files: readonly File[];
  readonly options: AnalysisOptions;
  /** The reading is to end, and what was read is to be shown. */
  isCancelled: boolean;
  /** Another analysis took its place. */
  isAbandoned: boolean;
}

export interface Found {
  readonly tables: Tables;
  packetGaps: PacketGaps | null;
  /** From the first packet to the end of the latest record. */
  spanNs: number;
}

/** Called while files are read, and where they end. */
export interface Watcher {
  progress: (progress: Progress) => void;
  grown: (found: Found) => void;
}

export type Outcome =
  | { readonly results: Results; readonly found: Found; readonly finished: Finished }
  | { readonly results: null; readonly faults: readonly Fault[]; readonly leftOut: readonly string[] };

const decoder = new TextDecoder();

/** The manifest of results, as the page shows it. */
export const manifestOf = (results: Results): Finished['manifest'] =>
  JSON.parse(decoder.decode(results.manifest())) as Finished['manifest'];

/** Runs an analysis to its end. */
export const analyze = async (job: Job, watcher: Watcher): Promise<Outcome> => {
  if (endReasons().join() !== END_REASONS.join() || nameSources().join() !== NAME_SOURCES.join()) {
    throw new Error('the page and its module are of different versions: load the page again');
  }
  const begun = performance.now();
  // Wrong options are told before a file is touched.
  const analysis = new Analysis(job.options);
  try {
    const recording = await recordingOf(job.files);
    const found: Found = { tables: emptyTables(), packetGaps: null, spanNs: 0 };
    const run = new Run(job, analysis, recording, found, watcher, begun);
    await run.passes();
    const results = analysis.finish(recording.name);
    run.take();
    found.packetGaps &&= kept(found.packetGaps);
    found.spanNs = Math.max(found.spanNs, spanOf(found.tables));
    const manifest = manifestOf(results);
    const faults = manifest.inputs.flatMap(({ name, fault }) =>
      fault === null || (manifest.status === 'interrupted' && fault.reason === 'interrupted')
        ? []
        : [{ file: name, offset: fault.offset, reason: fault.reason }]);
    const { leftOut } = recording;
    if (!results.hasAny || manifest.inputs.length === 0) {
      results.free();
      return { results: null, faults, leftOut };
    }
    const status = manifest.status as Finished['status'];
    const elapsedMs = performance.now() - begun;
    return { results, found, finished: { status, manifest, captureStartNs: run.startNs, faults, leftOut, elapsedMs } };
  } finally {
    analysis.free();
  }
};

/** Counts that outlive the analysis. */
const kept = ({ values, counts }: PacketGaps): PacketGaps => {
  const lanes = [0, 1].map((direction) => [0, 1].map((transport) => counts(direction, transport)));
  return { values, counts: (direction, transport) => lanes[direction]?.[transport] ?? new Uint32Array() };
};

/** The latest time of any record. */
const spanOf = ({ streamEnds }: Tables): number => {
  let latestNs = 0;
  for (let row = 0; row < streamEnds.count; row++) {
    latestNs = Math.max(latestNs, (streamEnds.startNs[row] ?? 0) + (streamEnds.durationNs[row] ?? 0));
  }
  return latestNs;
};

/** One reading of all files, or two. */
class Run {
  /** Time of the first packet, once it is known. */
  startNs: bigint | null = null;
  private readonly job: Job;
  private readonly analysis: Analysis;
  private readonly recording: Recording;
  private readonly found: Found;
  private readonly watcher: Watcher;
  private readonly begun: number;
  private readonly bytesTotal: number;
  private readonly hosts: Hosts;

  constructor(job: Job, analysis: Analysis, recording: Recording, found: Found, watcher: Watcher, begun: number) {
    this.job = job;
    this.analysis = analysis;
    this.recording = recording;
    this.found = found;
    this.watcher = watcher;
    this.begun = begun;
    this.hosts = new Hosts(found.tables);
    this.bytesTotal = recording.files.reduce((sum, { size }) => sum + size, 0);
  }

  /** Reads as often as the method wants. A cancelled first pass has no second: there is nothing to show of it. */
  async passes(): Promise<void> {
    const passes = this.analysis.isFirstOfTwo ? 2 : 1;
    await this.pass(1, passes);
    if (passes === 2) {
      const { isCancelled } = this.job;
      this.analysis.nextPass();
      if (isCancelled) {
        this.analysis.interrupt(0);
      } else {
        await this.pass(2, passes);
      }
    }
  }

  private async pass(pass: number, passes: number): Promise<void> {
    const { analysis, job } = this;
    let before = 0;
    for (const file of this.recording.files) {
      analysis.beginInput(file.name);
      let offset = 0;
      let reason: string | undefined;
      try {
        for await (const { bytes, storedBytes } of chunksOf(file)) {
          const goesOn = analysis.push(bytes);
          offset += bytes.length;
          if (pass === passes) {
            this.take();
          }
          this.watcher.progress({
            pass, passes, bytesRead: before + storedBytes, bytesTotal: this.bytesTotal, packets: analysis.packets,
            elapsedMs: performance.now() - this.begun, file: file.name,
          });
          if (!goesOn || job.isCancelled) {
            break;
          }
        }
      } catch (problem) {
        if (!(problem instanceof ReadingError)) {
          throw problem;
        }
        reason = problem.message;
      }
      if (job.isCancelled) {
        analysis.interrupt(offset);
        return;
      }
      analysis.endInput(offset, reason);
      before += file.size;
    }
  }

  /** Takes what came since the last call. */
  take(): void {
    const { analysis, found, hosts } = this;
    this.startNs ??= analysis.startNs ?? null;
    if (this.startNs === null) {
      return;
    }
    const { tables } = found;
    const streams = analysis.takeStreams();
    hosts.addAddresses(analysis.takeAddresses());
    hosts.addNames(analysis.takeNames());
    hosts.addStreams(streams);
    const first = tables.objects.count;
    append(tables.objects, analysis.takeObjects(this.startNs));
    hosts.addStreamEnds(analysis.takeStreamEnds(this.startNs));
    append(tables.bins, analysis.takeBins(this.startNs));
    const { objects } = tables;
    for (let row = first; row < objects.count; row++) {
      found.spanNs = Math.max(found.spanNs, (objects.startNs[row] ?? 0) + (objects.durationNs[row] ?? 0));
    }
    found.packetGaps ??= {
      values: gapValuesNs(),
      counts: (direction, transport) => analysis.gapCounts(direction, transport),
    };
    this.watcher.grown(found);
  }
}
