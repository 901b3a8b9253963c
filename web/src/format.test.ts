/** Numbers, times and hostile text, as people see them. */

import { describe, expect, it } from 'vitest';
import { endpoint, formatter, parseDuration, visible, zone } from './format';

const plain = (text: string) => text.replaceAll('\u202f', ' ');
const en = formatter('en', 1_583_053_200_123_456_789n);
const fr = formatter('fr', 1_583_053_200_123_456_789n);

describe('numbers', () => {
  it.each([
    [en.count(1_234_567), '1 234 567'], [en.count(NaN), '–'], [fr.count(1_234_567), '1 234 567'],
    [en.number(0.12345), '0.1235'], [en.number(-12.3), '−12.3'], [fr.number(2.5), '2,5'], [en.number(123456.7), '123 457'],
    [en.number(-1234), '−1 234'], [fr.number(1.2345e-5), '1,234·10⁻⁵'], [en.number(0), '0'], [en.number(NaN), '–'],
    [en.bytes(0), '0 B'], [en.bytes(1), '1 B'], [en.bytes(1011), '1 011 B'], [en.bytes(1023), '1 023 B'], [en.bytes(1024), '1.00 KiB'],
    [en.bytes(1_048_575), '1.00 MiB'], [en.bytes(1_048_576 * 99.96), '100 MiB'], [en.bytes(5e9), '4.66 GiB'],
    [en.bytes(1.5), '1.50 B'], [fr.bytes(1536), '1,50 Kio'], [fr.bytes(12), '12 o'], [fr.bytes(5e9), '4,66 Gio'], [en.bytes(2 ** 60), '1 024 PiB'],
    [en.duration(999), '999 ns'], [en.duration(1000), '1.00 µs'], [en.duration(59.999e9), '1.00 min'], [en.duration(-2e6), '−2.00 ms'],
    [fr.duration(90_000e9), '1,04 j'], [en.duration(90_000e9), '1.04 d'], [en.duration(Infinity), '–'],
    [en.rate(0), '0 bit/s'], [en.rate(4.2e6), '4.20 Mbit/s'], [en.rate(999_999), '1.00 Mbit/s'],
    [en.share(0.954), '95 %'], [en.share(0.0123), '1.2 %'], [fr.share(0.0123), '1,2 %'], [en.share(0), '0 %'],
  ])('%s', (text, expected) => expect(plain(text)).toBe(expected));
});

describe('times', () => {
  const west = formatter('en', 1_583_053_200_123_456_789n, -330);
  const unknown = formatter('fr');
  it.each([
    [en.time(0), '09:00:00.123'], [en.time(0, 9), '09:00:00.123 456 789'], [en.time(0, 0), '09:00:00'], [fr.time(0, 6), '09:00:00,123 456'],
    [en.time(876_543_211), '09:00:01.000'], [en.time(-124e6), '08:59:59.999'], [west.time(0), '03:30:00.123'],
    [en.date(0), '2020-03-01 09:00:00 UTC'], [west.date(0), '2020-03-01 03:30:00 UTC−5:30'],
    [unknown.time(1.5e9), '+1,500 000 s'], [unknown.date(-1.5e9), '−1,500 000 s'], [en.offset(1234.5e9), '+1 234.500 000 s'],
    [en.offset(0.9999999e9), '+1.000 000 s'], [en.time(NaN), '–'],
    [zone(0), 'UTC'], [zone(120), 'UTC+2'], [zone(345), 'UTC+5:45'],
  ])('%s', (text, expected) => expect(plain(text)).toBe(expected));

  it('a time that no calendar holds is told as an offset', () => {
    expect(plain(formatter('en', 2n ** 63n).time(0))).toMatch(/^\d|^\+/);
    expect(plain(formatter('en', 9n * 10n ** 24n).time(1e9))).toBe('+1.000 000 s');
  });
});

describe('text from captures', () => {
  it.each([
    ['plain-name_é中.pcap', 'plain-name_é中.pcap'],
    ['a\u0000b\u001b[31m\u007f\u0085', 'a\\x00b\\x1b[31m\\x7f\\xc2\\x85'],
    ['evil\u202egpj.exe', 'evil\\xe2\\x80\\xaegpj.exe'],
    ['zero\u200bwidth\ufeff', 'zero\\xe2\\x80\\x8bwidth\\xef\\xbb\\xbf'],
    ['line\u2028end', 'line\\xe2\\x80\\xa8end'],
    ['half\ud800', 'half\\xef\\xbf\\xbd'],
    ['tag\u{e0041}', 'tag\\xf3\\xa0\\x81\\x81'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['😀', '😀'],
  ])('%j', (text, expected) => expect(visible(text)).toBe(expected));

  it('endpoints', () => {
    expect(endpoint('192.0.2.1', 443)).toBe('192.0.2.1:443');
    expect(endpoint('2001:db8::1', 443)).toBe('[2001:db8::1]:443');
  });
});

it.each([
  ['500ms', 500e6], ['1.5s', 1.5e9], ['2m', 120e9], ['2 min', 120e9], ['500000000 ns', 500e6], ['1h', 3600e9], ['10us', 10_000],
  ['', null], ['5', null], ['-1s', null], ['1.2345s', null], ['1e3s', null], ['s', null],
])('duration %j', (text, ns) => expect(parseDuration(text)).toBe(ns));
