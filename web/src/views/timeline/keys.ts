/**
 * Keys that move the timeline.
 *
 * In: a key. Out: a movement. Guaranteed: every movement of wheel and pointer has its key.
 */

import type { Movement } from './movement';
import { fit, pan, zoomRows, zoomTime } from './viewport';

const PAN_SHARE = 0.15;
const ZOOM = 1.5;

/** False when the key means nothing here. */
export function keyMovement(key: string, jump: Movement['jump'], heightPx: number): boolean {
  const time = (share: number) => jump((view, bounds) => pan(view, bounds, share * (view.toNs - view.fromNs), 0));
  // At least a few pixels, where many rows share one.
  const rows = (px: number) => jump((view, bounds) => pan(view, bounds, 0, px / view.rowPx));
  switch (key) {
    case 'ArrowLeft': time(-PAN_SHARE); break;
    case 'ArrowRight': time(PAN_SHARE); break;
    case '+': case '=': jump((view, bounds) => zoomTime(view, bounds, 1 / ZOOM)); break;
    case '-': case '−': jump((view, bounds) => zoomTime(view, bounds, ZOOM)); break;
    case '0': jump((_, bounds) => fit(bounds)); break;
    case 'ArrowUp': rows(-44); break;
    case 'ArrowDown': rows(44); break;
    case 'PageUp': rows(-0.9 * heightPx); break;
    case 'PageDown': rows(0.9 * heightPx); break;
    case '[': jump((view, bounds) => zoomRows(view, bounds, 1 / ZOOM, heightPx / 2)); break;
    case ']': jump((view, bounds) => zoomRows(view, bounds, ZOOM, heightPx / 2)); break;
    default: return false;
  }
  return true;
}
