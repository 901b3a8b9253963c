/**
 * Slices of files, read while the caller works on the one before.
 *
 * In: a file as the browser keeps it. Out: its slices in order. Guaranteed: at most three slices are in memory, whatever the
 * file's size: one that is worked on and two that are read; where no worker can be started, they are read here.
 */

import { readHere, reasonOf, type Got, type Wanted } from './slice';
import SliceWorker from './slice-worker?worker';

/** Two under way keep the reading worker busy while a finished slice is handed over. */
const READ_AHEAD = 2;

export interface Chunk {
  readonly bytes: Uint8Array;
  /** Bytes of the file that were read, as they are stored. */
  readonly storedBytes: number;
}

/** Why a file could not be read to its end. */
export class ReadingError extends Error {}

/** The page's side of the reading worker. */
class Slicer {
  #worker: Worker | null = null;
  #isBroken = typeof Worker === 'undefined';
  #lastId = 0;
  readonly #waiting = new Map<number, { wanted: Wanted; resolve: (bytes: ArrayBuffer) => void; reject: (error: Error) => void }>();

  async read(file: Blob, from: number, to: number): Promise<ArrayBuffer> {
    const worker = this.#worker ??= this.#start();
    if (worker === null) return readHere(file, from, to);
    return new Promise((resolve, reject) => {
      const wanted = { id: ++this.#lastId, file, from, to };
      this.#waiting.set(wanted.id, { wanted, resolve, reject });
      worker.postMessage(wanted);
    });
  }

  #start(): Worker | null {
    if (this.#isBroken) return null;
    try {
      const worker = new SliceWorker({ name: 'slices' });
      worker.onmessage = ({ data }: MessageEvent<Got>) => this.#take(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#broke();
      };
      return worker;
    } catch {
      this.#broke();
      return null;
    }
  }

  #take(got: Got): void {
    const waiting = this.#waiting.get(got.id);
    this.#waiting.delete(got.id);
    if ('bytes' in got) waiting?.resolve(got.bytes);
    else waiting?.reject(new Error(got.reason));
  }

  /** What was asked of it is read here, as is all that follows. */
  #broke(): void {
    this.#isBroken = true;
    this.#worker?.terminate();
    this.#worker = null;
    for (const { wanted: { file, from, to }, resolve, reject } of this.#waiting.values()) {
      readHere(file, from, to).then(resolve, (problem: unknown) => reject(new Error(reasonOf(problem))));
    }
    this.#waiting.clear();
  }
}

const slicer = new Slicer();

/** Slices of a file of at most so many bytes each. */
export async function* slices(file: File, bytes: number): AsyncGenerator<Chunk> {
  const ahead: Promise<ArrayBuffer>[] = [];
  let asked = 0;
  const ask = (): void => {
    for (; ahead.length < READ_AHEAD && asked < file.size; asked += bytes) {
      const read = slicer.read(file, asked, Math.min(asked + bytes, file.size));
      // A rejection while the caller works must not count as unhandled; it is met when its turn comes.
      read.catch(() => undefined);
      ahead.push(read);
    }
  };
  for (let from = 0; from < file.size; from += bytes) {
    ask();
    const slice = await ahead.shift()!.catch((problem: unknown) => {
      throw new ReadingError(`the browser can't read on: ${reasonOf(problem)}`);
    });
    ask();
    yield { bytes: new Uint8Array(slice), storedBytes: Math.min(from + bytes, file.size) };
  }
}
