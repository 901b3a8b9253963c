/** Options as the form, the figures and the command line have them. */

import { describe, expect, it } from 'vitest';
import { command, inWords, isValid, methodOf, thresholds, tidied } from './method';

it.each([
  [{}, { name: 'exchange', value: '' }],
  [{ method: 'fixed:1s' }, { name: 'fixed', value: '1s' }],
  [{ method: 'rtt:1.5' }, { name: 'rtt', value: '1.5' }],
  [{ method: 'nonsense' }, { name: 'exchange', value: '' }],
])('method of %j', (options, method) => expect(methodOf(options)).toEqual(method));

it.each([
  [{ method: 'exchange', idle: '500ms', client: '' }, {}],
  [{ idle: ' 2 s ', client: '10.0.0.0/8, 2001:db8::/32' }, { idle: '2s', client: '10.0.0.0/8,2001:db8::/32' }],
  [{ method: 'fixed:1s', idle: '9s', protocol: 'tcp' }, { method: 'fixed:1s', protocol: 'tcp' }],
  [{ 'no-split-requests': 'true' }, { 'no-split-requests': 'true' }],
  [{ idle: '500000000 ns', 'push-gap': '90000000000 ns', 'split-requests': 'false', mode: 'object' }, { 'push-gap': '90s', 'no-split-requests': 'true' }],
  [{ 'tcp-expiry': '60s', 'udp-expiry': '300s' }, { 'tcp-expiry': '1m' }],
])('tidied %j', (options, expected) => expect(tidied(options)).toEqual(expected));

describe('thresholds', () => {
  it.each([
    [{}, [['push-gap', 60e6], ['idle', 500e6], ['udp-idle', 1e9]]],
    [{ idle: '500000000 ns', 'push-gap': 'x' }, [['idle', 500e6], ['udp-idle', 1e9]]],
    [{ method: 'fixed:2s' }, [['fixed', 2e9]]],
    [{ method: 'rtt:2' }, [['rtt', 50e6]]],
    [{ method: 'mean-gap' }, []],
  ])('of %j', (options, expected) => expect(thresholds(options).map(({ name, ns }) => [name, ns])).toEqual(expected));
});

it.each([
  [{}, 'exchange, idle 500ms, udp-idle 1s, push-gap 60ms'],
  [{ method: 'mean-gap', client: '192.0.2.1' }, 'mean-gap, client 192.0.2.1'],
  [{ 'no-split-requests': 'true', idle: '2s' }, 'exchange, idle 2s, udp-idle 1s, push-gap 60ms, no-split-requests'],
])('figures made with %j', (options, words) => expect(inWords(options)).toBe(words));

it.each([
  ['duration', '1.5s', true], ['duration', '1.5', false], ['whole', '40', true], ['whole', '-1', false], ['whole', '1.5', false],
  ['text', '', true], ['text', '10.0.0.0/8,::1', true], ['text', 'example.org', false], ['text', '10.0.0.0/8;rm', false],
] as const)('%s %j', (kind, text, valid) => expect(isValid(kind, text)).toBe(valid));

describe('the command', () => {
  it('has files, options and server, each one word of the shell', () => {
    const line = command(['a b.pcap', "it's.pcap", '-x.pcap', '$(id).pcap'], { method: 'fixed:1s', client: '10.0.0.1,::1' }, 'http://127.0.0.1:9200');
    expect(line.replaceAll(' \\\n ', '')).toBe(
      `sniffit analyze 'a b.pcap' 'it'\\''s.pcap' ./-x.pcap '$(id).pcap' --method fixed:1s --client 10.0.0.1 --client ::1 ` +
      '--elasticsearch http://127.0.0.1:9200 --api-key-file sniffit.key',
    );
  });

  it('leaves away what is as usual', () => {
    expect(command(['a.pcap'], { 'no-split-requests': 'true', idle: '500ms' }, 'http://h:1')).toContain('--no-split-requests \\\n  --elasticsearch');
  });
});
