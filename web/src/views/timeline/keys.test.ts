/** Keys to movements of the timeline. */

import { expect, test } from 'vitest';
import { keyMovement } from './keys';
import type { Bounds, Viewport } from './viewport';

const BOUNDS: Bounds = { fromNs: 0, toNs: 1000e6, rowCount: 100, heightPx: 200 };
const VIEW: Viewport = { fromNs: 400e6, toNs: 600e6, firstRow: 20, rowPx: 10 };

test.each<[string, Viewport | null]>([
  ['ArrowLeft', { ...VIEW, fromNs: 370e6, toNs: 570e6 }],
  ['ArrowRight', { ...VIEW, fromNs: 430e6, toNs: 630e6 }],
  ['+', { ...VIEW, fromNs: 500e6 - 100e6 / 1.5, toNs: 500e6 + 100e6 / 1.5 }],
  ['-', { ...VIEW, fromNs: 350e6, toNs: 650e6 }],
  ['0', { fromNs: 0, toNs: 1000e6, firstRow: 0, rowPx: 2 }],
  ['ArrowUp', { ...VIEW, firstRow: 15.6 }],
  ['ArrowDown', { ...VIEW, firstRow: 24.4 }],
  ['PageUp', { ...VIEW, firstRow: 2 }],
  ['PageDown', { ...VIEW, firstRow: 38 }],
  [']', { ...VIEW, rowPx: 15, firstRow: 30 - 100 / 15 }],
  ['a', null],
])('%s', (key, expected) => {
  let view: Viewport | null = null;
  expect(keyMovement(key, (change) => (view = change(VIEW, BOUNDS)), BOUNDS.heightPx)).toBe(expected !== null);
  for (const name of ['fromNs', 'toNs', 'firstRow', 'rowPx'] as const) {
    if (expected) expect(view![name]).toBeCloseTo(expected[name], 3);
    else expect(view).toBeNull();
  }
});
