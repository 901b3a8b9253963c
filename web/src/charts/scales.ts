/**
 * Scales and their ticks.
 *
 * In: a range of values, what they measure, and how many ticks there is room for. Out: round values within the range,
 * ascending. Guaranteed: at most a little more than asked for, and rounded as the unit is: bytes in powers of two, times in
 * seconds, minutes and hours, the rest in 1, 2 and 5.
 */

export type Kind = 'count' | 'bytes' | 'time' | 'rate' | 'share';
export type ScaleType = 'linear' | 'log';

export interface Scale {
  readonly type: ScaleType;
  readonly min: number;
  readonly max: number;
}

/** Share of the way from `min` to `max`; outside [0, 1] for values beyond. */
export function shareOf({ type, min, max }: Scale, value: number): number {
  return type === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
}

/** What stands at a share of the way. */
export function valueAt({ type, min, max }: Scale, share: number): number {
  return type === 'log' ? min * (max / min) ** share : min + (max - min) * share;
}

/** Nanoseconds from a minute on; below, steps are 1, 2 and 5 of a power of ten. */
const LONG_STEPS_NS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400].map((s) => s * 1e9);
const SHORT_STEPS_NS = [15e9, 30e9];

export function niceStep(kind: Kind, least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  if (kind === 'bytes') return 2 ** Math.ceil(Math.log2(least) - 1e-9);
  if (kind === 'time' && least > 10e9) {
    return [...SHORT_STEPS_NS, ...LONG_STEPS_NS].find((step) => step >= least) ?? Math.ceil(least / 86400e9) * 86400e9;
  }
  const power = 10 ** Math.floor(Math.log10(least) + 1e-9);
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return kind === 'count' ? Math.max(step * power, 1) : step * power;
}

/** `phase` is what round values are counted from: midnight, for times of day. */
export function linearTicks(kind: Kind, min: number, max: number, most: number, phase = 0): number[] {
  if (!(max > min)) return [];
  const step = niceStep(kind, (max - min) / Math.max(most, 1));
  const first = Math.ceil((min + phase) / step - 1e-9);
  const count = Math.min(Math.floor((max + phase) / step + 1e-9) - first + 1, 1000);
  return Array.from({ length: Math.max(count, 0) }, (_, n) => (first + n) * step - phase);
}

export function logTicks(kind: Kind, min: number, max: number, most: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  const base = kind === 'bytes' ? 2 : 10;
  const log = base === 2 ? Math.log2 : Math.log10;
  const first = Math.ceil(log(min) - 1e-9);
  const last = Math.floor(log(max) + 1e-9);
  // Of powers of two, those that are powers of 1024 too are among the ticks.
  const steps = base === 2 ? [1, 2, 5, 10, 20] : [1, 2, 3, 6, 9];
  const step = steps.find((step) => Math.floor(last / step) - Math.ceil(first / step) + 1 <= most) ?? 30;
  const ticks: number[] = [];
  for (let power = Math.ceil(first / step) * step; power <= last; power += step) ticks.push(base ** power);
  if (ticks.length >= 3 || base === 2) return ticks;
  const between = last - first < 1 ? linearTicks(kind, min, max, most) : [];
  return between.length > 0 ? between : ticks;
}

export const ticksOf = (kind: Kind, { type, min, max }: Scale, most: number): number[] =>
  type === 'log' ? logTicks(kind, min, max, most) : linearTicks(kind, min, max, most);
