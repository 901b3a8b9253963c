/**
 * The policy that stands in index.html for servers that send none.
 *
 * In: a page. Out: the page with its policy narrowed, replaced, or, while developing, gone. Guaranteed: a page without one is an
 * error, so that none is ever built.
 */

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;
/** Any server: which one is its user's choice. */
const ANY = 'http: https:';
const ORIGIN = /^https?:\/\/[^\s/;,'"?#]+$/;

/** Vite's own server writes styles into the page and speaks to it by a socket, which the policy forbids. */
export function developmentPolicy(): Plugin {
  return { name: 'development-policy', apply: 'serve', transformIndexHtml: (html) => html.replace(POLICY, '') };
}

/** Lets the page speak to these origins only, besides its own server's; to any when none is given. */
export function narrowPolicy(origins: readonly string[]): Plugin {
  return { name: 'narrow-policy', apply: 'build', transformIndexHtml: (html) => narrowed(html, origins) };
}

export function narrowed(html: string, origins: readonly string[]): string {
  const wrong = origins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) throw new Error(`${wrong} is no origin: write it as https://host:port`);
  if (!policyOf(html).includes(ANY)) throw new Error(`the policy of index.html does not let it speak to ${ANY}`);
  return origins.length === 0 ? html : html.replace(ANY, () => origins.join(' '));
}

/** The page under the policy of the single file: its one script and one style by their digests, workers of its own making. */
export function withSingleFilePolicy(html: string, script: string, style: string): string {
  const connect = /connect-src ([^;]*)/.exec(policyOf(html))?.[1]?.replace("'self'", '').trim();
  if (connect === undefined) throw new Error('the policy of index.html has no connect-src');
  const content = [
    "default-src 'none'",
    `script-src '${digest(script)}' 'wasm-unsafe-eval'`,
    `connect-src ${connect}`,
    'worker-src blob:',
    `style-src '${digest(style)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(POLICY, () => `<meta http-equiv="Content-Security-Policy" content="${content}">`);
}

function policyOf(html: string): string {
  const policy = POLICY.exec(html)?.[1];
  if (policy === undefined) throw new Error('index.html has no Content-Security-Policy');
  return policy;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
