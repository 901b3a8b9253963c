// The page for everybody: two languages, light and dark, small screens, the keyboard alone, and what axe-core looks at.
//
// Compared with: the catalogues of words; the rules of axe-core (WCAG 2.2 A and AA, and best practices).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { REAL, written } from './support/captures.mjs';

const world = setUp();

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const CAPTURE = join(REAL, 'chat-nginx.pcap.gz');
const WHOLE = readFileSync(join(REAL, '../../conventions/golden_push.pcap'));
const CUT = written('cut.pcap', WHOLE.subarray(0, WHOLE.length - 5));
const NO_CAPTURE = written('notes.pcap', 'These are notes, and no capture.\n');

/** States that people meet, each from an open page. */
const STATES = {
  empty: async () => undefined,
  done: (sniffit) => sniffit.drop(CAPTURE),
  partial: (sniffit) => sniffit.drop(CUT),
  failed: (sniffit) => sniffit.drop(NO_CAPTURE),
  objects: async (sniffit) => {
    await sniffit.drop(CAPTURE);
    await sniffit.page.getByRole('tab').nth(1).click();
    await sniffit.page.getByRole('grid').waitFor();
  },
  quality: async (sniffit) => {
    await sniffit.drop(CAPTURE);
    await sniffit.page.getByRole('tab').nth(3).click();
  },
  method: async (sniffit) => {
    await sniffit.drop(CAPTURE);
    await sniffit.page.locator('header').getByRole('button', { name: /^(Method|Méthode)/ }).click();
  },
  send: async (sniffit) => {
    await sniffit.drop(CAPTURE);
    await sniffit.page.locator('header').getByRole('button', { name: /^(Send|Envoyer)/ }).click();
    await sniffit.page.getByRole('heading', { name: /Elasticsearch/ }).waitFor();
  },
};

describe('axe-core finds nothing', () => {
  for (const [state, reach] of Object.entries(STATES)) {
    for (const [colorScheme, language] of [['light', 'en'], ['dark', 'fr']]) {
      test(`${state}, ${colorScheme}, ${language}`, async (t) => {
        const sniffit = await world.open(t, { colorScheme, reducedMotion: 'reduce', locale: language === 'fr' ? 'fr-FR' : 'en-GB' });
        const { page } = sniffit;
        assert.equal(await page.locator('html').getAttribute('lang'), language);
        await reach(sniffit);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
        const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')}`);
        assert.deepEqual(found, []);
      });
    }
  }
});

test('French: words, units and the choice that stays', async (t) => {
  const sniffit = await world.open(t);
  const { page } = sniffit;
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await sniffit.drop(CAPTURE);
  assert.match(await page.locator('body').innerText(), /KiB/);
  await sniffit.button('FR').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
  const words = await page.locator('body').innerText();
  assert.match(words, /Kio/);
  assert.match(words, /0 octet envoyé/);
  assert.doesNotMatch(words, /KiB|bytes|Servers|median/);
  await page.reload();
  await page.getByRole('button', { name: 'Choisir des fichiers' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
});

test('dark and light follow the system, and the switch', async (t) => {
  const sniffit = await world.open(t, { colorScheme: 'dark' });
  const brightness = () => sniffit.page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return (red + green + blue) / 3 / 255;
  });
  assert.ok((await brightness()) < 0.25);
  await sniffit.page.emulateMedia({ colorScheme: 'light' });
  assert.ok((await brightness()) > 0.75);
});

test('motion is off where it is not wanted', async (t) => {
  const sniffit = await world.open(t, { reducedMotion: 'reduce' });
  await sniffit.drop(CAPTURE);
  const moving = await sniffit.page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
    const { transitionDuration, animationDuration } = getComputedStyle(element);
    return [transitionDuration, animationDuration].some((text) => text.split(',').some((part) => parseFloat(part) > 0.02));
  }).map(({ className, tagName }) => `${tagName}.${className}`));
  assert.deepEqual(moving, []);
});

test('a narrow screen never scrolls sideways', async (t) => {
  for (const [state, reach] of Object.entries(STATES)) {
    const sniffit = await world.open(t, { viewport: { width: 400, height: 800 } });
    await reach(sniffit);
    const [content, screen] = await sniffit.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${state}: ${content} px on ${screen} px`);
  }
});

test('the keyboard alone: demo, filter, table, export', async (t) => {
  const sniffit = await world.open(t);
  const { page } = sniffit;
  const focused = () => page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.labels?.[0]?.textContent ?? activeElement?.textContent ?? '';
  });
  /** Tab, until what has the focus is called so. */
  const reach = async (name) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    assert.fail(`Tab does not lead to ${name}`);
  };
  await reach(/demo capture/);
  const { finished } = await sniffit.after(['finished'], () => page.keyboard.press('Enter'));
  const { objects } = finished.manifest.records;
  await reach(/filter/);
  await page.keyboard.press('Enter');
  await reach(/down/i);
  const { selected } = await sniffit.filtered(() => page.keyboard.press('Space'));
  assert.ok(selected.objects > 0 && selected.objects < objects, `${selected.objects} of ${objects}`);
  // One Escape leaves the menu, another takes the filter back.
  const all = await sniffit.filtered(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });
  assert.equal(all.selected.objects, objects);
  await reach(/^Servers/);
  await page.keyboard.press('ArrowRight');
  await page.getByRole('grid').waitFor();
  await reach(/grid|objects/i);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const row = await page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex')
    ?? document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')?.closest('[role=row]')?.getAttribute('aria-rowindex'));
  assert.ok(Number(row) > 1, `a row has the focus: ${row}`);
});
