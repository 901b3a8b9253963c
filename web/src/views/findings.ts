/**
 * What a reader of the figures should know about the data.
 *
 * In: the manifest. Out: one finding for each thing that may change what the figures mean. Guaranteed: an empty list says that
 * everything was read, in order, as a whole; packets that are no TCP or UDP by nature, such as ARP, are no finding.
 */

import type { Key } from '../i18n';
import type { Fault, Finished } from '../protocol';

export interface Finding {
  readonly key: Key;
  readonly n: number;
  /** For findings that are about a file. */
  readonly fault?: Fault;
}

/** Reasons of skips that mean that something could not be understood. */
const UNREAD = ['unsupported_link_type', 'truncated', 'malformed', 'empty', 'too_deep'];

export function findingsOf({ status, manifest, faults, leftOut }: Finished): Finding[] {
  const unread = manifest.skips.filter(({ reason }) => UNREAD.includes(reason));
  const odd = Object.values(manifest.oddities).reduce((sum, n) => sum + n, 0);
  const counted: readonly (readonly [Key, number])[] = [
    ['find.interrupted', status === 'interrupted' ? manifest.counters.frames : 0],
    ['find.leftOut', leftOut.length],
    ['find.unread', unread.reduce((sum, { packets }) => sum + packets, 0)],
    ['find.truncated', manifest.counters.truncated_frames],
    ['find.evicted', manifest.evicted_streams],
    ['find.guessed', (manifest.client_sources['port'] ?? 0) + (manifest.client_sources['first'] ?? 0)],
    ['find.fallback', manifest.method === 'exchange' ? (manifest.methods_by_direction['exchange-headers'] ?? 0) : 0],
    ['find.namesLeftOut', manifest.names_left_out],
    ['find.clock', manifest.non_monotonic_timestamps],
    ['find.holes', manifest.overflowed_holes],
    ['find.fragments', manifest.unmatched_fragments],
    ['find.overlaps', manifest.recording.overlaps],
    ['find.odd', odd],
    ['find.filtered', manifest.filtered_packets],
    ['find.reused', manifest.reused_tuples],
  ];
  return [
    ...faults.map((fault): Finding => ({ key: 'fault', n: 1, fault })),
    ...counted.filter(([, n]) => n > 0).map(([key, n]): Finding => ({ key, n })),
  ];
}
