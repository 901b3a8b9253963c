/** What a manifest gives to know. */

import { expect, it } from 'vitest';
import { formatter } from '../format';
import { translator } from '../i18n';
import type { Finished } from '../protocol';
import { faultInWords } from './faults';
import { findingsOf } from './findings';

type Manifest = Finished['manifest'];

function finished(manifest: object = {}, rest: Partial<Finished> = {}): Finished {
  const clean = {
    method: 'exchange', counters: { frames: 10, truncated_frames: 0 }, skips: [], oddities: {}, client_sources: { syn: 3 },
    methods_by_direction: { exchange: 6 }, evicted_streams: 0, reused_tuples: 0, names_left_out: 0, non_monotonic_timestamps: 0, overflowed_holes: 0,
    unmatched_fragments: 0, filtered_packets: 0, recording: { overlaps: 0, longest_gap_ns: 0 },
  };
  return {
    status: 'complete', captureStartNs: 0n, faults: [], leftOut: [], elapsedMs: 1,
    manifest: { ...clean, ...manifest } as unknown as Manifest, ...rest,
  };
}

const skip = (reason: string, packets: number) => ({ layer: 'link', reason, detail: 0, packets, samples: [] });

it.each<[string, Finished, readonly (readonly [string, number])[]]>([
  ['all is well', finished(), []],
  ['ARP and ICMP are no fault', finished({ skips: [skip('not_ip', 5), skip('other_protocol', 2)] }), []],
  ['what could not be understood', finished({ skips: [skip('malformed', 5), skip('truncated', 2), skip('unsupported_link_type', 1)] }), [['find.unread', 8]]],
  ['clients that were guessed', finished({ client_sources: { syn: 1, port: 2, first: 3, option: 9 } }), [['find.guessed', 5]]],
  ['a fallback', finished({ methods_by_direction: { exchange: 1, 'exchange-headers': 4 } }), [['find.fallback', 4]]],
  ['headers alone, as asked for', finished({ method: 'exchange-headers', methods_by_direction: { 'exchange-headers': 4 } }), []],
  ['names that had no room', finished({ names_left_out: 12 }), [['find.namesLeftOut', 12]]],
  ['stopped', finished({}, { status: 'interrupted' }), [['find.interrupted', 10]]],
  ['all the rest', finished({
    counters: { frames: 10, truncated_frames: 1 }, oddities: { a: 1, b: 2 }, evicted_streams: 4, reused_tuples: 5, non_monotonic_timestamps: 6,
    overflowed_holes: 7, unmatched_fragments: 8, filtered_packets: 9, recording: { overlaps: 2, longest_gap_ns: 0 },
  }, { leftOut: ['x'], faults: [{ file: 'a', offset: 1, reason: 'r' }] }), [
    ['fault', 1], ['find.leftOut', 1], ['find.truncated', 1], ['find.evicted', 4], ['find.clock', 6], ['find.holes', 7], ['find.fragments', 8],
    ['find.overlaps', 2], ['find.odd', 3], ['find.filtered', 9], ['find.reused', 5],
  ]],
])('%s', (_, given, expected) => expect(findingsOf(given).map(({ key, n }) => [key, n])).toEqual(expected));

it.each([
  ['the file is empty', 'the file is empty. Record'],
  ['not a pcap or pcapng file (first bytes [50, 4b, 03, 04])', 'neither pcap nor pcapng'],
  ['version 9.1 of the capture file format is not known', 'version 9.1 of'],
  ['the file ends inside a packet: 1512 more bytes were announced', '1\u202f512 more bytes'],
  ['a packet of 3900000000 bytes is not believable', '3\u202f900\u202f000\u202f000 bytes, which no capture has'],
  ['another capture file begins here: two files were joined; give them as separate files', 'two files were joined'],
  ['corrupt pcapng block: a packet longer than its block', 'damaged (a packet longer than its block)'],
  ['NotReadableError: \u202ethe disk', 'NotReadableError: \\xe2\\x80\\xaethe disk. Check'],
])('%s, in words', (reason, words) => {
  const sentence = faultInWords(translator('en'), formatter('en'), { file: 'x\u0007.pcap', offset: 1_204_224, reason });
  expect(sentence).toContain(words);
  expect(sentence).toMatch(/^x\\x07\.pcap, byte 1\u202f204\u202f224: /);
});
