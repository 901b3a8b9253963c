/**
 * Files to decompressed chunks.
 *
 * In: files as the browser keeps them. Out: chunks in order, with how far each leads in the stored file. Guaranteed: at most
 * three slices of a file are in memory, whatever its size; what comes before a damaged place is delivered; compression is
 * told by bytes and never by names.
 */

import { Gunzip, Probe, captureName, compressionOf } from 'analyzer-wasm';
import { reasonOf } from './slice';
import { ReadingError, slices, type Chunk } from './slices';

export { ReadingError, type Chunk };

/** Read at once: larger slices are not faster, and cancelling waits for one. */
const SLICE_BYTES = 16 << 20;
/** For the first packet of a file, which is mostly near. */
const PROBE_BYTES = 64 << 10;
/** Decompressed at once, so that a chunk of little and a chunk of much compressed data take about as long. */
const COMPRESSED_BYTES = 1 << 20;
const MAGIC_BYTES = 4;

async function* gunzipped(file: File): AsyncGenerator<Chunk> {
  const gunzip = new Gunzip();
  try {
    for await (const { bytes, storedBytes } of slices(file, COMPRESSED_BYTES)) {
      const problem = attempt(() => gunzip.push(bytes));
      yield { bytes: gunzip.take(), storedBytes };
      if (problem !== null) {
        throw problem;
      }
    }
    const problem = attempt(() => gunzip.end());
    yield { bytes: gunzip.take(), storedBytes: file.size };
    if (problem !== null) {
      throw problem;
    }
  } finally {
    gunzip.free();
  }
}

const attempt = (action: () => void): ReadingError | null => {
  try {
    action();
    return null;
  } catch (problem) {
    return new ReadingError(reasonOf(problem));
  }
};

async function* unzstd(file: File): AsyncGenerator<Chunk> {
  // Few captures need them.
  const [{ Decompress }, { Unzstd }] = await Promise.all([import('fzstd'), import('./zstd')]);
  const parts: Uint8Array[] = [];
  const unzstd = new Unzstd(Decompress, (part) => {
    parts.push(part);
  });
  for await (const { bytes, storedBytes } of slices(file, COMPRESSED_BYTES)) {
    const problem = attempt(() => {
      unzstd.push(bytes);
      if (storedBytes === file.size) {
        unzstd.end();
      }
    });
    for (const part of parts.splice(0)) {
      yield { bytes: part, storedBytes };
    }
    if (problem !== null) {
      throw problem;
    }
  }
}

/** The decompressed chunks of a file. */
export async function* chunksOf(file: File, sliceBytes = SLICE_BYTES): AsyncGenerator<Chunk> {
  const magic = new Uint8Array(await file.slice(0, MAGIC_BYTES).arrayBuffer().catch((problem: unknown) => {
    throw new ReadingError(`the browser can't read it: ${reasonOf(problem)}`);
  }));
  switch (compressionOf(magic)) {
    case 'gzip':
      yield* gunzipped(file);
      break;
    case 'zstd':
      yield* unzstd(file);
      break;
    default:
      yield* slices(file, sliceBytes);
  }
}

/** The path of a file in the folder that was chosen or dropped. */
const pathOf = (file: File): string => file.webkitRelativePath || file.name;

export interface Recording {
  /** In the order of their first packets. */
  readonly files: readonly File[];
  readonly name: string;
  /** Paths of files that are no captures. */
  readonly leftOut: readonly string[];
}

/** Which files make up the recording, and in which order. A file that was chosen alone is always taken. */
export const recordingOf = async (files: readonly File[]): Promise<Recording> => {
  const probed: { file: File; probe: Probe }[] = [];
  const leftOut: string[] = [];
  for (const file of files) {
    const probe = new Probe();
    try {
      for await (const { bytes } of chunksOf(file, PROBE_BYTES)) {
        if (!probe.push(bytes)) {
          break;
        }
      }
    } catch {
      // The reading will meet the same and say why.
    }
    if (probe.isCapture || files.length === 1) {
      probed.push({ file, probe });
    } else {
      leftOut.push(pathOf(file));
      probe.free();
    }
  }
  probed.sort((a, b) => {
    const isBefore = (x: typeof a, y: typeof a): boolean =>
      x.probe.isBefore(x.file.name, pathOf(x.file), y.probe, y.file.name, pathOf(y.file));
    return isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0;
  });
  for (const { probe } of probed) {
    probe.free();
  }
  const ordered = probed.map(({ file }) => file);
  return { files: ordered, name: captureName(ordered.map(({ name }) => name)), leftOut };
};
