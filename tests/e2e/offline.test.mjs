// Without a network: the page that a browser keeps, and the page in a single file.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, REAL } from './support/captures.mjs';
import { analyzed, withoutProgram } from './support/cli.mjs';
import { WEB } from './support/server.mjs';

const world = setUp();
const CAPTURE = join(CONVENTIONS, 'pcap_zstd_two_frames.pcap.zst');

test('with the network cut, the page opens again and analyses a capture, compressed with zstd, and the demo', async (t) => {
  const sniffit = await world.open(t);
  const { page, context } = sniffit;
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
  });
  await context.setOffline(true);
  assert.equal(await page.evaluate(() => fetch('no-such-file').then(() => 'answered', () => 'cut')), 'cut');
  await page.reload();
  await page.locator('header h1').waitFor();
  const { finished } = await sniffit.demo();
  assert.equal(finished.status, 'complete');
  // What is loaded lazily is kept, too.
  const zstd = await sniffit.drop(CAPTURE);
  assert.equal(zstd.finished.status, 'complete');
  assert.ok(zstd.finished.manifest.counters.frames > 0);
});

test('the manifest and the icon are what a browser needs to install it', async () => {
  const manifest = await (await fetch(`${world.address}manifest.webmanifest`)).json();
  assert.ok(manifest.name && manifest.start_url && manifest.icons.length > 0);
  assert.equal((await fetch(new URL(manifest.icons[0].src, world.address))).status, 200);
});

describe('the single file, opened from the disk', { skip: existsSync(join(WEB, 'sniffit.html')) ? false : 'the build has no sniffit.html' }, () => {
  const at = pathToFileURL(join(WEB, 'sniffit.html')).href;

  test('demo, drop, export; it asks for nothing but itself', async (t) => {
    const sniffit = await world.open(t, { at });
    const { page, seen } = sniffit;
    const { finished } = await sniffit.demo();
    assert.equal(finished.status, 'complete');
    const { bytes } = await sniffit.export({ format: 'CSV' });
    if (!withoutProgram) assert.ok(bytes.equals(analyzed([join(REAL, 'mix-nginx-gso.pcap.gz')], [], 'csv').read('objects.csv')));
    await page.keyboard.press('Escape');
    for (const file of [CAPTURE, join(CONVENTIONS, 'golden_web.pcap.gz')]) {
      const outcome = await sniffit.drop(file);
      assert.equal(outcome.finished.status, 'complete');
    }
    await sniffit.filtered(() => page.locator('.tables th[scope=row] button').first().click());
    await page.locator('.lane-plot').hover();
    assert.deepEqual(seen.requests.filter((address) => address !== at && !/^(blob|data):/.test(address)), []);
    assert.equal(await page.locator('.sent').innerText(), '0 bytes sent');
  });

  test('it keeps its filter and its language', async (t) => {
    const sniffit = await world.open(t, { at: `${at}#direction=down` });
    const { page } = sniffit;
    await sniffit.demo();
    assert.deepEqual(await sniffit.chips(), ['▼ down']);
    await sniffit.button('FR').click();
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
  });
});
