/** What the card of an object says. */

import { expect, test } from 'vitest';
import type { Format, Translate } from '../../charts/text';
import type { ObjectDetail } from '../../protocol';
import { sentence } from './details';

const t: Translate = (key, values) => (values ? `${key}(${Object.values(values).join()})` : key);
const format: Format = {
  count: String, number: String, bytes: (n) => `${n} B`, duration: (n) => `${n} ns`, rate: (n) => `${n} bit/s`, share: String,
  offset: (n) => `+${n}`, time: (n) => `@${n}`,
};
const OBJECT: ObjectDetail = {
  row: 1, stream: 9, index: 0, direction: 'down', transport: 'tcp', client: 'c', clientPort: 1, server: '192.0.2.1', serverPort: 443,
  serverAddress: '192.0.2.1', application: '',
  startNs: 5, durationNs: 7, payloadBytes: 100, retransmittedBytes: 0, packets: 2, rateBps: 8, gapBeforeNs: 3, endReason: 'reply',
  multiplexed: false,
};

test.each([
  ['everything', {},
    '▼ down · 100 B, server 192.0.2.1:443/tcp, begin @5 (+5), duration 7 ns, size 100 B, rate 8 bit/s, gap 3 ns, endedBy end.reply, stream 9'],
  ['only what is known', { direction: 'up', rateBps: NaN, gapBeforeNs: NaN } as const,
    '▲ up · 100 B, server 192.0.2.1:443/tcp, begin @5 (+5), duration 7 ns, size 100 B, endedBy end.reply, stream 9'],
  ['what may be more than one', { server: '2001:db8::1', serverAddress: '2001:db8::1', multiplexed: true, retransmittedBytes: 4 },
    '▼ down · lane.atLeast, 100 B, server [2001:db8::1]:443/tcp, begin @5 (+5), duration 7 ns, ' +
    'size 100 B (lane.retransmitted(4 B)), rate 8 bit/s, gap 3 ns, endedBy end.reply, stream 9'],
  ['a server with a name', { server: 'a.example', application: 'maps' },
    '▼ down · 100 B, server a.example:443/tcp, address 192.0.2.1, application maps, begin @5 (+5), duration 7 ns, size 100 B, ' +
    'rate 8 bit/s, gap 3 ns, endedBy end.reply, stream 9'],
])('an object in words: %s', (_, part, expected) => {
  expect(sentence({ ...OBJECT, ...part }, t, format)).toBe(expected);
});
