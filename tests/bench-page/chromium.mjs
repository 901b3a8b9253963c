// Chromium, and what the system and its inspector know about it.
//
// In:  where Chromium and playwright-core are.
// Out: a page; CPU time of its threads, peak memory of its process, and what its worker holds.
// Guaranteed: where something can't be known (no /proc, an inspector of another version) it is null, and never 0.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const WINDOW = { width: 1400, height: 900 };

export class Browser {
  /** Ends with an error when the page's process dies. */
  crashed;
  page;
  #browser;
  #system;
  #inspector;
  /** Inspector's session of the latest worker. */
  #worker = null;
  #answers = new Map();
  #asked = 0;
  /** Nothing that counts comes any more. */
  #isDone = false;

  static async open({ chromium, packages }) {
    const playwright = createRequire(join(packages, 'index.js'))('playwright-core');
    const self = new Browser();
    self.#browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--disable-gpu'] });
    // A movement of the timeline is one frame then.
    const context = await self.#browser.newContext({ viewport: WINDOW, reducedMotion: 'reduce', locale: 'en-GB' });
    self.page = await context.newPage();
    self.crashed = new Promise((_, reject) => {
      self.page.on('crash', () => {
        if (!self.#isDone) reject(new Error('the process of the page died'));
      });
    });
    self.crashed.catch(() => {});
    self.#system = await self.#browser.newBrowserCDPSession();
    self.#inspector = await context.newCDPSession(self.page);
    await self.#watchWorkers();
    return self;
  }

  async close() {
    await Promise.race([this.#browser.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  }

  /** Of all processes that show something, by their number: peak memory in bytes and CPU time of the main thread in ms. */
  async usage() {
    const { processInfo } = await this.#system.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    return new Map(renderers.map((id) => [id, {
      peakRssBytes: peakRssBytes(id),
      mainCpuMs: cpuMs(id, 'CrRendererMain', 'chromium'),
      workerCpuMs: cpuMs(id, 'DedicatedWorker'),
    }]));
  }

  /** What the page and its worker used since `before`: theirs is the only process with a worker. */
  async usedSince(before) {
    const [id, now] = [...(await this.usage())].find(([, { workerCpuMs }]) => workerCpuMs !== null) ?? [];
    const then = before.get(id);
    return {
      cpuMs: now?.workerCpuMs ?? null,
      mainCpuMs: then ? difference(now.mainCpuMs, then.mainCpuMs) : null,
      peakRssBytes: now?.peakRssBytes ?? null,
      emptyRssBytes: then?.peakRssBytes ?? null,
    };
  }

  /**
   * The size of the memories of WebAssembly in the worker, in bytes; they never shrink. To be asked last: the question stops some
   * pages for ever.
   */
  async workerMemoryBytes() {
    this.#isDone = true;
    try {
      const { result } = await this.#ask('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
      const { objects } = await this.#ask('Runtime.queryObjects', { prototypeObjectId: result.objectId });
      const sum = 'function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }';
      const summed = await this.#ask('Runtime.callFunctionOn', {
        objectId: objects.objectId, functionDeclaration: sum, returnByValue: true,
      });
      return summed.result.value;
    } catch {
      return null;
    }
  }

  /** Of the worker: its heap and its buffers, without the memories of WebAssembly, in bytes. */
  async workerHeapBytes() {
    try {
      const { usedSize, backingStorageSize } = await this.#ask('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    } catch {
      return null;
    }
  }

  /** The driver speaks to pages only; a worker is reached through the inspector of its page. */
  async #watchWorkers() {
    this.#inspector.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#worker = sessionId;
    });
    this.#inspector.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result, error } = JSON.parse(message);
      const waiting = this.#answers.get(id);
      this.#answers.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    });
    await this.#inspector.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  }

  #ask(method, params = {}) {
    const id = ++this.#asked;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method, params });
    const sent = this.#inspector.send('Target.sendMessageToTarget', { sessionId: this.#worker, message });
    return Promise.race([sent.then(() => answer), new Promise((_, reject) => setTimeout(reject, 10_000, new Error('no answer')))]);
  }
}

const difference = (after, before) => (after === null || before === null ? null : after - before);

function peakRssBytes(id) {
  const kib = /^VmHWM:\s*(\d+) kB/m.exec(read(`/proc/${id}/status`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** Of all threads whose name begins so: time on a processor, to the nanosecond where the kernel counts it. */
function cpuMs(id, ...names) {
  let sum = null;
  for (const thread of list(`/proc/${id}/task`)) {
    const name = read(`/proc/${id}/task/${thread}/comm`)?.trim() ?? '';
    const ns = read(`/proc/${id}/task/${thread}/schedstat`)?.split(' ')[0];
    if (ns !== undefined && names.some((known) => name.startsWith(known))) sum = (sum ?? 0) + Number(ns) / 1e6;
  }
  return sum;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
