// Servers by their names: in tables, in the address of the page, and in the model of their objects.
//
// On a capture of which it is known who the servers were. What the page selects and saves is compared with the records and the models
// of the command line.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { REAL } from './support/captures.mjs';
import { analyzed, modelled, withoutProgram } from './support/cli.mjs';

const world = setUp();
const CAPTURE = join(REAL, 'mix-nginx-gso.pcap.gz');
const SERVERS = ['api.example', 'chat.example', 'img.example', 'video.example', 'www.example'];
const SERVER = 'video.example';

const objectsOf = (results) => results.read('objects.ndjson').toString().split('\n').slice(0, -1).map((line) => JSON.parse(line));

async function opened(t, options) {
  const sniffit = await world.open(t, options);
  const { finished } = await sniffit.choose([CAPTURE]);
  return { sniffit, page: sniffit.page, manifest: finished.manifest };
}

describe('names', () => {
  test('servers are called by them, and the page says where they come from', async (t) => {
    const { sniffit, page, manifest } = await opened(t);
    await sniffit.tab('Servers');
    const names = await page.locator('.tables tbody th').allInnerTexts();
    assert.deepEqual(names.toSorted(), SERVERS);
    await sniffit.tab('Streams');
    await page.getByRole('grid', { name: 'Streams' }).getByRole('gridcell', { name: 'TLS', exact: true }).first().waitFor();
    await sniffit.tab('Data quality');
    const count = manifest.name_sources.tls_sni;
    assert.equal(count, manifest.records.streams);
    await page.locator('.quality dl > div', { hasText: 'server named in TLS' }).getByText(String(count), { exact: true }).waitFor();
  });

  test('a name in the address selects that server’s objects', { skip: withoutProgram }, async (t) => {
    const { sniffit, page } = await opened(t, { at: `#server=${SERVER}` });
    const { overview } = (await sniffit.news('overview')).at(-1);
    assert.deepEqual(overview.filter, { servers: [SERVER] });
    assert.deepEqual(await sniffit.chips(), [SERVER]);
    const expected = objectsOf(analyzed([CAPTURE])).filter(({ server }) => server.domain === SERVER);
    assert.ok(expected.length > 0);
    assert.equal(overview.selected.objects, expected.length);
    const { bytes } = await sniffit.export({ scope: 'Selection' });
    assert.deepEqual(bytes.toString().split('\n').slice(0, -1).map((line) => JSON.parse(line)), expected);
    await sniffit.tab('Objects');
    const grid = page.getByRole('grid', { name: 'Objects' });
    assert.equal(await grid.getAttribute('aria-rowcount'), String(expected.length + 1));
    await grid.locator('.height .row').first().getByText(`${SERVER}:443/tcp`).waitFor();
  });
});

describe('the model', () => {
  const choose = (page, label, value) => page.locator('.model').getByRole('combobox', { name: label, exact: true }).selectOption(value);
  const isDone = (page) => page.locator('.model[aria-busy=false]').waitFor();

  test('shows fits, the best first, or why there are none', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Model');
    await choose(page, 'Groups', 'all');
    await isDone(page);
    const rows = page.locator('.fits tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 5);
    const number = (text) => Number(text.replace('−', '-').replace(/\s/g, ''));
    const aic = (await rows.locator('td:last-child').allInnerTexts()).map(number);
    assert.deepEqual(aic, aic.toSorted((one, other) => one - other));
    await page.locator('.model .figure').getByText(/n = \d/).waitFor();
    // Objects of a stream: as many values as streams, of which there are few.
    await choose(page, 'Quantity', 'objects_per_stream');
    await page.locator('.fits').getByText(/^No fit: \d+ values? above 0, and fewer than 30/).waitFor();
    assert.equal(await rows.count(), 0);
  });

  test('groups are listed by payload, and one is shown', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Model');
    await choose(page, 'Groups', 'server');
    const groups = page.locator('.model').getByRole('combobox', { name: 'Group', exact: true });
    await groups.locator(`option[value="${SERVER}"]`).waitFor({ state: 'attached' });
    const names = await groups.locator('option').evaluateAll((options) => options.map(({ value }) => value));
    assert.equal(names[0], SERVER);
    assert.deepEqual(names.toSorted(), SERVERS);
    await groups.selectOption('www.example');
    await isDone(page);
    assert.match(await page.locator('.model .figure h3').innerText(), /www\.example$/);
    assert.equal(await groups.inputValue(), 'www.example');
  });

  test('follows the filter', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Model');
    await choose(page, 'Groups', 'server');
    await sniffit.filtered(() => page.evaluate(() => (location.hash = '#server=chat.example&time=0..0.000000001')));
    await page.locator('.model').getByText('Nothing is selected.').waitFor();
    await sniffit.filtered(() => page.evaluate(() => (location.hash = '#server=chat.example')));
    await page.locator('.model .figure h3').getByText(/chat\.example$/).waitFor();
    assert.equal(await page.locator('.model').getByRole('combobox', { name: 'Group', exact: true }).locator('option').count(), 1);
  });

  for (const by of ['application', 'server', 'domain', 'all']) {
    test(`by ${by}, model.json and exports are byte for byte the command line’s`, { skip: withoutProgram }, async (t) => {
      const { sniffit, page } = await opened(t);
      const results = analyzed([CAPTURE]);
      await sniffit.tab('Model');
      await choose(page, 'Groups', by);
      await isDone(page);
      const save = (name) => sniffit.saved(() => sniffit.button(name, page.locator('.model')).click());
      const { name, bytes } = await save('model.json');
      assert.equal(name, 'mix-nginx-gso.model.json');
      assert.ok(bytes.equals(modelled(results.folder, ['--by', by]).model), 'model.json differs');
      const tmix = await save('Tmix');
      const [[file, expected], ...rest] = Object.entries(modelled(results.folder, ['--by', by, '--export', 'tmix']).files);
      assert.deepEqual(rest, []);
      assert.equal(file, 'tmix.cvec');
      assert.equal(tmix.name, `mix-nginx-gso.${file}`);
      assert.ok(tmix.bytes.equals(expected), `${file} differs`);
    });
  }

  test('of several files each is saved', { skip: withoutProgram }, async (t) => {
    const { sniffit, page } = await opened(t);
    const { files } = modelled(analyzed([CAPTURE]).folder, ['--by', 'all', '--export', 'yafs']);
    await sniffit.tab('Model');
    await choose(page, 'Groups', 'all');
    await isDone(page);
    const saved = [];
    page.on('download', (download) => saved.push(download.suggestedFilename()));
    await sniffit.button('YAFS', page.locator('.model')).click();
    await page.locator('.model [role=status]').getByText(/^2 files saved/).waitFor();
    const expected = Object.keys(files).map((name) => `mix-nginx-gso.yafs.${name}`).toSorted();
    assert.equal(expected.length, 2);
    for (let waits = 0; saved.length < expected.length && waits < 100; waits++) await page.waitForTimeout(50);
    assert.deepEqual(saved.toSorted(), expected);
  });
});
