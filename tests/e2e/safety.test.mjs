// Nothing leaves the page, and nothing from outside runs in it.
//
// That no page violates its policy, shows a dialog or throws is checked after every test of this folder, by support/browser.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, HOSTILE } from './support/captures.mjs';
import { deployedHeaders } from './support/server.mjs';

const world = setUp();
const PUSH = readFileSync(join(CONVENTIONS, 'golden_push.pcap'));

test('the page comes with the headers of the deployment, from one place and nothing else', async (t) => {
  const sniffit = await world.open(t);
  const answer = await fetch(world.address);
  for (const [name, value] of Object.entries(deployedHeaders())) assert.equal(answer.headers.get(name), value);
  assert.match(deployedHeaders()['Content-Security-Policy'], /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';/);
  assert.ok(sniffit.seen.requests.length > 2);
  for (const address of sniffit.seen.requests) assert.ok(address.startsWith(world.address), address);
});

test('while captures are read, looked at and saved, nothing is asked for', async (t) => {
  const sniffit = await world.open(t);
  const { page, seen } = sniffit;
  const sent = page.locator('.sent');
  assert.equal(await sent.innerText(), '0 bytes sent');
  await page.waitForFunction(() => globalThis.navigator.serviceWorker.ready.then(() => true));
  // The worker and its module are the page's own; they are fetched with the first capture.
  await sniffit.drop(join(CONVENTIONS, 'golden_quic.pcap'));
  const own = new RegExp(`^${world.address}(assets/[\\w.-]+|sw\\.js|index\\.html|icon\\.svg|manifest\\.webmanifest)?$`);
  for (const address of seen.requests) assert.match(address, own);
  seen.requests.length = 0;
  await sniffit.drop(join(CONVENTIONS, 'golden_web.pcap.gz'));
  await sniffit.drop([join(CONVENTIONS, 'golden_push.pcap'), join(CONVENTIONS, 'golden_call.pcap')]);
  await sniffit.filtered(() => page.locator('.tables th[scope=row] button').first().click());
  for (const name of ['Objects', 'Streams', 'Data quality']) await sniffit.tab(name);
  await sniffit.button(/^Method/).click();
  await sniffit.export();
  assert.equal(await sent.innerText(), '0 bytes sent');
  // What is saved is a blob: of the page. The browser itself looks at the icon of a tab when its address changes.
  assert.deepEqual(seen.requests.filter((address) => !address.startsWith('blob:') && address !== `${world.address}icon.svg`), []);
});

describe('names of files are text', () => {
  const cases = [
    { name: '<img src=x onerror=alert(1)>.pcap', shown: '<img src=x onerror=alert(1)>.pcap' },
    { name: '"><script>alert(2)<\\script>.pcap', shown: '"><script>alert(2)<\\script>.pcap' },
    { name: 'invoice\u202egpj.pcap', shown: 'invoice\\xe2\\x80\\xaegpj.pcap' },
    { name: 'bell\u0007\u001b[31m.pcap', shown: 'bell\\x07\\x1b[31m.pcap' },
    { name: '=cmd|calc.pcap', shown: '=cmd|calc.pcap' },
    { name: `${'long'.repeat(400)}.pcap`, shown: /^(long)+/ },
  ];
  for (const { name, shown } of cases) {
    test(JSON.stringify(name.slice(0, 40)), async (t) => {
      const sniffit = await world.open(t);
      const { page } = sniffit;
      const isShown = (text) => (shown instanceof RegExp ? assert.match(text, shown) : assert.equal(text, shown));
      const elements = () => page.evaluate(() => document.querySelectorAll('img, script:not([src]), iframe, object').length);
      // As a capture, as one of two, as what is damaged, and as what is none.
      const { finished } = await sniffit.dropMade([[name, PUSH]]);
      assert.equal(finished.status, 'complete');
      isShown(await page.locator('.capture strong').innerText());
      await sniffit.tab('Data quality');
      isShown(await page.locator('.files tbody th').innerText());
      assert.doesNotMatch(await page.title(), /[\u0000-\u001f\u202a-\u202e]/);
      const { name: saved } = await sniffit.export();
      assert.match(saved, /^[\p{L}\p{N}._-]+\.objects\.ndjson$/u);
      await sniffit.dropMade([[name, PUSH.subarray(0, PUSH.length - 3)]]);
      assert.ok(await page.locator('.notice li').count() > 0);
      await sniffit.dropMade([[name, Buffer.from('no capture')]]);
      assert.ok(await page.locator('.notice.bad li').count() > 0);
      assert.doesNotMatch(await page.locator('body').innerText(), /[\u0000-\u0008\u001b\u202a-\u202e]/);
      assert.equal(await elements(), 0);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    });
  }
});

describe('names in captures are text', { skip: HOSTILE ? false : '../shared/data/hostile is not here' }, () => {
  for (const file of ['gen_xss_sni.pcap', 'ndpi__dns-invalid-chars.pcap', 'gen_csv_dns.pcap']) {
    test(file, async (t) => {
      const sniffit = await world.open(t);
      const { page } = sniffit;
      await sniffit.drop(join(HOSTILE ?? '', file));
      const before = await page.evaluate(() => document.querySelectorAll('img, script, iframe, object, [onerror], [onload]').length);
      for (const name of ['Servers', 'Objects', 'Streams', 'Data quality']) {
        await sniffit.tab(name);
        assert.equal(await page.evaluate(() => document.querySelectorAll('img, script, iframe, object, [onerror], [onload]').length), before);
      }
      assert.doesNotMatch(await page.locator('body').innerText(), /[\u0000-\u0008\u001b\u202a-\u202e]/);
      assert.equal(basename(await page.locator('.capture strong').innerText()), file);
    });
  }
});

test('a script that gets into the page is not run', async (t) => {
  const sniffit = await world.open(t);
  const { page, seen } = sniffit;
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<b onclick="globalThis.ran = true" id="bait">bait</b>');
    document.getElementById('bait').click();
  });
  await page.evaluate(() => fetch('http://127.0.0.1:1/').catch(() => undefined));
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.ok(seen.violations.some((text) => text.startsWith('script-src')) && seen.violations.some((text) => text.startsWith('connect-src')));
  // They were meant.
  seen.violations.length = 0;
});

test('gzip that unpacks to very much is read in little memory, and can be stopped', async (t) => {
  const sniffit = await world.open(t);
  // A gigabyte of zeros behind a capture: no length in them is believable as a record's, so that reading ends at the fault.
  const { gzipSync } = await import('node:zlib');
  const bomb = Buffer.concat([gzipSync(PUSH), gzipSync(Buffer.alloc(256 << 20))]);
  assert.ok(gunzipSync(gzipSync(PUSH)).equals(PUSH) && bomb.length < 1 << 20);
  const { type, finished } = await sniffit.dropMade([['bomb.pcap.gz', bomb]]);
  assert.equal(type, 'finished');
  assert.ok(finished.manifest.counters.frames >= 1);
});
