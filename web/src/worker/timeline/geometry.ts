/**
 * Where rows and times are in a drawing.
 *
 * In: a view, and a row or a time. Out: pixels of the drawing. Guaranteed: what is drawn and what is found under a point use
 * the same numbers; lanes are at least one pixel high.
 */

import type { TimelineView } from '../../protocol';
import type { Lanes } from './lanes';

/** From this height on a row shows its two lanes; below, rows share pixels. */
export const SEPARATE_PX = 2;
/** From this height on rows leave a pixel between them. */
const GAP_FROM_PX = 5;

/** Pixel rows [top, bottom); beyond the drawing for rows that are cut by its edge. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** Rows [first, end) of which a part is within the drawing. */
export function rowsInView(lanes: Lanes, view: TimelineView): readonly [first: number, end: number] {
  const end = Math.min(lanes.rowCount, Math.ceil(view.firstRow + view.heightPx / view.rowPx));
  return [Math.min(Math.max(Math.floor(view.firstRow), 0), lanes.rowCount), Math.max(end, 0)];
}

export function rowSpan(view: TimelineView, row: number): Span {
  const top = Math.round((row - view.firstRow) * view.rowPx);
  const bottom = Math.round((row + 1 - view.firstRow) * view.rowPx);
  return { top, bottom: Math.max(bottom - (view.rowPx >= GAP_FROM_PX ? 1 : 0), top + 1) };
}

/** The upper half of the row is up, the lower is down; with rows of less than `SEPARATE_PX`, both are the row. */
export function laneSpan(view: TimelineView, lane: number): Span {
  const { top, bottom } = rowSpan(view, lane >> 1);
  if (view.rowPx < SEPARATE_PX) return { top, bottom };
  const middle = Math.max(top + ((bottom - top) >> 1), top + 1);
  return (lane & 1) === 0 ? { top, bottom: middle } : { top: middle, bottom: Math.max(bottom, middle + 1) };
}

/** The thin bars of a server's row: up above its middle, down below. */
export function serverSpan(view: TimelineView, lane: number): Span {
  const { top, bottom } = rowSpan(view, lane >> 1);
  const middle = top + ((bottom - top) >> 1);
  const thickness = Math.max(1, Math.round((bottom - top) / 6));
  return (lane & 1) === 0 ? { top: middle - thickness, bottom: middle } : { top: middle, bottom: middle + thickness };
}

export const xOf = (view: TimelineView, ns: number): number =>
  ((ns - view.fromNs) * view.widthPx) / (view.toNs - view.fromNs);

/** Pixel columns [left, right) of a bar, at least one. */
export function barColumns(view: TimelineView, startNs: number, endNs: number): readonly [left: number, right: number] {
  const left = Math.floor(xOf(view, startNs));
  return [left, Math.max(left, Math.floor(xOf(view, endNs) - 1e-6)) + 1];
}
