/**
 * What went wrong with a file, in words.
 *
 * In: a fault as the analyzer tells it, in English. Out: a sentence in the reader's language: the file, the byte, the cause,
 * and what to do. Guaranteed: a reason that is not known here is shown as it came.
 */

import { visible, type Format } from '../format';
import type { Key, Translate } from '../i18n';
import type { Fault } from '../protocol';

/** The texts of the analyzer's faults. The number, where there is one, is put into the sentence. */
const REASONS: readonly (readonly [pattern: RegExp, key: Key])[] = [
  [/^the file is empty/, 'fault.empty'],
  [/^not a pcap or pcapng file/, 'fault.magic'],
  [/^version ([\d.]+) of/, 'fault.version'],
  [/^the file ends inside .+: (\d+) more bytes/, 'fault.truncated'],
  [/ of (\d+) bytes is not believable/, 'fault.length'],
  [/^another capture file begins here/, 'fault.joined'],
  [/^corrupt pcapng block: (.+)/, 'fault.block'],
];

export function faultInWords(t: Translate, format: Format, { file, offset, reason }: Fault): string {
  const found = REASONS.map(([pattern, key]) => ({ match: pattern.exec(reason), key })).find(({ match }) => match);
  const value = found?.match?.[1] ?? '';
  const detail = /^\d+$/.test(value) ? format.count(Number(value)) : visible(value || reason);
  return t('fault', { file: visible(file), offset, reason: t(found?.key ?? 'fault.other', { detail }) });
}
