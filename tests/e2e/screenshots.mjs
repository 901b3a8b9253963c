// Draws docs/page-light.png and docs/page-dark-fr.png: the demo capture, as readers of the documentation see it.
//
// In:  the built page, as for the tests. Run by hand when the page's looks have changed: `node tests/e2e/screenshots.mjs`.
// Out: two images of 1440 × 900. Guaranteed: each is smaller than 300 kB, or an error.

import { statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setUp } from './support/browser.mjs';

const MOST_BYTES = 300_000;
const world = setUp();

const pictures = [
  { name: 'page-light', look: { colorScheme: 'light', locale: 'en-GB' }, act: async () => {} },
  {
    name: 'page-dark-fr',
    look: { colorScheme: 'dark', locale: 'fr-FR' },
    act: async ({ page }) => {
      await page.locator('#tab-objects').click();
      await page.locator('.grid.objects [role=row][aria-rowindex="4"]').click();
      await page.locator('.grid.objects .row[aria-selected=true]').waitFor();
    },
  },
];

for (const { name, look, act } of pictures) {
  test(name, async (t) => {
    const sniffit = await world.open(t, { ...look, reducedMotion: 'reduce' });
    const { page } = sniffit;
    await sniffit.after(['finished'], () => page.locator('.welcome button.link').click());
    await act(sniffit);
    await page.locator('.lane-plot[aria-busy=false]').waitFor();
    await page.waitForLoadState('networkidle');
    const path = fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));
    await page.screenshot({ path, animations: 'disabled' });
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes`);
    t.diagnostic(`${path}: ${size} bytes`);
  });
}
