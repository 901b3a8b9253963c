/**
 * The names of rows in a drawing.
 *
 * In: lanes and a view. Out: labels for rows that are high enough to read them; with lower rows, of servers that have the room,
 * by payload. Guaranteed: at most `MOST`, from top to bottom; the server of the topmost row is named even when its own row is
 * above the drawing.
 */

import type { TimelineLabel, TimelineView } from '../../protocol';
import { rowsInView } from './geometry';
import { firstAtLeast, type Lanes } from './lanes';

/** Device pixels that a line of small text needs. */
const READABLE_PX = 10;
const MOST = 300;

export function labelsOf(lanes: Lanes, view: TimelineView): TimelineLabel[] {
  const { serverRows } = lanes;
  const [first, end] = rowsInView(lanes, view);
  if (first >= end) return [];
  const labels: TimelineLabel[] = [];
  let server = firstAtLeast(serverRows, first + 1, 0, serverRows.length) - 1;
  if (view.rowPx >= READABLE_PX) {
    if (serverRows[server]! < first) labels.push(lanes.label(serverRows[server]!));
    for (let row = first; row < end && labels.length < MOST; row++) labels.push(lanes.label(row));
    return labels;
  }
  let nextPx = -Infinity;
  for (; server < serverRows.length && serverRows[server]! < end && labels.length < MOST; server++) {
    const topPx = (serverRows[server]! - view.firstRow) * view.rowPx;
    if (topPx >= nextPx || labels.length === 0) {
      labels.push(lanes.label(serverRows[server]!));
      nextPx = Math.max(topPx, 0) + READABLE_PX;
    }
  }
  return labels;
}
