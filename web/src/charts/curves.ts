/**
 * Distribution functions made ready for drawing, reading and tables.
 *
 * In: points of one or two empirical distribution functions. Out: both over the same ascending values, shares at a value, values
 * at a share. Guaranteed: functions are steps, as they are: between two values the share is that of the lower; nothing is smoothed
 * and values of 0 are counted even where a logarithmic axis cannot show them.
 */

import type { Curve, Curves, Direction } from '../protocol';
import type { Kind, Scale, ScaleType } from './scales';

export type DistributionMeasure = 'size' | 'duration' | 'interArrival' | 'gap' | 'rate' | 'packetGap';

export const DIRECTIONS = ['up', 'down'] as const satisfies readonly Direction[];

export const kindOf = (measure: DistributionMeasure): Kind =>
  measure === 'size' ? 'bytes' : measure === 'rate' ? 'rate' : 'time';

export const unitOf = (measure: DistributionMeasure): string =>
  measure === 'size' ? 'B' : measure === 'rate' ? 'bit/s' : 'ns';

/** Share of the values that are at most `value`. */
export function shareAt({ values, shares }: Curve, value: number): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  return from === 0 ? 0 : shares[from - 1]!;
}

/** The least value that at least this share of all are at most. */
export function quantile({ values, shares, max }: Curve, share: number): number {
  const at = shares.findIndex((reached) => reached >= share - 1e-12);
  return at < 0 ? max : values[at]!;
}

/** What the axis spans; null when no value can be shown on it. */
export function valueScale(curves: Curves, type: ScaleType): Scale | null {
  let min = Infinity;
  let max = -Infinity;
  for (const direction of DIRECTIONS) {
    const curve = curves[direction];
    if (curve === null || curve.values.length === 0) continue;
    min = Math.min(min, type === 'log' ? (curve.values.find((value) => value > 0) ?? Infinity) : curve.min);
    max = Math.max(max, curve.max);
  }
  if (!(max >= min)) return null;
  if (type === 'linear') return { type, min: Math.min(min, 0), max: max > Math.min(min, 0) ? max : min + 1 };
  // A little room, so that a step at the least value is seen as one.
  return { type, min: min / 1.25, max: max === min ? max * 2 : max };
}

export interface Joined {
  readonly x: number[];
  /** Shares at most `x`, or above it; null where there is no value, or where a logarithmic axis cannot show 0. */
  readonly up: (number | null)[];
  readonly down: (number | null)[];
}

/** With values between, for what is drawn beside the steps. */
export function joined(curves: Curves, scale: Scale, above: boolean, between: readonly number[] = []): Joined {
  const inside = [...between, ...DIRECTIONS.flatMap((direction) => Array.from(curves[direction]?.values ?? []))]
    .filter((value) => value > scale.min && value < scale.max);
  const x = [scale.min, ...new Set(inside.sort((one, other) => one - other)), scale.max];
  const shares = (curve: Curve | null): (number | null)[] => {
    if (curve === null) return x.map(() => null);
    let at = 0;
    return x.map((value) => {
      while (at < curve.values.length && curve.values[at]! <= value) at++;
      const share = at === 0 ? 0 : curve.shares[at - 1]!;
      if (!above) return share;
      return scale.type === 'log' && share >= 1 ? null : 1 - share;
    });
  };
  return { x, up: shares(curves.up), down: shares(curves.down) };
}

/** Of the shares: from 0 to 1, and for what is above a value on logarithmic axes down to one in all. */
export function shareScale(curves: Curves, type: ScaleType, above: boolean): Scale {
  const most = Math.max(curves.up?.n ?? 1, curves.down?.n ?? 1, 10);
  return above && type === 'log' ? { type, min: 1 / most, max: 1 } : { type: 'linear', min: 0, max: 1 };
}

const BINS_PER_DECADE = 8;

/**
 * Where the density over the logarithm of the values is lowest between two hills: what a threshold between "within" and "between"
 * would be, if there were two kinds. Null when there is only one hill.
 */
export function deepestValley(curve: Curve): number | null {
  const least = curve.values.find((value) => value > 0);
  if (least === undefined || !(curve.max > least)) return null;
  const first = Math.floor(Math.log10(least) * BINS_PER_DECADE);
  const edge = (bin: number): number => 10 ** ((first + bin) / BINS_PER_DECADE);
  const count = Math.ceil(Math.log10(curve.max) * BINS_PER_DECADE) - first + 1;
  let density = Array.from({ length: count }, (_, bin) => shareAt(curve, edge(bin + 1)) - shareAt(curve, edge(bin)));
  for (let pass = 0; pass < 2; pass++) {
    density = density.map((here, bin) => (2 * here + (density[bin - 1] ?? 0) + (density[bin + 1] ?? 0)) / 4);
  }
  const leftHill: number[] = [];
  density.reduce((highest, here, bin) => (leftHill[bin] = Math.max(highest, here)), 0);
  const depths: number[] = [];
  let rightHill = 0;
  for (let bin = count - 1; bin >= 0; bin--) {
    rightHill = Math.max(rightHill, density[bin]!);
    const hill = Math.min(leftHill[bin]!, rightHill);
    // Less than a fifth of the lower hill is noise.
    depths[bin] = hill - density[bin]! > 0.2 * hill ? hill - density[bin]! : 0;
  }
  const deepest = Math.max(...depths);
  if (deepest === 0) return null;
  // A valley may be wide: its middle.
  const isBottom = (bin: number): boolean => (depths[bin] ?? 0) > 0.98 * deepest;
  const from = depths.findIndex((_, bin) => isBottom(bin));
  let to = from;
  while (isBottom(to + 1)) to++;
  return edge((from + to + 1) / 2);
}
