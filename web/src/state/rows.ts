/**
 * Tables that are higher than a browser lets an element be.
 *
 * In: how many rows there are, and how far people scrolled. Out: which row is at the top. Guaranteed: each row can be reached;
 * small movements move by what they say, far ones by their share of the bar; putting the bar where it belongs moves nothing
 * that is seen.
 */

export const ROW_PX = 24;
/** Browsers end elements between 17 and 33 million pixels. */
const MOST_ROWS = 250_000;

export interface Extent {
  readonly rows: number;
  readonly viewportPx: number;
}

/** Where the bar stands, and how many rows lie above what the bar can tell. */
export interface Place {
  readonly offsetPx: number;
  readonly shift: number;
}

/** Rows that the scrolled element is high. */
export const heightInRows = (rows: number): number => Math.min(rows, MOST_ROWS);

const furthest = ({ rows, viewportPx }: Extent) => ({
  px: Math.max(heightInRows(rows) * ROW_PX - viewportPx, 0),
  row: Math.max(rows - viewportPx / ROW_PX, 0),
});

/** The place that shows a row (or a part of one) at the top, with the bar where it belongs. */
export function placeOf(firstRow: number, extent: Extent): Place {
  const most = furthest(extent);
  const row = Math.min(Math.max(firstRow, 0), most.row);
  if (extent.rows <= MOST_ROWS || most.row === 0) return { offsetPx: row * ROW_PX, shift: 0 };
  const shift = Math.round(row - ((row / most.row) * most.px) / ROW_PX);
  return { offsetPx: Math.max((row - shift) * ROW_PX, 0), shift };
}

export const firstRow = ({ offsetPx, shift }: Place): number => offsetPx / ROW_PX + shift;

/** After scrolling to an offset. */
export function scrolled(from: Place, offsetPx: number, extent: Extent): Place {
  const most = furthest(extent);
  if (extent.rows <= MOST_ROWS) return { offsetPx, shift: 0 };
  const isFar = Math.abs(offsetPx - from.offsetPx) > 2 * extent.viewportPx;
  if (!isFar && offsetPx > 0 && offsetPx < most.px) return { offsetPx, shift: from.shift };
  const share = most.px > 0 ? Math.min(offsetPx / most.px, 1) : 0;
  return { offsetPx, shift: Math.round(share * most.row - offsetPx / ROW_PX) };
}
