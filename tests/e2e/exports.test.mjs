// What the page saves: records, byte for byte what the command line writes; figures that say what they show.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, REAL } from './support/captures.mjs';
import { analyzed, withoutProgram } from './support/cli.mjs';

const world = setUp();
const DEMO = join(REAL, 'mix-nginx-gso.pcap.gz');

const KINDS = [['Objects', 'objects'], ['Streams', 'streams'], ['Bins', 'bins']];
const FORMATS = [['NDJSON', 'ndjson'], ['CSV', 'csv'], ['JSON', 'json']];

describe('the bytes are the command line’s', { skip: withoutProgram }, () => {
  const cases = [
    { files: [DEMO] },
    { files: [join(CONVENTIONS, 'golden_quic.pcap')] },
    { files: [join(CONVENTIONS, 'pcapng_several_interfaces.pcapng')] },
    { files: [join(CONVENTIONS, 'truncated_last_packet.pcap')] },
    { files: [join(CONVENTIONS, 'golden_web.pcap.gz'), join(CONVENTIONS, 'golden_push.pcap')] },
    { files: [DEMO], method: ['fixed', 'fixed:1s'] },
    { files: [DEMO], method: ['mean-gap', 'mean-gap'] },
  ];
  for (const { files, method } of cases) {
    test(`${files.map((file) => basename(file)).join(' and ')}${method ? `, ${method[1]}` : ''}`, async (t) => {
      const sniffit = await world.open(t);
      const { page } = sniffit;
      if (method) {
        await sniffit.button(/^Method/).click();
        await page.getByRole('form').locator('select').first().selectOption(method[0]);
        await sniffit.button('Use for the next capture').click();
      }
      const outcome = await sniffit.choose(files);
      assert.equal(outcome.type, 'finished');
      const options = method ? ['--method', method[1]] : [];
      for (const [format, ending] of FORMATS) {
        const expected = analyzed(files, options, ending);
        for (const [kind, name] of KINDS) {
          const { bytes, name: saved } = await sniffit.export({ kind, format });
          assert.match(saved, new RegExp(`\\.${name}\\.${ending}$`));
          assert.ok(bytes.equals(expected.read(`${name}.${ending}`)), `${name}.${ending} differs`);
        }
        if (ending === 'ndjson') {
          const { bytes } = await sniffit.export({ kind: 'analysis.json' });
          assert.equal(bytes.toString(), expected.read('analysis.json').toString());
        }
      }
    });
  }
});

describe('a selection', () => {
  const server = 'img.example';
  const cases = [
    { fragment: 'direction=down', passes: ({ sniffit }) => sniffit.direction === 'down' },
    { fragment: `server=${server}`, passes: ({ sniffit }) => sniffit.server === server },
    { fragment: `server=${server},chat.example&direction=up`, passes: ({ sniffit }) => [server, 'chat.example'].includes(sniffit.server) && sniffit.direction === 'up' },
    { fragment: 'end=reply,idle', passes: ({ sniffit }) => ['reply', 'idle'].includes(sniffit.object.end_reason) },
    { fragment: 'transport=udp', passes: ({ network }) => network.transport === 'udp' },
    { fragment: 'port=443', passes: ({ server }) => server.port === 443 },
    { fragment: 'stream=1', passes: ({ sniffit }) => String(sniffit.stream.id) === '1' },
  ];
  test('is saved as the lines of the whole that pass its filter, in their order', async (t) => {
    const sniffit = await world.open(t);
    await sniffit.drop(DEMO);
    const whole = (await sniffit.export()).bytes.toString().split('\n').slice(0, -1);
    for (const { fragment, passes } of cases) {
      const { selected } = await sniffit.filtered(() => sniffit.page.evaluate((hash) => (location.hash = hash), fragment));
      const expected = whole.filter((line) => passes(JSON.parse(line)));
      assert.equal(selected.objects, expected.length, fragment);
      const { bytes, name } = await sniffit.export({ scope: 'Selection' });
      assert.equal(name, 'mix-nginx-gso.objects.selection.ndjson');
      assert.equal(bytes.toString(), expected.map((line) => `${line}\n`).join(''), fragment);
      const all = await sniffit.export({ scope: 'Everything' });
      assert.equal(all.bytes.toString().split('\n').length - 1, whole.length, fragment);
    }
  });
});

describe('figures', () => {
  // A page of its own for each: Chromium holds back what a page saves beyond ten files.
  for (const [n, kinds] of [['size', 'throughput'], ['interArrival', 'gap'], ['duration', 'rate']].entries()) {
    test(`${kinds.join(' and ')}: a drawing, an image and a table, with what it shows and what it was made of`, async (t) => {
      const sniffit = await world.open(t);
      const { page } = sniffit;
      const { finished } = await sniffit.demo();
      const digest = finished.manifest.capture_id;
      const figures = page.locator('.figures article', { has: page.locator('.figure-menu') });
      assert.equal(await figures.count(), 3);
      const figure = figures.nth(n);
      assert.deepEqual(await figure.locator('select.title option').evaluateAll((options) => options.map(({ value }) => value)), kinds);
      for (const kind of kinds) {
        await figure.locator('select.title').selectOption(kind);
        const title = await figure.locator('h3').textContent();
        const saved = async (what) => {
          await figure.locator('.figure-menu summary').click();
          return sniffit.saved(() => sniffit.button(what, figure).click());
        };
        const svg = (await saved('Drawing (SVG)')).bytes.toString();
        const texts = await wellFormed(page, svg);
        assert.equal(texts.title, title);
        for (const said of [title, 'exchange, idle 500ms', digest, kind === 'throughput' ? /bit\/s/ : /n = \d/]) assert.match(texts.all, said instanceof RegExp ? said : new RegExp(said), kind);
        const csv = (await saved('Data (CSV)')).bytes.toString();
        const [head, first] = csv.split('\r\n');
        assert.match(head, kind === 'throughput' ? /^from_ns,step_ns,up_bytes,down_bytes,made_with$/ : /^measure,unit,direction,n,value,share_at_most,made_with$/);
        assert.ok(first.includes('exchange, idle 500ms') && first.includes(digest), first);
        const png = (await saved('Image (PNG)')).bytes;
        assert.equal(png.subarray(1, 4).toString(), 'PNG');
        assert.ok(png.readUInt32BE(16) >= 1000);
      }
    });
  }

  test('the timeline is a drawing, too', async (t) => {
    const sniffit = await world.open(t);
    const { page } = sniffit;
    const { finished } = await sniffit.demo();
    await page.locator('.lane-tools .figure-menu summary').click();
    const { bytes } = await sniffit.saved(() => sniffit.button('Drawing (SVG)', page.locator('.lane-tools')).click());
    const { all } = await wellFormed(page, bytes.toString());
    for (const said of ['Timeline of objects', 'exchange, idle 500ms', finished.manifest.capture_id, 'video.example', 'objects in view']) assert.ok(all.includes(said), said);
    assert.ok(bytes.toString().match(/<(rect|path)/g).length > 1);
  });

  /** What an XML parser reads in it. */
  const wellFormed = (page, svg) => page.evaluate((svg) => {
    const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
    if (document.querySelector('parsererror')) throw new Error(document.documentElement.textContent);
    if (document.querySelector('script, foreignObject, [href^=http]')) throw new Error('a drawing holds drawings only');
    return { title: document.querySelector('title').textContent, all: document.documentElement.textContent };
  }, svg);
});

describe('pseudonyms', () => {
  const check = (page) => page.getByLabel('Replace addresses by pseudonyms');

  test('no real address is left, prefixes stay together, and a key makes the same bytes again', async (t) => {
    const sniffit = await world.open(t);
    const { page } = sniffit;
    await sniffit.drop(DEMO);
    const plain = (await sniffit.export()).bytes.toString();
    const addresses = new Set(plain.split('\n').slice(0, -1).map(JSON.parse).flatMap(({ client, server }) => [client.ip, server.ip, server.domain]));
    assert.ok(addresses.has('video.example'), 'names are replaced too');
    await check(page).check();
    const key = await page.getByLabel('Key of the pseudonyms').inputValue();
    assert.match(key, /^[0-9a-f]{64}$/);
    const saved = {};
    for (const [kind, name] of [...KINDS, ['analysis.json', 'analysis']]) {
      saved[name] = (await sniffit.export({ kind })).bytes;
      const text = saved[name].toString();
      for (const address of addresses) assert.ok(!text.includes(`"${address}"`), `${name} holds ${address}`);
    }
    const replaced = saved.objects.toString();
    assert.equal(replaced.split('\n').length, plain.split('\n').length);
    const servers = [...new Set(replaced.split('\n').slice(0, -1).map((line) => JSON.parse(line).server.ip))];
    assert.equal(new Set(servers.map((address) => address.split('.').slice(0, 3).join('.'))).size, 1);

    const other = await world.open(t);
    await other.drop(DEMO);
    await other.page.locator('.filters .menu.end button').click();
    await check(other.page).check();
    assert.notEqual(await other.page.getByLabel('Key of the pseudonyms').inputValue(), key);
    await other.page.getByLabel('Key of the pseudonyms').fill(key);
    for (const [kind, name] of KINDS) assert.ok((await other.export({ kind })).bytes.equals(saved[name]), name);
    await other.page.getByLabel('Key of the pseudonyms').fill('short');
    assert.ok(await other.button('Save the file').isDisabled());
  });
});
