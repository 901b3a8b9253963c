/**
 * Ticks of an axis of time.
 *
 * In: a span of offsets from the capture's begin, and how the page writes times. Out: round times of day where the capture's begin is
 * known, else round offsets. Guaranteed: as many decimals as tell neighbouring ticks apart.
 */

import type { Tick } from './drawing';
import { linearTicks, niceStep } from './scales';
import { short, type Format } from './text';

export function timeTicks(format: Format, fromNs: number, toNs: number, most: number): Tick[] {
  const phase = timeOfDayNs(format.time(0, 9));
  const stepNs = niceStep('time', (toNs - fromNs) / Math.max(most, 1));
  const decimals = stepNs % 1e9 === 0 ? 0 : stepNs % 1e6 === 0 ? 3 : stepNs % 1e3 === 0 ? 6 : 9;
  return linearTicks('time', fromNs, toNs, most, phase ?? 0).map((value) => ({
    value,
    text: phase !== null ? format.time(value, decimals) : value === 0 ? '0' : short(format.duration(value)),
  }));
}

/** Nanoseconds since midnight of `12:03:10.123 456 789`; null of another text, such as an offset. */
export function timeOfDayNs(text: string): number | null {
  const match = /^(\d\d):(\d\d):(\d\d)[.,]([\d\s]+)$/.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1, 4).map(Number) as [number, number, number];
  return ((hours * 60 + minutes) * 60 + seconds) * 1e9 + Number(match[4]!.replace(/\s/g, '').padEnd(9, '0'));
}
