/** What is said of a request without an answer, and of each answer. */

import { afterEach, expect, test, vi } from 'vitest';
import { causeOfSilence, causeOfStatus, checkAddress, watchPolicy } from './sending-causes';

const pageAt = (address: string): void => {
  vi.stubGlobal('self', { location: new URL(address) });
};
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ['https://page.example/', '/es', null],
  ['http://127.0.0.1:8080/', '/es', null],
  ['file:///home/a/sniffit.html', '/es', 'bad-address'],
  ['https://page.example/', 'https://es.example:9200', null],
  ['https://page.example/', 'http://es.example/a/path', null],
  ['file:///home/a/sniffit.html', 'http://127.0.0.1:9200', null],
  ['https://page.example/', 'https://es.example:9200/', 'bad-address'],
  ['https://page.example/', 'https://user:secret@es.example', 'bad-address'],
  ['https://page.example/', 'https://es.example?x=1', 'bad-address'],
  ['https://page.example/', 'https://es.example#x', 'bad-address'],
  ['https://page.example/', 'ftp://es.example', 'bad-address'],
  ['https://page.example/', 'javascript:alert(1)', 'bad-address'],
  ['https://page.example/', 'es.example:9200', 'bad-address'],
  ['https://page.example/', '', 'bad-address'],
])('a page at %s is given %j: %s', (page, url, cause) => {
  pageAt(page);
  expect(checkAddress(url)?.cause ?? null).toBe(cause);
});

test.each([
  ['https://page.example/', '/es', 'same-origin-down'],
  ['https://page.example/', 'https://es.example', 'cross-origin-or-down'],
  ['https://page.example/', 'http://es.example', 'mixed-content'],
  ['https://page.example/', 'http://192.168.1.5:9200', 'mixed-content'],
  ['https://page.example/', 'http://localhost:9200', 'local-network'],
  ['https://page.example/', 'http://127.0.0.1:9200', 'local-network'],
  ['https://page.example/', 'http://[::1]:9200', 'local-network'],
  ['https://page.example/', 'https://10.1.2.3', 'local-network'],
  ['https://page.example/', 'https://172.20.0.1', 'local-network'],
  ['https://page.example/', 'https://172.32.0.1', 'cross-origin-or-down'],
  ['https://page.example/', 'https://nas.local', 'local-network'],
  ['http://localhost:8080/', 'http://localhost:9200', 'cross-origin-or-down'],
  ['http://page.example/', 'http://es.example', 'cross-origin-or-down'],
  ['file:///home/a/sniffit.html', 'http://127.0.0.1:9200', 'cross-origin-or-down'],
])('a page at %s hears nothing from %s: %s', (page, url, cause) => {
  pageAt(page);
  expect(causeOfSilence(url, new Error('Failed to fetch'))).toEqual({ cause, status: 0, detail: 'Failed to fetch' });
});

test('what the policy forbids is not taken for a server that is down', () => {
  pageAt('https://page.example/');
  const scope = new EventTarget();
  watchPolicy(scope);
  const violation = (blockedURI: string, effectiveDirective: string): void => {
    scope.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective }));
  };
  violation('https://image.example/x.png', 'img-src');
  violation('inline', 'connect-src');
  expect(causeOfSilence('https://image.example', 'x').cause).toBe('cross-origin-or-down');
  violation('https://es.example:9200/a/_bulk', 'connect-src');
  expect(causeOfSilence('https://es.example:9200', 'x').cause).toBe('csp');
  expect(causeOfSilence('https://es.example', 'x').cause, 'another port').toBe('cross-origin-or-down');
});

const template = (schema: unknown): string => JSON.stringify({ index_templates: [{ index_template: { _meta: { schema } } }] });
const error = (type: string): string => JSON.stringify({ error: { type }, status: 404 });

test.each<[number, string, 'health' | 'template' | 'bulk', string | null]>([
  [200, '{"status":"green"}', 'health', null],
  [200, '{"status":3}', 'health', 'not-elasticsearch'],
  [200, '<!doctype html>', 'health', 'not-elasticsearch'],
  [404, '<html>', 'health', 'not-elasticsearch'],
  [401, '{}', 'health', 'unauthorized'],
  [502, '', 'health', 'same-origin-down'],
  [503, '', 'health', 'same-origin-down'],
  [429, '', 'health', 'busy'],
  [200, template(1), 'template', null],
  [200, template(2), 'template', 'wrong-schema'],
  [200, template(undefined), 'template', 'wrong-schema'],
  [200, '{}', 'template', 'wrong-schema'],
  [200, '<html>', 'template', 'not-elasticsearch'],
  [404, error('resource_not_found_exception'), 'template', 'no-template'],
  [404, error('index_not_found_exception'), 'template', 'not-elasticsearch'],
  [404, '{"error":"no handler"}', 'template', 'not-elasticsearch'],
  [403, '{}', 'template', null],
  [401, '{}', 'template', 'unauthorized'],
  [503, '{}', 'template', 'busy'],
  [200, '{"items":[]}', 'bulk', null],
  [400, '{}', 'bulk', 'refused'],
  [302, '', 'bulk', 'refused'],
  [401, '{}', 'bulk', 'unauthorized'],
  [403, '{}', 'bulk', 'forbidden'],
  [408, '', 'bulk', 'busy'],
  [413, '', 'bulk', 'too-large'],
  [429, '', 'bulk', 'busy'],
  [500, 'null', 'bulk', 'busy'],
])('%i %j to %s: %s', (status, text, asked, cause) => {
  expect(causeOfStatus(status, text, asked)?.cause ?? null).toBe(cause);
});

test('what a server says is told in part when it is long', () => {
  expect(causeOfStatus(400, 'x'.repeat(5000), 'bulk')?.detail).toBe('x'.repeat(300));
});
