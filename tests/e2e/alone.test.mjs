// The page alone: without a network, and without a server.
//
// Compared with: the page from its server.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, REAL } from './support/captures.mjs';
import { WEB } from './support/server.mjs';

const world = setUp();

const CAPTURE = join(REAL, 'chat-nginx.pcap.gz');
const ZSTD = join(CONVENTIONS, 'pcap_zstd_two_frames.pcap.zst');
const SINGLE_FILE = pathToFileURL(join(WEB, 'sniffit.html')).href;

/** What the page makes of a capture, as text. */
async function objectsOf(sniffit) {
  const { type, finished } = await sniffit.drop(CAPTURE);
  assert.equal(type, 'finished');
  assert.equal(finished.status, 'complete');
  return (await sniffit.export({ format: 'CSV' })).bytes.toString();
}

test('the network is cut: the page loads again and reads captures', async (t) => {
  const sniffit = await world.open(t);
  const expected = await objectsOf(sniffit);
  const { page, context } = sniffit;
  // The first load fills the service worker's store; the second is under its control.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await page.locator('header h1').waitFor();
  assert.equal(await objectsOf(sniffit), expected);
  await page.reload();
  const { type, finished } = await sniffit.demo();
  assert.equal(type, 'finished', 'the demo capture is kept too');
  assert.ok(finished.manifest.records.objects > 100);
  assert.equal((await sniffit.drop(ZSTD)).type, 'finished', 'what is loaded late is kept too');
});

test('the single file opens from a disk, reads, exports, and asks for nothing', async (t) => {
  const fromServer = await objectsOf(await world.open(t));
  const sniffit = await world.open(t, { at: SINGLE_FILE });
  assert.equal((await sniffit.demo()).type, 'finished');
  assert.equal(await objectsOf(sniffit), fromServer);
  const zstd = await sniffit.drop(ZSTD);
  assert.equal(zstd.type, 'finished', 'what is loaded late elsewhere is in the file too');
  const others = sniffit.seen.requests.filter((url) => url !== SINGLE_FILE && !/^(blob:|data:)/.test(url));
  assert.deepEqual(others, []);
  assert.match(await sniffit.page.locator('header').innerText(), /0 bytes sent/);
});

test('the single file keeps the filter of its address, and the language that was chosen', async (t) => {
  const sniffit = await world.open(t, { at: `${SINGLE_FILE}#direction=down` });
  await sniffit.demo();
  assert.deepEqual(await sniffit.chips(), ['▼ down']);
  await sniffit.button('FR').click();
  await sniffit.page.reload();
  assert.equal(await sniffit.page.locator('html').getAttribute('lang'), 'fr');
});

test('the manifest and the icon are what a browser needs to install the page', async () => {
  const manifest = await (await fetch(`${world.address}manifest.webmanifest`)).json();
  assert.ok(manifest.name && manifest.start_url && manifest.icons.length > 0);
  assert.equal((await fetch(new URL(manifest.icons[0].src, world.address))).status, 200);
});

test('the policy of the single file names what it runs, by digest', () => {
  const text = readFileSync(join(WEB, 'sniffit.html'), 'utf8');
  const policy = /http-equiv="?Content-Security-Policy"? content="([^"]+)"/i.exec(text)?.[1] ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src [^;]*'sha256-/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/);
});
