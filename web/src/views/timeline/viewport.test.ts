/** Zoom and pan: the point under the pointer stays, and nothing leaves the capture. */

import { expect, test } from 'vitest';
import { fit, opening, pan, placed, reveal, toTime, zoomRows, zoomTime, type Bounds, type Viewport } from './viewport';

const BOUNDS: Bounds = { fromNs: 0, toNs: 1e9, rowCount: 100, heightPx: 200 };
const VIEW: Viewport = { fromNs: 4e8, toNs: 6e8, firstRow: 20, rowPx: 10 };

test.each<[string, Viewport, Viewport]>([
  ['opens with all of the time and readable rows', opening(BOUNDS), { fromNs: 0, toNs: 1e9, firstRow: 0, rowPx: 14 }],
  ['opens few rows comfortably', opening({ ...BOUNDS, rowCount: 3 }), { fromNs: 0, toNs: 1e9, firstRow: 0, rowPx: 22 }],
  ['fits everything', fit(BOUNDS), { fromNs: 0, toNs: 1e9, firstRow: 0, rowPx: 2 }],
  ['fits nothing', fit({ fromNs: 0, toNs: 0, rowCount: 0, heightPx: 200 }), { fromNs: 0, toNs: 1000, firstRow: 0, rowPx: 22 }],
  ['zooms in at the middle', zoomTime(VIEW, BOUNDS, 0.5), { ...VIEW, fromNs: 4.5e8, toNs: 5.5e8 }],
  ['zooms in at the pointer', zoomTime(VIEW, BOUNDS, 0.5, 1), { ...VIEW, fromNs: 5e8 }],
  ['zooms out within the capture', zoomTime(VIEW, BOUNDS, 4, 1), { ...VIEW, fromNs: 0, toNs: 8e8 }],
  ['zooms out to all of it', zoomTime(VIEW, BOUNDS, 99), { ...VIEW, fromNs: 0, toNs: 1e9 }],
  ['zooms in to a microsecond', zoomTime(VIEW, BOUNDS, 1e-9, 0), { ...VIEW, toNs: 4e8 + 1000 }],
  ['makes rows higher where the pointer is', zoomRows(VIEW, BOUNDS, 2, 100), { ...VIEW, rowPx: 20, firstRow: 25 }],
  ['makes rows as low as all of them need', zoomRows(VIEW, BOUNDS, 0.01, 100), { ...VIEW, rowPx: 2, firstRow: 0 }],
  ['makes rows no higher than useful', zoomRows(VIEW, BOUNDS, 99, 0), { ...VIEW, rowPx: 48 }],
  ['pans', pan(VIEW, BOUNDS, 1e8, -5), { ...VIEW, fromNs: 5e8, toNs: 7e8, firstRow: 15 }],
  ['pans to the ends', pan(VIEW, BOUNDS, 9e9, 900), { ...VIEW, fromNs: 8e8, toNs: 1e9, firstRow: 80 }],
  ['shows a time', toTime(VIEW, BOUNDS, [1e8, 2e8]), { ...VIEW, fromNs: 1e8, toNs: 2e8 }],
  ['stays where an object is seen', reveal(VIEW, BOUNDS, 5e8, 5.1e8, 30), VIEW],
  ['goes to an object', reveal(VIEW, BOUNDS, 7e8, 8e8, 30), { ...VIEW, fromNs: 6.5e8, toNs: 8.5e8 }],
  ['goes to a row', reveal(VIEW, BOUNDS, 5e8, 5e8, 60), { ...VIEW, firstRow: 50.5 }],
  ['zooms out to a long object', reveal(VIEW, BOUNDS, 1e8, 6e8, 30), { ...VIEW, fromNs: 0.5e8, toNs: 6.5e8 }],
])('%s', (_, view, expected) => {
  for (const key of ['fromNs', 'toNs', 'firstRow', 'rowPx'] as const) expect(view[key]).toBeCloseTo(expected[key], 3);
});

test('a frame stands where its time and rows are', () => {
  const drawn = {
    fromNs: 4e8, toNs: 6e8, widthPx: 800, heightPx: 400, rowPx: 20, firstRow: 20, upColour: 0, downColour: 0, chosenObject: -1,
    chosenColour: 0,
  };
  expect(placed(drawn, VIEW, 800, 2)).toEqual({ x: 0, y: 0, width: 800, height: 400 });
  expect(placed(drawn, { fromNs: 5e8, toNs: 6e8, firstRow: 25, rowPx: 20 }, 800, 2)).toEqual({ x: -800, y: -200, width: 1600, height: 800 });
});
