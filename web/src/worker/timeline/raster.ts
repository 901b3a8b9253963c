/**
 * The timeline as pixels.
 *
 * In: lanes and a view. Out: RGBA pixels, transparent where nothing is, and how many objects are in the drawing. Guaranteed:
 * each object is a bar from its begin to its end, at least one pixel; a pixel's shade is the rate within its time, so bytes are
 * conserved at every zoom; the work is a step for each object plus one for each pixel, however the objects overlap.
 *
 * A line of pixels is made of differences: an object adds what it has in each pixel where it begins, and takes it away where it
 * ends; one sum over the line then gives every pixel. Numbers are whole, so that nothing is left over where nothing is.
 */

import type { TimelineView } from '../../protocol';
import { barColumns, laneSpan, rowsInView, SEPARATE_PX, serverSpan, type Span } from './geometry';
import { BLOCK, laneAt, type Lanes } from './lanes';
import { darker, HIGH, lowestShade, SHADES, shades } from './shade';

/** With fewer objects than this, bars have edges. */
export const EDGES_BELOW = 20_000;
/** Bars of fewer columns are all edge, and would lose their shade. */
const EDGE_FROM_PX = 4;
/** Parts of a byte that are told apart. */
const UNIT = 256;

export interface Drawing {
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Objects within the time and the rows of the drawing. */
  readonly objects: number;
}

export function drawTimeline(lanes: Lanes, view: TimelineView): Drawing {
  const raster = new Raster(lanes, view);
  if (view.toNs > view.fromNs && view.rowPx > 0) {
    if (view.rowPx >= SEPARATE_PX) raster.drawLanes();
    else raster.drawRows();
    raster.outline(view.chosenObject);
  }
  return { pixels: new Uint8ClampedArray(raster.pixels.buffer), objects: raster.objects };
}

/** For each column up and down, beside each other; one column more than the drawing, for what ends at its edge. */
interface Line {
  readonly bytes: Float64Array;
  /** The same memory. */
  readonly bits: Uint32Array;
}

class Raster {
  readonly pixels: Uint32Array<ArrayBuffer>;
  objects = 0;
  readonly #lanes: Lanes;
  readonly #view: TimelineView;
  readonly #width: number;
  readonly #height: number;
  readonly #lowest: number;
  readonly #colours: readonly [up: Uint32Array, down: Uint32Array];
  /** Positions of the first objects in the drawing. */
  readonly #seen = new Uint32Array(EDGES_BELOW);

  constructor(lanes: Lanes, view: TimelineView) {
    this.#lanes = lanes;
    this.#view = view;
    this.#width = Math.max(1, Math.floor(view.widthPx));
    this.#height = Math.max(1, Math.floor(view.heightPx));
    this.#lowest = lowestShade((view.toNs - view.fromNs) / this.#width, UNIT);
    this.#colours = [shades(view.upColour), shades(view.downColour)];
    this.pixels = new Uint32Array(this.#width * this.#height);
  }

  /** Each lane in pixels of its own, and servers' rows as the sum of their streams. */
  drawLanes(): void {
    const { serverRows, laneStart, rowCount } = this.#lanes;
    const [first, end] = rowsInView(this.#lanes, this.#view);
    const line = this.#line();
    const sum = this.#line();
    for (let s = 0; s < serverRows.length; s++) {
      const server = serverRows[s]!;
      const groupEnd = serverRows[s + 1] ?? rowCount;
      if (groupEnd <= first) continue;
      if (server >= end) break;
      const isShown = server >= first;
      const rowEnd = Math.min(groupEnd, end);
      for (let row = Math.max(server + 1, first); row < rowEnd; row++) {
        for (let lane = 2 * row; lane <= 2 * row + 1; lane++) {
          if (this.#add(laneStart[lane]!, laneStart[lane + 1]!, line, true)) {
            this.#paint(line, lane & 1, laneSpan(this.#view, lane), isShown ? sum : null);
          }
        }
      }
      if (!isShown) continue;
      // The server's own row needs all of its streams, also those that are below the drawing.
      this.#add(laneStart[2 * rowEnd]!, laneStart[2 * groupEnd]!, sum, false);
      this.#paint(sum, 0, serverSpan(this.#view, 2 * server), null);
      this.#paint(sum, 1, serverSpan(this.#view, 2 * server + 1), null);
    }
    this.#drawEdges();
  }

  /** Many rows in a pixel, or rows of hardly more: the direction that has more bytes gives the colour. */
  drawRows(): void {
    const { laneStart, rowCount } = this.#lanes;
    const { firstRow, rowPx } = this.#view;
    const line = this.#line();
    const width = this.#width;
    let last = -1;
    for (let y = 0; y < this.#height; y++) {
      const row = Math.floor(firstRow + y / rowPx);
      const rowEnd = Math.min(Math.max(Math.floor(firstRow + (y + 1) / rowPx), row + 1), rowCount);
      if (row >= rowCount) break;
      if (rowEnd <= 0) continue;
      if (row === last) {
        this.pixels.copyWithin(y * width, (y - 1) * width, y * width);
      } else if (this.#add(laneStart[2 * Math.max(row, 0)]!, laneStart[2 * rowEnd]!, line, true)) {
        this.#paintBoth(line, y);
      }
      last = row;
    }
  }

  /** A frame around an object. */
  outline(object: number): void {
    const { position, startNs, endNs } = this.#lanes;
    const at = object < 0 ? -1 : position(object);
    if (at < 0) return;
    const [left, right] = barColumns(this.#view, startNs[at]!, endNs[at]!);
    const { top, bottom } = laneSpan(this.#view, laneAt(this.#lanes, at));
    const colour = this.#view.chosenColour;
    this.#fill(left - 2, right + 2, top - 2, top, colour);
    this.#fill(left - 2, right + 2, bottom, bottom + 2, colour);
    this.#fill(left - 2, left, top, bottom, colour);
    this.#fill(right, right + 2, top, bottom, colour);
  }

  /** Adds the objects at [from, to) that are in the time of the drawing; false when none is. */
  #add(from: number, to: number, { bytes: line }: Line, counts: boolean): boolean {
    const { startNs, endNs, bytes, down, blockStartNs, blockEndNs } = this.#lanes;
    const { fromNs, toNs } = this.#view;
    const width = this.#width;
    const scale = width / (toNs - fromNs);
    const seen = this.#seen;
    const before = this.objects;
    let found = 0;
    while (from < to) {
      const block = Math.floor(from / BLOCK);
      const blockEnd = Math.min((block + 1) * BLOCK, to);
      if (blockStartNs[block]! >= toNs || blockEndNs[block]! < fromNs) {
        from = blockEnd;
        continue;
      }
      for (; from < blockEnd; from++) {
        const start = startNs[from]!;
        const end = endNs[from]!;
        if (start >= toNs || end < fromNs) continue;
        const left = (start - fromNs) * scale;
        // What ends where a pixel begins is not in it.
        const right = (end - fromNs) * scale - 1e-6;
        const column = left > 0 ? left | 0 : 0;
        let columnEnd = right < width ? (right | 0) + 1 : width;
        if (columnEnd <= column) columnEnd = column + 1;
        const columns = right - left;
        const perPixel = columns > 1 ? Math.floor((bytes[from]! * UNIT) / columns) + 1 : bytes[from]! * UNIT;
        const direction = down[from]!;
        line[(column << 1) | direction]! += perPixel;
        line[(columnEnd << 1) | direction]! -= perPixel;
        if (counts && before + found < EDGES_BELOW) seen[before + found] = from;
        found++;
      }
    }
    if (counts) this.objects += found;
    return found > 0;
  }

  /** Sums one direction of a line, paints it into the pixel rows of a span, empties it, and adds what it was to another line. */
  #paint({ bytes, bits }: Line, direction: number, { top, bottom }: Span, rest: Line | null): void {
    const { pixels } = this;
    const width = this.#width;
    const lowest = this.#lowest;
    const colours = this.#colours[direction]!;
    const first = Math.max(top, 0);
    const end = Math.min(bottom, this.#height);
    const isShown = first < end;
    const start = first * width;
    let sum = 0;
    for (let x = 0, at = direction; x < width; x++, at += 2) {
      const difference = bytes[at]!;
      if (rest !== null) rest.bytes[at]! += difference;
      sum += difference;
      if (isShown && sum > 0) {
        bytes[at] = sum;
        const shade = (bits[2 * at + HIGH]! >>> 18) - lowest;
        pixels[start + x] = colours[shade < 0 ? 0 : shade >= SHADES ? SHADES - 1 : shade]!;
      }
      bytes[at] = 0;
    }
    bytes[2 * width + direction] = 0;
    for (let y = first + 1; y < end; y++) pixels.copyWithin(y * width, start, start + width);
  }

  /** Sums and paints both directions into a row of pixels. */
  #paintBoth({ bytes, bits }: Line, y: number): void {
    const { pixels } = this;
    const width = this.#width;
    const lowest = this.#lowest;
    const [upColours, downColours] = this.#colours;
    const start = y * width;
    let up = 0;
    let down = 0;
    for (let x = 0; x < width; x++) {
      up += bytes[2 * x]!;
      down += bytes[2 * x + 1]!;
      if (up + down > 0) {
        bytes[2 * x] = up > down ? up : down;
        const shade = (bits[4 * x + HIGH]! >>> 18) - lowest;
        pixels[start + x] = (up > down ? upColours : downColours)[shade < 0 ? 0 : shade >= SHADES ? SHADES - 1 : shade]!;
      }
    }
    bytes.fill(0);
  }

  /** Begins and ends, darker, so that neighbours are told apart. */
  #drawEdges(): void {
    if (this.objects >= EDGES_BELOW) return;
    const { startNs, endNs, down } = this.#lanes;
    const edges = [darker(this.#view.upColour), darker(this.#view.downColour)] as const;
    for (const at of this.#seen.subarray(0, this.objects)) {
      const [left, right] = barColumns(this.#view, startNs[at]!, endNs[at]!);
      if (right - left < EDGE_FROM_PX) continue;
      const { top, bottom } = laneSpan(this.#view, laneAt(this.#lanes, at));
      const edge = edges[down[at]!]!;
      this.#fill(left, left + 1, top, bottom, edge);
      this.#fill(right - 1, right, top, bottom, edge);
    }
  }

  #fill(left: number, right: number, top: number, bottom: number, colour: number): void {
    const from = Math.max(left, 0);
    const to = Math.min(right, this.#width);
    if (from >= to) return;
    for (let y = Math.max(top, 0); y < Math.min(bottom, this.#height); y++) {
      this.pixels.fill(colour, y * this.#width + from, y * this.#width + to);
    }
  }

  #line(): Line {
    const bytes = new Float64Array(2 * (this.#width + 1));
    return { bytes, bits: new Uint32Array(bytes.buffer) };
  }
}
