/**
 * An object in words.
 *
 * In: an object. Out: pairs of a name and a value, as the card, the table and screen readers give them. Guaranteed: the same words in
 * all three; what is not known is not there.
 */

import type { Format, Translate } from '../../charts/text';
import type { ObjectDetail } from '../../protocol';

export type Pair = readonly [name: string, value: string];

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
    [t('begin'), `${format.time(object.startNs, 6)} (${format.offset(object.startNs)})`],
    [t('duration'), format.duration(object.durationNs)],
    [t('size'), `${format.bytes(object.payloadBytes)}${again}`],
    ...(Number.isNaN(object.rateBps) ? [] : [[t('rate'), format.rate(object.rateBps)] as const]),
    ...(Number.isNaN(object.gapBeforeNs) ? [] : [[t('gap'), format.duration(object.gapBeforeNs)] as const]),
    [t('endedBy'), t(`end.${object.endReason}`)],
    [t('stream'), String(object.stream)],
  ];
}

export const sentence = (object: ObjectDetail, t: Translate, format: Format): string =>
  [title(object, t, format), ...pairs(object, t, format).map(([name, value]) => `${name} ${value}`)].join(', ');
