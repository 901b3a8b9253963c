// A browser, and in it the page.
//
// In:  nothing, or options of a context. Out: pages that are watched from their first byte on. Guaranteed: a test that ends finds
//      no dialog, no exception, no violation of the policy and no unexpected request, or it fails; every context is new, so
//      that tests share nothing; the browser ends with the file of tests.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { Sniffit } from './page.mjs';
import { serve } from './server.mjs';

// The packages are those of the page.
const { chromium } = createRequire(new URL('../../../web/package.json', import.meta.url))('playwright-core');

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Long, because a machine may be busy; a test that passes never waits for it. */
export const PATIENCE_MS = Number(process.env.SNIFFIT_TEST_PATIENCE_MS ?? 30_000);

/** For all tests of a file: a server with the page, a browser, and `open`, which gives a page to a test. */
export function setUp({ answer } = {}) {
  const world = { browser: null, server: null };
  before(async () => {
    world.server = await serve({ answer });
    world.browser = await chromium.launch({ executablePath: process.env.SNIFFIT_TEST_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGUMENTS });
  });
  after(async () => {
    await world.browser?.close();
    await world.server?.close();
  });
  return {
    get address() {
      return world.server.address;
    },
    /** `t` is the test's context. `at` is an address, or what follows the server's. */
    async open(t, { at = '', ...options } = {}) {
      const context = await world.browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      const seen = { requests: [], dialogs: [], exceptions: [], violations: [] };
      context.on('request', (request) => seen.requests.push(request.url()));
      await context.exposeBinding('__violation', (_source, text) => seen.violations.push(text));
      await context.addInitScript(watch);
      const page = await context.newPage();
      page.on('dialog', (dialog) => {
        seen.dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      page.on('pageerror', (error) => seen.exceptions.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) seen.violations.push(message.text());
      });
      t.after(async () => {
        await context.close();
        assert.deepEqual({ ...seen, requests: [] }, { requests: [], dialogs: [], exceptions: [], violations: [] });
      });
      const address = at.includes(':') ? at : world.server.address + at;
      await page.goto(address);
      await page.locator('header h1').waitFor();
      return new Sniffit(page, context, seen);
    },
    /** The numbers of the browser's processes of a kind, such as `renderer`. */
    async processes(kind) {
      const session = await world.browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      await session.detach();
      return processInfo.filter(({ type }) => type === kind).map(({ id }) => id);
    },
    /** The tasks of the page's main thread during `act`, with their processor time. */
    async traced(sniffit, act) {
      await world.browser.startTracing(sniffit.page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
      const result = await act();
      const { traceEvents } = JSON.parse(await world.browser.stopTracing());
      const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
      const tasks = traceEvents.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mains.has(`${pid} ${tid}`));
      return { result, tasks: tasks.map(({ tdur = 0 }) => ({ cpuMs: tdur / 1000 })) };
    },
  };
}

/** Runs in the page before all else: hears the worker, and what the policy forbids. */
function watch() {
  const news = [];
  const listeners = new Set();
  globalThis.__sniffit = {
    news,
    /** The first news that `test` takes, from the one with number `from` on. */
    wait: (from, types) => new Promise((resolve) => {
      const look = () => {
        const found = news.findIndex(({ type }, at) => at >= from && types.includes(type));
        if (found < 0) return;
        listeners.delete(look);
        resolve(news[found]);
      };
      listeners.add(look);
      look();
    }),
  };
  const Native = globalThis.Worker;
  globalThis.Worker = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        // What is large stays out: it would be copied and kept.
        const { type, finished, progress, overview, sending, faults, leftOut, reason } = data;
        if (!['ready', 'progress', 'overview', 'finished', 'failed', 'sending', 'error'].includes(type)) return;
        const totals = overview && { all: overview.all, selected: overview.selected, filter: overview.filter, options: overview.options, spanNs: overview.spanNs };
        news.push({
          type, progress, sending, faults, leftOut, reason, message: data.message, overview: totals,
          finished: finished && { ...finished, captureStartNs: String(finished.captureStartNs) },
        });
        // After the page has heard it.
        setTimeout(() => [...listeners].forEach((listener) => listener()));
      });
    }
  };
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => globalThis.__violation?.(`${violatedDirective} ${blockedURI}`));
}
