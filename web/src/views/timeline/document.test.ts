/** The timeline as a drawing that stands alone. */

import { expect, test } from 'vitest';
import { timelineDocument } from './document';

const DOCUMENT = timelineDocument({
  drawing: '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><g/></svg>', widthPx: 100, heightPx: 50,
  title: 'Timeline', summary: '3 objects', note: 'cut by <exchange>', ticks: [{ x: 10, text: '10:00:00' }],
  labels: [{ y: 8, text: '192.0.2.1 & more', isServer: true }, { y: 28, text: ':1 → :443/tcp', isServer: false }],
  up: 'up', down: 'down',
  colours: { text: '#111', quiet: '#666', line: '#ddd', surface: '#fff', accent: '#088', up: '#00f', down: '#f80' },
});

test.each([
  ['the drawing beside the names and below the axis', '<svg x="190" y="84" xmlns="http://www.w3.org/2000/svg" width="100" height="50"><g/></svg>'],
  ['a tick', '<text x="200" y="75" text-anchor="middle" fill="#666">10:00:00</text>'],
  ['a server', '<text x="16" y="92" font-weight="600">192.0.2.1 &#38; more</text>'],
  ['a stream, set off', '<text x="26" y="112" fill="#666">:1 → :443/tcp</text>'],
  ['what it was made with', '>cut by &#60;exchange&#62;</text>'],
  ['room for all of it', 'width="326" height="167" viewBox="0 0 326 167"'],
])('the document has %s', (_, part) => {
  expect(DOCUMENT).toContain(part);
});
