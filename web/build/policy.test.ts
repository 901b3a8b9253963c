/**
 * The policy of the page itself: narrowed as asked, and never lost.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { narrowed } from './policy.ts';

const HTML = readFileSync(new URL('../index.html', import.meta.url), 'utf8');
const connectOf = (html: string): string | undefined => /connect-src ([^;]*)/.exec(html)?.[1];

test('the page obeys what its server sends, but for the user’s own Elasticsearch', () => {
  const deployed = readFileSync(new URL('../../deploy/nginx/headers.conf', import.meta.url), 'utf8');
  const header = /Content-Security-Policy "([^"]*)"/.exec(deployed)?.[1] ?? '';
  // A policy in a page can't say who may frame it.
  const expected = header.replace(" frame-ancestors 'none';", '').replace("connect-src 'self'", "connect-src 'self' http: https:");
  expect(/Policy" content="([^"]*)"/.exec(HTML)?.[1]).toBe(expected);
});

test.each([
  [[], "'self' http: https:"],
  [['https://a.example:9200'], "'self' https://a.example:9200"],
  [['http://127.0.0.1:9200', 'https://[::1]'], "'self' http://127.0.0.1:9200 https://[::1]"],
])('%j', (origins, connect) => {
  expect(connectOf(narrowed(HTML, origins))).toBe(connect);
});

test.each(['*', 'a.example', 'https://a;script-src *', 'https://a/b', 'ftp://a', "https://'self'"])('%s is refused', (origin) => {
  expect(() => narrowed(HTML, [origin])).toThrow('is no origin');
});

test('a page without a policy is an error', () => {
  expect(() => narrowed('<html>', [])).toThrow('no Content-Security-Policy');
});
