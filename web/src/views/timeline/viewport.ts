/**
 * Which part of the timeline is seen, and how it is moved.
 *
 * In: a part, what there is, and a movement. Out: another part. Guaranteed: it is never empty, never beyond the capture's time, and
 * never below the last row; the time under the pointer stays there while zooming.
 */

import type { TimelineView } from '../../protocol';

export interface Viewport {
  readonly fromNs: number;
  readonly toNs: number;
  /** Rows above the drawing; may be broken. */
  readonly firstRow: number;
  /** In CSS pixels. */
  readonly rowPx: number;
}

export interface Bounds {
  readonly fromNs: number;
  readonly toNs: number;
  readonly rowCount: number;
  /** Of the drawing, in CSS pixels. */
  readonly heightPx: number;
}

/** Captures have nanoseconds at best; a microsecond across the page is close enough. */
const LEAST_SPAN_NS = 1000;
const MOST_ROW_PX = 48;
const READABLE_ROW_PX = 14;
const COMFORTABLE_ROW_PX = 22;

/** All of the time, and rows that are high enough to read. */
export const opening = (bounds: Bounds): Viewport => clamped({
  ...bounds, firstRow: 0, rowPx: Math.min(Math.max(fitRowPx(bounds), READABLE_ROW_PX), COMFORTABLE_ROW_PX),
}, bounds);

/** Everything. */
export const fit = (bounds: Bounds): Viewport => clamped({ ...bounds, firstRow: 0, rowPx: fitRowPx(bounds) }, bounds);

/** `at` is the share of the width that keeps its time; a factor above 1 shows more. */
export function zoomTime(view: Viewport, bounds: Bounds, factor: number, at = 0.5): Viewport {
  const whole = bounds.toNs - bounds.fromNs;
  const spanNs = Math.min(Math.max((view.toNs - view.fromNs) * factor, LEAST_SPAN_NS), Math.max(whole, LEAST_SPAN_NS));
  const fromNs = view.fromNs + (view.toNs - view.fromNs - spanNs) * at;
  return clamped({ ...view, fromNs, toNs: fromNs + spanNs }, bounds);
}

/** `atPx` is the height that keeps its row. */
export function zoomRows(view: Viewport, bounds: Bounds, factor: number, atPx: number): Viewport {
  const rowPx = clampedRowPx(view.rowPx * factor, bounds);
  return clamped({ ...view, rowPx, firstRow: view.firstRow + atPx / view.rowPx - atPx / rowPx }, bounds);
}

export const pan = (view: Viewport, bounds: Bounds, byNs: number, byRows: number): Viewport => clamped({
  ...view, fromNs: view.fromNs + byNs, toNs: view.toNs + byNs, firstRow: view.firstRow + byRows,
}, bounds);

export const toTime = (view: Viewport, bounds: Bounds, [fromNs, toNs]: readonly [number, number]): Viewport =>
  clamped({ ...view, fromNs, toNs }, bounds);

/** Moves as little as shows an object, and zooms out when it is longer than what is seen. */
export function reveal(view: Viewport, bounds: Bounds, startNs: number, endNs: number, row: number): Viewport {
  const spanNs = view.toNs - view.fromNs;
  let { fromNs, toNs, firstRow } = view;
  if (startNs < fromNs || endNs > toNs) {
    if (endNs - startNs > spanNs * 0.8) {
      const room = (endNs - startNs) * 0.1;
      [fromNs, toNs] = [startNs - room, endNs + room];
    } else {
      fromNs = (startNs + endNs - spanNs) / 2;
      toNs = fromNs + spanNs;
    }
  }
  const rows = bounds.heightPx / view.rowPx;
  if (row < firstRow || row + 1 > firstRow + rows) firstRow = row + 0.5 - rows / 2;
  return clamped({ ...view, fromNs, toNs, firstRow }, bounds);
}

export function clamped(view: Viewport, bounds: Bounds): Viewport {
  const whole = Math.max(bounds.toNs - bounds.fromNs, LEAST_SPAN_NS);
  const spanNs = Math.min(Math.max(view.toNs - view.fromNs, LEAST_SPAN_NS), whole);
  const fromNs = within(view.fromNs, bounds.fromNs, bounds.fromNs + whole - spanNs);
  const rowPx = clampedRowPx(view.rowPx, bounds);
  const firstRow = within(view.firstRow, 0, Math.max(bounds.rowCount - bounds.heightPx / rowPx, 0));
  return { fromNs, toNs: fromNs + spanNs, firstRow, rowPx };
}

/** Between two views, for a movement that explains where they are. */
export function between(from: Viewport, to: Viewport, share: number): Viewport {
  const mix = (one: number, other: number): number => one + (other - one) * share;
  return {
    fromNs: mix(from.fromNs, to.fromNs), toNs: mix(from.toNs, to.toNs), firstRow: mix(from.firstRow, to.firstRow),
    rowPx: mix(from.rowPx, to.rowPx),
  };
}

export const isSameView = (one: Viewport, other: Viewport): boolean =>
  one.fromNs === other.fromNs && one.toNs === other.toNs && one.firstRow === other.firstRow && one.rowPx === other.rowPx;

/** Where a frame of `drawn` stands when `view` is seen, in device pixels. */
export function placed(drawn: TimelineView, view: Viewport, widthPx: number, ratio: number) {
  const perNs = widthPx / (view.toNs - view.fromNs);
  const rowScale = (view.rowPx * ratio) / drawn.rowPx;
  return {
    x: (drawn.fromNs - view.fromNs) * perNs,
    y: (drawn.firstRow - view.firstRow) * view.rowPx * ratio,
    width: (drawn.toNs - drawn.fromNs) * perNs,
    height: drawn.heightPx * rowScale,
  };
}

const fitRowPx = ({ heightPx, rowCount }: Bounds): number =>
  Math.min(heightPx / Math.max(rowCount, 1), COMFORTABLE_ROW_PX);
const clampedRowPx = (rowPx: number, bounds: Bounds): number => within(rowPx, fitRowPx(bounds), MOST_ROW_PX);
const within = (value: number, from: number, to: number): number => Math.min(Math.max(value, from), to);
