/** Slices come in order and whole, whatever becomes of the worker that reads them. */

import { afterEach, expect, test, vi } from 'vitest';
import type { Got, Wanted } from './slice';

const BYTES = Uint8Array.from({ length: 1000 }, (_, n) => n % 251);

/** A browser's worker, as far as it is used; what it does with a slice is up to the case. */
class FakeWorker {
  static behaviour: (worker: FakeWorker, wanted: Wanted) => void = () => undefined;
  static started = 0;
  onmessage: ((event: { data: Got }) => void) | null = null;
  onerror: ((event: { preventDefault: () => void }) => void) | null = null;
  isTerminated = false;
  constructor() {
    FakeWorker.started++;
  }
  postMessage(wanted: Wanted): void {
    queueMicrotask(() => FakeWorker.behaviour(this, wanted));
  }
  terminate(): void {
    this.isTerminated = true;
  }
}

const answer = async (worker: FakeWorker, { id, file, from, to }: Wanted): Promise<void> => {
  worker.onmessage?.({ data: { id, bytes: await file.slice(from, to).arrayBuffer() } });
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** What is delivered in slices of 300 bytes, and why not more. */
async function read(worker: unknown, sliceBytes = 300): Promise<{ bytes: number[]; stored: number[]; reason: string }> {
  vi.stubGlobal('Worker', worker);
  FakeWorker.started = 0;
  const { slices } = await import('./slices');
  const bytes: number[] = [];
  const stored: number[] = [];
  try {
    for await (const chunk of slices(new File([BYTES], 'x'), sliceBytes)) {
      bytes.push(...chunk.bytes);
      stored.push(chunk.storedBytes);
    }
  } catch (problem) {
    return { bytes, stored, reason: (problem as Error).message };
  }
  return { bytes, stored, reason: '' };
}

const whole = { bytes: [...BYTES], stored: [300, 600, 900, 1000], reason: '' };

test('without workers they are read here', async () => {
  expect(await read(undefined)).toEqual(whole);
});

test('a worker reads them, two at once, and may answer in any order', async () => {
  const asked: Wanted[] = [];
  FakeWorker.behaviour = (worker, wanted) => {
    asked.push(wanted);
    // The first of two is answered last.
    if (asked.length % 2 === 0) {
      for (const one of asked.slice(-2).reverse()) void answer(worker, one);
    } else if (wanted.to === BYTES.length) {
      void answer(worker, wanted);
    }
  };
  expect(await read(FakeWorker, 334)).toEqual({ ...whole, stored: [334, 668, 1000] });
  expect(FakeWorker.started).toBe(1);
});

test('a worker that can not be started is done without', async () => {
  const Refused = class {
    constructor() {
      throw new DOMException('no', 'SecurityError');
    }
  };
  expect(await read(Refused)).toEqual(whole);
});

test('what a worker that broke owes is read here, and all that follows', async () => {
  let answered = 0;
  FakeWorker.behaviour = (worker, wanted) => {
    if (answered++ === 0) void answer(worker, wanted);
    else worker.onerror?.({ preventDefault: () => undefined });
  };
  expect(await read(FakeWorker)).toEqual(whole);
  expect(FakeWorker.started).toBe(1);
});

test('what can not be read is told, after what came before it', async () => {
  FakeWorker.behaviour = (worker, wanted) => {
    if (wanted.from === 0) void answer(worker, wanted);
    else worker.onmessage?.({ data: { id: wanted.id, reason: 'the file was changed' } });
  };
  expect(await read(FakeWorker)).toEqual({
    bytes: [...BYTES.subarray(0, 300)], stored: [300], reason: "the browser can't read on: the file was changed",
  });
});
