/**
 * An object in words.
 *
 * In: an object. Out: pairs of a name and a value, as the card, the table and screen readers give them. Guaranteed: the same words in
 * all three, in the same order, and what is not known is null.
 */

import type { Format, Translate } from '../../charts/text';
import type { ObjectDetail } from '../../protocol';

/** The value is null where it is not known. */
export type Pair = readonly [name: string, value: string | null];

export function title(object: ObjectDetail, t: Translate, format: Format): string {
  const bytes = `${object.multiplexed ? `${t('lane.atLeast')}, ` : ''}${format.bytes(object.payloadBytes)}`;
  return `${object.direction === 'up' ? '▲' : '▼'} ${t(object.direction)} · ${bytes}`;
}

export function pairs(object: ObjectDetail, t: Translate, format: Format): Pair[] {
  const server = object.server.includes(':') ? `[${object.server}]` : object.server;
  const again = object.retransmittedBytes > 0
    ? ` (${t('lane.retransmitted', { bytes: format.bytes(object.retransmittedBytes) })})`
    : '';
  return [
    [t('server'), `${server}:${object.serverPort}/${object.transport}`],
    ...(object.serverAddress === object.server ? [] : [[t('address'), object.serverAddress] as const]),
    ...(object.application === '' ? [] : [[t('application'), object.application] as const]),
    [t('begin'), `${format.time(object.startNs, 6)} (${format.offset(object.startNs)})`],
    [t('duration'), format.duration(object.durationNs)],
    [t('size'), `${format.bytes(object.payloadBytes)}${again}`],
    [t('rate'), known(object.rateBps, format.rate)],
    [t('gap'), known(object.gapBeforeNs, format.duration)],
    [t('endedBy'), t(`end.${object.endReason}`)],
    [t('stream'), String(object.stream)],
  ];
}

export const sentence = (object: ObjectDetail, t: Translate, format: Format): string =>
  [title(object, t, format), ...pairs(object, t, format).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]))]
    .join(', ');

const known = (value: number, format: (value: number) => string): string | null => (Number.isNaN(value) ? null : format(value));
