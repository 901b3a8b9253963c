// The pictures in docs/: run by hand after a change of what the page looks like, `node tests/e2e/screenshots.mjs`.
//
// In: the built page. Out: docs/page-light.png and docs/page-dark-fr.png. Guaranteed: both show the demo capture.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { serve } from './support/server.mjs';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');
const docs = (name) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

const server = await serve();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const [name, options, button, words] of [
  ['page-light.png', { locale: 'en-GB', colorScheme: 'light' }, 'Try with the demo capture', '457 objects'],
  ['page-dark-fr.png', { locale: 'fr-FR', colorScheme: 'dark' }, /démonstration|exemple|essayer/i, '457 objets'],
]) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  await page.goto(server.address);
  await page.getByRole('button', { name: button }).click();
  await page.getByText(words).first().waitFor();
  // The timeline is drawn when its frame has come.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: docs(name) });
  await page.close();
}
await browser.close();
await server.close();
