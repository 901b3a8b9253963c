/** The filter and its form in the address. */

import { describe, expect, it } from 'vitest';
import type { Filter } from '../protocol';
import { chipsOf, isSame, parseFilter, replaced, toggled, writeFilter } from './filter';

const CASES: readonly (readonly [fragment: string, filter: Filter])[] = [
  ['', {}],
  ['time=12.5..30', { timeNs: [12_500_000_000, 30_000_000_000] }],
  ['time=0..0.000000001', { timeNs: [0, 1] }],
  ['time=-0.25..9000000', { timeNs: [-250_000_000, 9e15] }],
  ['server=www.example.org,a_b.example:443&app=google_maps', { servers: ['www.example.org', 'a_b.example:443'], applications: ['google_maps'] }],
  ['server=192.0.2.1,2001:db8::1', { servers: ['192.0.2.1', '2001:db8::1'] }],
  ['direction=down&transport=tcp', { direction: 'down', transport: 'tcp' }],
  ['port=443,0,65535', { serverPorts: [443, 0, 65_535] }],
  ['stream=0,4294967295', { streams: [0, 4_294_967_295] }],
  ['end=reply,capture_end', { endReasons: ['reply', 'capture_end'] }],
  ['end=idle&time=1..2&server=::ffff:192.0.2.1', { endReasons: ['idle'], timeNs: [1e9, 2e9], servers: ['::ffff:192.0.2.1'] }],
];

describe('the fragment', () => {
  it.each(CASES)('%s and back', (fragment, filter) => {
    expect(writeFilter(filter)).toBe(fragment);
    expect(parseFilter(`#${fragment}`)).toStrictEqual(filter);
    expect(parseFilter(encodeURI(fragment))).toStrictEqual(filter);
    // In the order in which parts were added, so that Esc takes the latest even after a reload.
    expect(Object.keys(parseFilter(fragment))).toEqual(Object.keys(filter));
  });

  it.each([
    ['time=30..12'], ['time=1..1'], ['time=1..2..3'], ['time=a..b'], ['time=1e3..2e3'], ['time=1'], ['time=..'], ['time=99999999..999999999'],
    ['server=<script>'], ['server='], ['server=a%20b'], ['app=a/b'], ['direction=sideways'], ['transport=TCP'],
    ['port=65536'], ['port=-1'], ['port=4 43'], ['stream=1.5'], ['stream=4294967296'], ['end=because'], ['%'], ['=&=&==='], ['__proto__=1'],
    ['constructor=1'], ['server=%E0%A4%A'], [`server=${'1.1.1.1,'.repeat(3000)}`],
  ])('%s says nothing', (fragment) => expect(parseFilter(fragment)).toStrictEqual({}));

  it('keeps what makes sense beside what does not', () => {
    expect(parseFilter('#foo=1&port=443,x,443&direction=up&time=9..1')).toStrictEqual({ serverPorts: [443], direction: 'up' });
  });

  it('takes at most 200 values of a key', () => {
    expect(parseFilter(`port=${Array.from({ length: 300 }, (_, port) => port).join(',')}`).serverPorts).toHaveLength(200);
  });
});

describe('parts', () => {
  it('are added, taken away, and replaced where there is one only', () => {
    let filter: Filter = toggled({}, { name: 'servers', value: '192.0.2.1' });
    filter = toggled(filter, { name: 'servers', value: '192.0.2.2' });
    filter = toggled(filter, { name: 'direction', value: 'up' });
    filter = toggled(filter, { name: 'direction', value: 'down' });
    expect(filter).toStrictEqual({ servers: ['192.0.2.1', '192.0.2.2'], direction: 'down' });
    expect(chipsOf(filter).map(({ value }) => value)).toEqual(['192.0.2.1', '192.0.2.2', 'down']);
    for (const chip of chipsOf(filter).reverse()) filter = toggled(filter, chip);
    expect(filter).toStrictEqual({});
  });

  it('time is one part, and the latest when it is brushed anew', () => {
    const filter = replaced({ timeNs: [0, 1], direction: 'up' }, 'timeNs', [1, 2]);
    expect(chipsOf(filter)).toEqual([{ name: 'direction', value: 'up' }, { name: 'timeNs', value: [1, 2] }]);
    expect(toggled(filter, chipsOf(filter)[1]!)).toStrictEqual({ direction: 'up' });
    expect(replaced(filter, 'timeNs', undefined)).toStrictEqual({ direction: 'up' });
  });

  it('are the same in any order', () => {
    expect(isSame({ direction: 'up', transport: 'udp' }, { transport: 'udp', direction: 'up' })).toBe(true);
    expect(isSame({ direction: 'up' }, { direction: 'down' })).toBe(false);
    expect(isSame({}, { streams: [0] })).toBe(false);
  });
});
