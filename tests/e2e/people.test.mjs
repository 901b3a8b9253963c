// For everyone: in two languages, light and dark, wide and narrow, without a pointer, with a screen reader.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, written } from './support/captures.mjs';

const world = setUp();
const AXE = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');
const CUT = written('cut.pcap', readFileSync(join(CONVENTIONS, 'golden_push.pcap')).subarray(0, -3));
const NONE = written('none.pcap', 'no capture at all');

describe('French', () => {
  test('a French browser gets it: words, units, numbers', async (t) => {
    const sniffit = await world.open(t, { locale: 'fr-FR' });
    const { page } = sniffit;
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
    assert.equal(await page.locator('.sent').innerText(), '0 octet envoyé');
    assert.match(await page.locator('.welcome h2').innerText(), /^Qu’ont envoyé les applications, et quand\s\?$/);
    await sniffit.after(['finished'], () => page.locator('.welcome button.link').click());
    const text = await page.locator('body').innerText();
    assert.match(text, /\d\s(Kio|Mio)/);
    assert.doesNotMatch(text, /\d\s(KiB|MiB|B)\b/);
    assert.match(text, /8\s422 paquets/);
    assert.match(text, /457 sur 457 objets|457 objets/);
    for (const name of ['Serveurs', 'Objets', 'Flux']) await page.getByRole('tab', { name }).click();
    assert.doesNotMatch(await page.locator('main').innerText(), /\b(objects|streams|servers|Ended|Inter-arrival)\b/i);
  });

  test('the switch changes everything at once, and is kept', async (t) => {
    const sniffit = await world.open(t);
    const { page } = sniffit;
    await sniffit.demo();
    await sniffit.button('FR').click();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
    await page.getByRole('tab', { name: 'Serveurs' }).waitFor();
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
    assert.equal(await sniffit.button('FR').getAttribute('aria-pressed'), 'true');
    await sniffit.button('EN').click();
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  });
});

describe('looks', () => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));

  test('dark follows the system, and the switch goes before it and is kept', async (t) => {
    const sniffit = await world.open(t, { colorScheme: 'dark' });
    const { page } = sniffit;
    const dark = await background(page);
    await page.getByRole('button', { name: /^Theme/ }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    const light = await background(page);
    assert.ok(light > 2 * dark && light > 600, `${light} ${dark}`);
    await page.reload();
    assert.equal(await background(page), light);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: /^Theme/ }).click();
    assert.equal(await background(page), dark);
  });

  test('with reduced motion nothing moves by itself', async (t) => {
    const sniffit = await world.open(t, { reducedMotion: 'reduce' });
    const { page } = sniffit;
    await sniffit.demo();
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
      const isLong = (list) => list.split(',').some((text) => parseFloat(text) > 0.001);
      return isLong(transitionDuration) || (animationName !== 'none' && isLong(animationDuration));
    }).map(({ className, tagName }) => `${tagName} ${className}`));
    assert.deepEqual(moving, []);
  });

  for (const width of [400, 320, 720, 1024]) {
    test(`${width} px wide: nothing has to be scrolled sideways but tables and figures in themselves`, async (t) => {
      const sniffit = await world.open(t, { viewport: { width, height: 800 } });
      const { page } = sniffit;
      const fits = async (what) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), what);
      await fits('empty');
      await sniffit.demo();
      await fits('done');
      for (const name of ['Objects', 'Streams', 'Model', 'Data quality']) {
        await sniffit.tab(name);
        await fits(name);
      }
      await sniffit.button(/^Method/).click();
      await fits('method');
      await sniffit.button(/^Send/).first().click();
      await fits('send');
      await sniffit.drop(NONE);
      await fits('failed');
    });
  }
});

test('the keyboard alone: the demo, a filter, the table of objects, a file', async (t) => {
  const sniffit = await world.open(t);
  const { page } = sniffit;
  /** Goes on by Tab until the element with the focus is that one, as people do. */
  const tabTo = async (role, name) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      const found = await page.getByRole(role, { name }).evaluateAll((elements) => elements.includes(document.activeElement));
      if (found) return assertRing();
    }
    assert.fail(`${role} ${name} is not reached by Tab`);
  };
  const assertRing = async () => {
    const style = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
      return { isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0, boxShadow };
    });
    assert.ok(style.isOutlined || style.boxShadow !== 'none', 'the focus is not to be seen');
  };
  await tabTo('button', 'Try with the demo capture');
  const { finished } = await sniffit.after(['finished'], () => page.keyboard.press('Enter'));
  // The button is gone with the empty page; a reader goes on from the top.
  await tabTo('button', '+ filter');
  await page.keyboard.press('Enter');
  await tabTo('checkbox', 'down');
  const { selected } = await sniffit.filtered(() => page.keyboard.press('Space'));
  assert.ok(selected.objects < finished.manifest.records.objects);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim().startsWith('+ filter')), true);
  await tabTo('button', 'Export');
  await page.keyboard.press('Enter');
  await tabTo('button', 'Save the file');
  const { name } = await sniffit.saved(() => page.keyboard.press('Enter'));
  assert.match(name, /\.objects\.selection\.ndjson$/);
  await page.keyboard.press('Escape');
  await tabTo('tab', 'Servers');
  await page.keyboard.press('ArrowRight');
  await tabTo('grid', 'Objects');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('#objects-1[aria-selected=true]').waitFor();
});

describe('axe finds nothing', () => {
  const states = [
    { name: 'empty', reach: async () => {} },
    { name: 'done', reach: (sniffit) => demo(sniffit), tabs: true },
    { name: 'partial', reach: (sniffit) => sniffit.drop(CUT) },
    { name: 'failed', reach: (sniffit) => sniffit.drop(NONE) },
    { name: 'method', reach: async (sniffit) => {
      await demo(sniffit);
      await sniffit.page.locator('header .tools > button').first().click();
    } },
    { name: 'send sheet', reach: async (sniffit) => {
      await demo(sniffit);
      await sniffit.page.locator('#send').click();
      await sniffit.page.locator('.sheet').waitFor();
    } },
    { name: 'menus', reach: async (sniffit) => {
      await demo(sniffit);
      await sniffit.page.locator('.filters .menu button').first().click();
    } },
  ];
  const demo = (sniffit) => sniffit.after(['finished'], () => sniffit.page.locator('.welcome button.link').click());
  const looks = [
    { colorScheme: 'light', locale: 'en-GB' }, { colorScheme: 'dark', locale: 'fr-FR' },
    { colorScheme: 'dark', locale: 'en-GB', viewport: { width: 400, height: 800 } },
  ];
  for (const look of looks) {
    test(`${look.colorScheme}, ${look.locale}${look.viewport ? ', narrow' : ''}`, async (t) => {
      const sniffit = await world.open(t, look);
      for (const { name, reach, tabs } of states) {
        await sniffit.page.goto('about:blank');
        await sniffit.page.goto(world.address);
        await sniffit.page.locator('.welcome button.link').waitFor();
        await reach(sniffit);
        for (const tab of tabs ? ['applications', 'servers', 'objects', 'streams', 'model', 'quality'] : ['']) {
          if (tab) await sniffit.page.locator(`#tab-${tab}`).click();
          assert.deepEqual(await violations(sniffit.page), [], `${name} ${tab}`);
        }
      }
    });
  }

  async function violations(page) {
    // Evaluated by the debugger, so that the page's policy can stay as it is.
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(
      // Rows of a table are all alike.
      { exclude: [['tbody tr:nth-child(n + 4)'], ['.grid .height > .row:nth-child(n + 4)']] },
      { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    ));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  }
});
