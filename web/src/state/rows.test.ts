/** Rows of tables that no browser could hold. */

import { describe, expect, it } from 'vitest';
import { firstRow, heightInRows, placeOf, ROW_PX, scrolled } from './rows';

const viewportPx = 480;

it('short tables scroll as they are', () => {
  const extent = { rows: 1000, viewportPx };
  expect(placeOf(10.5, extent)).toEqual({ offsetPx: 252, shift: 0 });
  expect(placeOf(-5, extent)).toEqual({ offsetPx: 0, shift: 0 });
  expect(placeOf(5000, extent)).toEqual({ offsetPx: 980 * ROW_PX, shift: 0 });
  expect(scrolled({ offsetPx: 0, shift: 0 }, 9999, extent)).toEqual({ offsetPx: 9999, shift: 0 });
  expect(placeOf(3, { rows: 5, viewportPx })).toEqual({ offsetPx: 0, shift: 0 });
});

describe.each([300_000, 2_250_000, 40_000_000])('%i rows', (rows) => {
  const extent = { rows, viewportPx };
  const mostPx = heightInRows(rows) * ROW_PX - viewportPx;

  it('stay below what browsers allow', () => expect(heightInRows(rows) * ROW_PX).toBeLessThan(8_000_000));

  it.each([0, 1, 7.25, rows / 3, rows - 30, rows - 20])('row %d can be at the top', (row) => {
    const place = placeOf(row, extent);
    expect(firstRow(place)).toBeCloseTo(row, 6);
    expect(place.offsetPx).toBeGreaterThanOrEqual(0);
    // The bar stands where its share is, to half a row.
    expect(Math.abs(place.offsetPx / mostPx - row / (rows - viewportPx / ROW_PX)) * mostPx).toBeLessThanOrEqual(ROW_PX);
  });

  it('both ends are reached by the bar', () => {
    expect(firstRow(scrolled(placeOf(rows / 2, extent), 0, extent))).toBeCloseTo(0, 6);
    expect(firstRow(scrolled(placeOf(rows / 2, extent), mostPx, extent))).toBeCloseTo(rows - viewportPx / ROW_PX, 0);
  });

  it('a turn of the wheel moves by as much as it says', () => {
    const before = placeOf(rows / 2, extent);
    const after = scrolled(before, before.offsetPx + 100, extent);
    expect(firstRow(after) - firstRow(before)).toBeCloseTo(100 / ROW_PX, 6);
    // Putting the bar where it belongs moves nothing.
    expect(firstRow(placeOf(firstRow(after), extent))).toBeCloseTo(firstRow(after), 6);
  });

  it('a jump goes to its share', () => {
    const place = scrolled(placeOf(0, extent), mostPx / 2, extent);
    expect(firstRow(place) / rows).toBeCloseTo(0.5, 2);
  });
});
