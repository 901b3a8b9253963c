// What the page is compared with in the same browser: reading to nothing, the module alone, wiregasm.
//
// In:  a browser and a plan; `row` names the worker in peers/.
// Out: times from the choice of the file as for the page, and what the worker tells of itself.
// Guaranteed: files are served on the loopback only, and only those of the folders in the plan.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('peers', import.meta.url));
const KINDS = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm',
};

export async function measurePeer(browser, { row, capture, folders }) {
  const { page } = browser;
  const port = await serve({ ...folders, peers: OWN });
  await page.goto(`http://127.0.0.1:${port}/peers/index.html?${row}`, { waitUntil: 'networkidle' });
  const before = await browser.usage();
  await page.locator('input').setInputFiles(capture);
  const found = await page.evaluate(() => globalThis.end);
  if (found.error) throw new Error(found.error);
  return { ...found, ...(await browser.usedSince(before)), heapBytes: await browser.workerHeapBytes() };
}

/** Serves folders by the first part of the path; the port. */
function serve(folders) {
  const server = createServer((request, response) => {
    const [, folder, ...rest] = normalize(new URL(request.url, 'http://x').pathname).split('/');
    const path = folders[folder] && join(folders[folder], ...rest);
    const file = path && statSync(path, { throwIfNoEntry: false });
    if (!file?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const kind = KINDS[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': kind, 'content-length': file.size });
    createReadStream(path).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}
