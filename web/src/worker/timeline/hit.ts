/**
 * Objects by place: under a point, and beside another object.
 *
 * In: lanes, and a point of a drawing or an object. Out: a row of `ObjectTable`, -1 where there is none. Guaranteed: what is
 * found under a point is drawn at most `TOLERANCE_PX` from it; of equally near objects the shortest is found, which would be
 * hidden otherwise.
 */

import type { TimelineView } from '../../protocol';
import { barColumns, laneSpan, rowsInView } from './geometry';
import { BLOCK, laneAt, type Lanes } from './lanes';

export const TOLERANCE_PX = 3;

export function objectAt(lanes: Lanes, view: TimelineView, xPx: number, yPx: number): number {
  const nsPerPx = (view.toNs - view.fromNs) / view.widthPx;
  const [first, end] = rowsInView(lanes, view);
  const rowAt = (y: number): number => Math.floor(view.firstRow + y / view.rowPx);
  const reachRows = Math.ceil(TOLERANCE_PX / view.rowPx);
  const from = Math.max(rowAt(yPx) - reachRows, first);
  const to = Math.min(rowAt(yPx) + reachRows + 1, end);
  const fromNs = view.fromNs + (xPx - TOLERANCE_PX - 1) * nsPerPx;
  const toNs = view.fromNs + (xPx + TOLERANCE_PX + 1) * nsPerPx;

  let found = -1;
  let least = TOLERANCE_PX;
  let leastNs = Infinity;
  for (let lane = 2 * from; lane < 2 * to; lane++) {
    const { top, bottom } = laneSpan(view, lane);
    const above = distance(yPx, top, bottom);
    if (above > least) continue;
    for (const at of overlapping(lanes, lane, fromNs, toNs)) {
      const [left, right] = barColumns(view, lanes.startNs[at]!, lanes.endNs[at]!);
      const away = Math.max(above, distance(xPx, left, right));
      const durationNs = lanes.endNs[at]! - lanes.startNs[at]!;
      if (away < least || (away === least && durationNs < leastNs)) {
        found = lanes.object[at]!;
        least = away;
        leastNs = durationNs;
      }
    }
  }
  return found;
}

/** From an object to its neighbour: in time within its lane, or the one nearest in time in the next lane that has any. */
export function step(lanes: Lanes, object: number, to: 'next' | 'previous' | 'above' | 'below'): number {
  if (lanes.object.length === 0) return -1;
  const at = lanes.position(object);
  if (at < 0) return lanes.object[0]!;
  const { laneStart } = lanes;
  let lane = laneAt(lanes, at);
  if (to === 'next' || to === 'previous') {
    const beside = to === 'next' ? at + 1 : at - 1;
    return beside < laneStart[lane]! || beside >= laneStart[lane + 1]! ? object : lanes.object[beside]!;
  }
  const by = to === 'above' ? -1 : 1;
  do lane += by;
  while (lane >= 0 && lane < 2 * lanes.rowCount && laneStart[lane] === laneStart[lane + 1]);
  return lane < 0 || lane >= 2 * lanes.rowCount ? object : nearest(lanes, lane, lanes.startNs[at]!);
}

/** Positions of the objects of a lane that touch [fromNs, toNs). */
function* overlapping(lanes: Lanes, lane: number, fromNs: number, toNs: number): Generator<number> {
  const end = lanes.laneStart[lane + 1]!;
  let at = lanes.laneStart[lane]!;
  while (at < end) {
    const block = Math.floor(at / BLOCK);
    const blockEnd = Math.min((block + 1) * BLOCK, end);
    if (lanes.blockStartNs[block]! < toNs && lanes.blockEndNs[block]! >= fromNs) {
      for (; at < blockEnd; at++) if (lanes.startNs[at]! < toNs && lanes.endNs[at]! >= fromNs) yield at;
    }
    at = blockEnd;
  }
}

function nearest(lanes: Lanes, lane: number, ns: number): number {
  let found = lanes.laneStart[lane]!;
  let least = Infinity;
  for (let at = found; at < lanes.laneStart[lane + 1]!; at++) {
    const away = distance(ns, lanes.startNs[at]!, lanes.endNs[at]!);
    if (away < least) [found, least] = [at, away];
  }
  return lanes.object[found]!;
}

/** From a point to [from, to]; 0 within. */
const distance = (point: number, from: number, to: number): number => Math.max(from - point, point - to, 0);
