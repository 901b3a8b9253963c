/**
 * The single file: what is put together runs under its own policy.
 */

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { joined } from './single-file.ts';

const HTML = `<head>
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src 'self' http: https:">
  <link rel="icon" href="./icon.svg"><link rel="manifest" href="./m">
  <script type="module" crossorigin src="./assets/a.js"></script>
  <link rel="stylesheet" crossorigin href="./assets/a.css">
</head>
<body><div id="page"></div></body>`;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const inside = (page: string, tag: string): string =>
  new RegExp(`<${tag}(?: type="module")?>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';

test.each([
  ['plain', 'run();', 'p{}'],
  ['ends of elements', 'x = "</script><!-- </SCRIPT>";', 'p::before{content:"</style>"}'],
  ['what a replacement would read', "x = '$& $1 $`';", 'p{--x:"$&"}'],
])('%s', (_what, script, style) => {
  const page = joined(HTML, script, style, 'data:image/svg+xml;base64,AA==');
  const policy = /content="([^"]*)"/.exec(page)?.[1] ?? '';
  expect(policy).toContain(`script-src ${digest(inside(page, 'script'))} 'wasm-unsafe-eval'`);
  expect(policy).toContain(`style-src ${digest(inside(page, 'style'))}`);
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).toContain('connect-src http: https:;');
  expect(inside(page, 'script').length).toBeGreaterThanOrEqual(script.length);
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
});

test.each([
  ['another file', HTML.replace('<body>', '<body><script src="./b.js"></script>'), 'names another one'],
  ['no policy', HTML.replace('Content-Security-Policy', 'x'), 'no Content-Security-Policy'],
])('%s is an error', (_what, html, told) => {
  expect(() => joined(html, '', '', 'data:,')).toThrow(told);
});
