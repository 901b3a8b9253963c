// The built page on a server of its own.
//
// In:  the folder of the build, SNIFFIT_TEST_WEB or else web/dist. Out: an address on this machine, and what was asked for.
// Guaranteed: answers carry the headers of deploy/nginx/headers.conf, read from there, so that a test runs under the policy that
//      users get; nothing outside of the folder is served.

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const WEB = resolve(process.env.SNIFFIT_TEST_WEB ?? here('../../../web/dist'));

const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json', '.gz': 'application/octet-stream',
};

/** Of `add_header NAME VALUE always;`, with or without quotes. */
export function deployedHeaders() {
  const text = readFileSync(here('../../../deploy/nginx/headers.conf'), 'utf8');
  const headers = [...text.matchAll(/^add_header (\S+) (?:"([^"]*)"|(\S+)) always;$/gm)].map(([, name, quoted, plain]) => [name, quoted ?? plain]);
  if (headers.length < 4) throw new Error('deploy/nginx/headers.conf is written in a way that is not known here');
  return Object.fromEntries(headers);
}

/** Ends with `close`. `answer` may take a request for itself by returning true. */
export async function serve({ answer } = {}) {
  const headers = deployedHeaders();
  const server = createServer(async (request, response) => {
    if (await answer?.(request, response, headers)) return;
    const path = decodeURIComponent(new URL(request.url, 'http://page').pathname);
    const file = normalize(join(WEB, path.endsWith('/') ? `${path}index.html` : path));
    const content = file.startsWith(WEB + sep) ? await readFile(file).catch(() => null) : null;
    response.writeHead(content ? 200 : 404, { ...headers, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' });
    response.end(content ?? '');
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}
