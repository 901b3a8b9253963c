// One selection, shared by all views: made in any of them, kept in the address, followed by all others.
//
// On the demo capture. Numbers are compared with the sums that other views show, and with the records that the page exports,
// which another file of tests compares with the command line.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { analyzed, withoutProgram } from './support/cli.mjs';
import { REAL } from './support/captures.mjs';

const world = setUp();
const SERVER = 'img.example';

async function opened(t, options) {
  const sniffit = await world.open(t, options);
  const { finished } = await sniffit.demo();
  return { sniffit, page: sniffit.page, manifest: finished.manifest };
}

describe('filters', () => {
  test('the menu makes chips; chips, Esc and "clear all" take them away', async (t) => {
    const { sniffit, page, manifest } = await opened(t);
    await sniffit.button(/filter/, page.locator('.filters ul')).click();
    const choose = (name) => sniffit.filtered(() => page.locator('.choices').getByLabel(name, { exact: true }).check());
    const down = await choose('down');
    assert.deepEqual(down.filter, { direction: 'down' });
    assert.ok(down.selected.objects > 0 && down.selected.objects < manifest.records.objects);
    assert.equal(down.selected.objects, await sumOf(page.locator('.ends td:nth-of-type(2)')));
    const both = await choose(SERVER);
    assert.deepEqual(both.filter, { direction: 'down', servers: [SERVER] });
    await page.keyboard.press('Escape');
    assert.deepEqual(await sniffit.chips(), ['▼ down', SERVER]);
    assert.equal(await sniffit.fragment(), `#direction=down&server=${SERVER}`);
    await page.locator('.filters .selected').getByText(`${both.selected.objects} of ${manifest.records.objects} objects`).waitFor();

    assert.deepEqual((await sniffit.filtered(() => page.keyboard.press('Escape'))).filter, { direction: 'down' });
    assert.deepEqual((await sniffit.filtered(() => page.locator('.chip').click())).filter, {});
    assert.equal(await sniffit.fragment(), '');
    await sniffit.filtered(() => page.evaluate(() => (location.hash = '#port=443&transport=tcp')));
    assert.deepEqual(await sniffit.chips(), ['port 443', 'TCP']);
    assert.deepEqual((await sniffit.filtered(() => sniffit.button('clear all').click())).filter, {});
  });

  test('an address with a filter opens that view of a capture', async (t) => {
    const { sniffit, page } = await opened(t, { at: `#direction=up&server=${SERVER},chat.example&end=reply&time=1.5..40` });
    const expected = { direction: 'up', servers: [SERVER, 'chat.example'], endReasons: ['reply'], timeNs: [1.5e9, 40e9] };
    const { overview } = (await sniffit.news('overview')).at(-1);
    assert.deepEqual(overview.filter, expected);
    assert.equal((await sniffit.chips()).length, 5);
    await page.reload();
    const { type } = await sniffit.demo();
    assert.equal(type, 'finished');
    const again = (await sniffit.news('overview')).at(-1).overview;
    assert.deepEqual(again.filter, expected);
    assert.deepEqual(again.selected, overview.selected);
    assert.ok(again.selected.objects > 0 && again.selected.objects < again.all.objects);
  });

  test('a fragment of nonsense selects everything', async (t) => {
    const { sniffit } = await opened(t, { at: '#server=<img>&direction=sideways&port=99999&time=9..1&__proto__=1' });
    const { overview } = (await sniffit.news('overview')).at(-1);
    assert.deepEqual(overview.filter, {});
    assert.equal(overview.selected.objects, overview.all.objects);
  });

  const cases = [
    { name: 'a server in the table', at: (page) => page.locator('.tables').getByRole('button', { name: SERVER }), chip: SERVER, key: 'servers', value: [SERVER] },
    { name: 'a reason in the figure of ends', at: (page) => page.locator('.ends').getByRole('button', { name: 'reply', exact: true }), chip: 'ended by reply', key: 'endReasons', value: ['reply'] },
  ];
  for (const { name, at, chip, key, value } of cases) {
    test(`${name} is pressed: a part of the filter, until pressed again`, async (t) => {
      const { sniffit, page } = await opened(t);
      const overview = await sniffit.filtered(() => at(page).click());
      assert.deepEqual(overview.filter, { [key]: value });
      assert.deepEqual(await sniffit.chips(), [chip]);
      await page.locator('[aria-pressed=true]').and(at(page)).waitFor();
      assert.deepEqual((await sniffit.filtered(() => at(page).click())).filter, {});
    });
  }
});

describe('the strip of the whole time', () => {
  test('a pointer brushes it, and a click clears it', async (t) => {
    const { sniffit, page } = await opened(t);
    const box = await page.locator('.strip canvas').boundingBox();
    const [x, y] = [(share) => box.x + share * box.width, box.y + box.height / 2];
    await page.mouse.move(x(0.25), y);
    await page.mouse.down();
    await page.mouse.move(x(0.4), y, { steps: 4 });
    const { filter, selected, all, spanNs } = await sniffit.filtered(() => page.mouse.up());
    const [from, to] = filter.timeNs.map((ns) => ns / spanNs);
    assert.ok(Math.abs(from - 0.25) < 0.01 && Math.abs(to - 0.4) < 0.01, `${from} ${to}`);
    assert.ok(selected.objects > 0 && selected.objects < all.objects);
    assert.match(await sniffit.fragment(), /^#time=1[23]\.\d+\.\.2[01]/);
    assert.equal((await sniffit.chips()).length, 1);
    assert.deepEqual((await sniffit.filtered(() => page.mouse.click(x(0.8), y))).filter, {});
  });

  test('keys move its ends; Delete clears it', async (t) => {
    const { sniffit, page } = await opened(t);
    const slider = page.getByRole('slider', { name: 'Begin of the selected time' });
    await slider.focus();
    const first = await sniffit.filtered(() => page.keyboard.press('PageUp'));
    const second = await sniffit.filtered(() => page.keyboard.press('ArrowRight'));
    assert.ok(first.filter.timeNs[0] > 0 && second.filter.timeNs[0] > first.filter.timeNs[0]);
    assert.equal(second.filter.timeNs[1], first.filter.timeNs[1]);
    assert.match(await slider.getAttribute('aria-valuetext'), /^\d\d:\d\d:\d\d/);
    await page.getByRole('slider', { name: 'End of the selected time' }).focus();
    assert.ok((await sniffit.filtered(() => page.keyboard.press('ArrowLeft'))).filter.timeNs[1] < second.filter.timeNs[1]);
    assert.deepEqual((await sniffit.filtered(() => page.keyboard.press('Delete'))).filter, {});
  });
});

describe('the timeline', () => {
  const countInView = async (page) => Number((await page.locator('.lane-tools span').first().innerText()).replace(/\D/g, ''));
  const hasInView = (page, count) => page.locator('.lane-tools span', { hasText: `${count} objects` }).waitFor();
  const changed = (page, count) => page.waitForFunction((count) => Number(document.querySelector('.lane-tools span').textContent.replace(/\D/g, '')) !== count, count);
  const plot = (page) => page.getByRole('application', { name: 'Timeline of objects' });

  test('wheel and keys move it; 0 shows all', async (t) => {
    const { page, manifest } = await opened(t);
    const all = manifest.records.objects;
    await plot(page).focus();
    await page.keyboard.press('0');
    await hasInView(page, all);
    const box = await plot(page).boundingBox();
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
    await page.mouse.wheel(0, -600);
    await changed(page, all);
    assert.ok(await countInView(page) < all);
    await page.keyboard.press('0');
    await hasInView(page, all);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await changed(page, all);
    const closer = await countInView(page);
    assert.ok(closer < all);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await changed(page, closer);
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await hasInView(page, all);
  });

  test('an object under the pointer tells what it is; a click finds it in the table', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Objects');
    const spot = await coloured(page);
    await page.mouse.move(spot.x, spot.y);
    const card = page.locator('.lane-card');
    await card.waitFor();
    const text = await card.innerText();
    for (const word of [/[▲▼] (up|down) · /, /Server\s+\w+\.example:\d+\/tcp/, /Address\s+203\.0\.113\.\d+/, /Begin\s+[\d-]*\s?\d\d:\d\d:\d\d\.\d{3}\s?\d{3}/, /Duration/, /Size/, /Ended by/, /Stream\s+\d+/]) assert.match(text, word);
    await page.mouse.click(spot.x, spot.y);
    const row = page.locator('.grid.objects .row[aria-selected=true]');
    await row.waitFor();
    const [, size] = /· (?:≥ 1 objects, )?(.+)/.exec(text);
    assert.ok((await row.innerText()).replace(/\s+/g, ' ').includes(size.replace(/\s+/g, ' ').trim()), `${await row.innerText()} has ${size}`);
  });

  test('an object that is chosen in the table is the one that the keys are at', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Objects');
    const row = page.locator('.grid.objects [role=row][aria-rowindex="7"]');
    await row.click();
    await page.locator('.grid.objects .row[aria-selected=true]').waitFor();
    const server = /\w+\.example:\d+\/tcp/.exec(await row.innerText())[0];
    await plot(page).focus();
    await page.keyboard.press('Enter');
    const card = page.locator('.lane-card');
    await card.waitFor();
    assert.ok((await card.innerText()).includes(server));
    const before = await card.innerText();
    await page.keyboard.press('Tab');
    await page.waitForFunction((before) => document.querySelector('.lane-card')?.innerText !== before, before);
  });

  /** A place where an object is drawn: the first column of many pixels of one strong colour. */
  const coloured = (page) => page.waitForFunction(() => {
    const canvas = document.querySelector('.lane-plot canvas');
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const strong = (x, y) => {
      const [r, g, b, a] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
      return a > 200 && Math.max(r, g, b) - Math.min(r, g, b) > 90;
    };
    const { left, top } = canvas.getBoundingClientRect();
    for (let y = 40; y < height; y++) {
      for (let x = 20; x < width - 20; x++) {
        if ([0, 1, 2].every((dx) => [0, 1, 2, 3].every((dy) => strong(x + dx, y + dy)))) return { x: left + (x + 1.5) / devicePixelRatio, y: top + (y + 2) / devicePixelRatio };
      }
    }
    return false;
  }).then((handle) => handle.jsonValue());
});

describe('tables', () => {
  test('objects: sorted by the worker over all of them, moved through by keys', async (t) => {
    const { sniffit, page, manifest } = await opened(t);
    await sniffit.tab('Objects');
    const grid = page.getByRole('grid', { name: 'Objects' });
    const rows = manifest.records.objects;
    assert.equal(await grid.getAttribute('aria-rowcount'), String(rows + 1));
    assert.ok(await grid.getByRole('row').count() < 100);
    const head = grid.getByRole('columnheader', { name: 'Packets' });
    const objects = JSON.parse((await sniffit.export({ format: 'JSON' })).bytes);
    await page.keyboard.press('Escape');
    const packets = objects.map((object) => object.network.packets).sort((one, other) => one - other);
    const column = await head.evaluate((cell) => [...cell.parentElement.children].indexOf(cell));
    const first = (index) => grid.locator(`[aria-rowindex="${index}"]`).getByRole('gridcell').nth(column);
    const text = (value) => value.toLocaleString('fr').replace(/\s/g, '\\s');
    for (const [sort, at] of [['ascending', packets], ['descending', packets.toReversed()]]) {
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), sort);
      await first(2).getByText(new RegExp(`^${text(at[0])}$`)).waitFor();
    }
    await grid.focus();
    const isActive = (row) => page.locator(`.grid[aria-activedescendant=objects-${row}]`).waitFor();
    await isActive(0);
    await page.keyboard.press('ArrowDown');
    await isActive(1);
    await page.keyboard.press('End');
    await isActive(rows - 1);
    await first(rows + 1).getByText(new RegExp(`^${text(packets[0])}$`)).waitFor();
    await page.keyboard.press('Enter');
    await grid.locator(`#objects-${rows - 1}[aria-selected=true]`).waitFor();
    await page.keyboard.press('Home');
    await isActive(0);
  });

  test('a stream that is chosen is a part of the filter', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.tab('Streams');
    const grid = page.getByRole('grid', { name: 'Streams' });
    await grid.locator('#streams-1').getByRole('gridcell').first().getByText(/\d/).waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    const { filter, selected } = await sniffit.filtered(() => page.keyboard.press('Enter'));
    assert.equal(filter.streams.length, 1);
    assert.equal(selected.streams, 1);
  });

  test('servers: their sums are the whole, in every order; the quality of the data adds up', async (t) => {
    const { sniffit, page, manifest } = await opened(t);
    const table = page.locator('.tables table');
    assert.equal(await sumOf(table.locator('td:nth-of-type(4), td:nth-of-type(5)')), manifest.records.objects);
    const names = () => table.locator('tbody th').allInnerTexts();
    const head = table.getByRole('columnheader', { name: /^Server\b/ });
    await head.getByRole('button').click();
    assert.deepEqual(await names(), (await names()).toSorted());
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    await sniffit.tab('Data quality');
    assert.match(await page.locator('.quality').innerText(), new RegExp(`All packets · ✓ adds up\\s+${manifest.counters.frames.toLocaleString('fr').replace(/\s/g, '\\s')}`));
    assert.equal(await page.getByText('please report this').count(), 0);
  });

  test('arrow keys go from tab to tab', async (t) => {
    const { page } = await opened(t);
    await page.getByRole('tab', { name: 'Servers' }).focus();
    for (const name of ['Objects', 'Streams', 'Model', 'Data quality', 'Applications', 'Servers']) {
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tab', { name, selected: true }).waitFor();
    }
  });
});

describe('another method', () => {
  const cases = [
    { name: 'fixed', method: 'fixed:1s' },
    { name: 'mean-gap', method: 'mean-gap' },
    { name: 'exchange-headers', method: 'exchange-headers' },
  ];
  for (const { name, method } of cases) {
    test(`${method}: the files are read again, and every figure says so`, async (t) => {
      const { sniffit, page } = await opened(t);
      await sniffit.button(/^Method/).click();
      const form = page.getByRole('form', { name: 'Method' });
      await form.locator('select').first().selectOption(name);
      const { finished } = await sniffit.after(['finished'], () => sniffit.button('Read again with this', form).click());
      assert.equal(finished.manifest.method, name === 'fixed' ? finished.manifest.method : name);
      if (!withoutProgram) {
        const expected = JSON.parse(analyzed([`${REAL}/mix-nginx-gso.pcap.gz`], ['--method', method]).read('analysis.json'));
        assert.deepEqual(finished.manifest.records, expected.records);
        assert.equal(finished.manifest.analysis_id, expected.analysis_id);
      }
      await page.waitForFunction((method) => [...document.querySelectorAll('.figures .figure-note, .figures .note')].every((note) => note.textContent.includes(method)), method);
      assert.equal(await page.locator('.figures .figure-note, .figures .note').count(), 4);
      assert.match(await sniffit.button(/^Method/).innerText(), new RegExp(method));
    });
  }

  test('thresholds and the valley are marked in the gaps between packets; a value that makes no sense is refused', async (t) => {
    const { sniffit, page } = await opened(t);
    await sniffit.button(/^Method/).click();
    const form = page.getByRole('form', { name: 'Method' });
    await form.locator('.figure-menu summary').click();
    const { bytes } = await sniffit.saved(() => sniffit.button('Drawing (SVG)', form).click());
    for (const mark of ['Idle', 'Push gap', 'valley']) assert.match(bytes.toString(), new RegExp(`>${mark}[^<]*</text>`));
    await form.getByLabel('Idle', { exact: true }).fill('soon');
    await form.getByRole('alert').getByText('Times are a number and a unit').waitFor();
    assert.ok(await sniffit.button('Read again with this', form).isDisabled());
  });
});

/** Of the numbers that these cells show. */
async function sumOf(cells) {
  return (await cells.allInnerTexts()).reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0);
}
