/**
 * The timeline as an SVG drawing, for the page to put axes and words around.
 *
 * In: lanes and a view. Out: an `svg` element of the drawing's size, without text: a rectangle for each object while there are
 * few, with thin bars for the times of servers, else the pixels as an image. Guaranteed: it stands alone and asks for nothing from
 * elsewhere; rectangles have the objects' begin and end to a thousandth of a pixel, and are not rounded to pixels as on the screen.
 */

import type { TimelineView } from '../../protocol';
import { laneSpan, rowsInView, SEPARATE_PX, serverSpan, xOf, type Span } from './geometry';
import type { Lanes } from './lanes';
import { drawTimeline, EDGES_BELOW, type Drawing } from './raster';
import { shadeOf, shades } from './shade';

const SERVER_ALPHA = '0.6';

/** PNG of pixels as a `data:` URL. */
type Encode = (drawing: Drawing, widthPx: number, heightPx: number) => Promise<string>;

export async function timelineSvg(lanes: Lanes, view: TimelineView, encode: Encode = encodedPng): Promise<string> {
  const { widthPx, heightPx } = view;
  const drawing = drawTimeline(lanes, { ...view, chosenObject: -1 });
  const content = drawing.objects < EDGES_BELOW && view.rowPx >= SEPARATE_PX
    ? rectangles(lanes, view)
    : `<image width="${widthPx}" height="${heightPx}" href="${await encode(drawing, widthPx, heightPx)}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" ` +
    `viewBox="0 0 ${widthPx} ${heightPx}">${content}</svg>`;
}

/** A group for each lane; opacity tells the rate, as the shades of pixels do. */
function rectangles(lanes: Lanes, view: TimelineView): string {
  const [first, end] = rowsInView(lanes, view);
  const colours = [view.upColour, view.downColour].map(hex);
  const alphas = Array.from(shades(0xff000000), (shade) => ((shade >>> 24) / 255).toFixed(2));
  const groups: string[] = [];
  const bar = (startNs: number, endNs: number, { top, bottom }: Span, alpha: string): string => {
    const left = Math.max(xOf(view, startNs), 0);
    const width = Math.max(Math.min(xOf(view, endNs), view.widthPx) - left, 0.5);
    return `<rect x="${short(left)}" y="${top}" width="${short(width)}" height="${bottom - top}" fill-opacity="${alpha}"/>`;
  };
  for (let lane = 2 * first; lane < 2 * end; lane++) {
    const span = laneSpan(view, lane);
    const bars = lanes.streamOfRow[lane >> 1]! < 0
      ? busyTimes(lanes, view, lane).map(([startNs, endNs]) => bar(startNs, endNs, serverSpan(view, lane), SERVER_ALPHA))
      : [];
    for (let at = lanes.laneStart[lane]!; at < lanes.laneStart[lane + 1]!; at++) {
      const startNs = lanes.startNs[at]!;
      const endNs = lanes.endNs[at]!;
      if (startNs >= view.toNs || endNs < view.fromNs) continue;
      bars.push(bar(startNs, endNs, span, alphas[shadeOf(lanes.bytes[at]!, endNs - startNs)]!));
    }
    if (bars.length > 0) {
      const colour = colours[lane & 1]!;
      groups.push(`<g fill="${colour}" stroke="${colour}" stroke-width=".3">${bars.join('')}</g>`);
    }
  }
  return groups.join('');
}

/** When any stream of the server of a row has an object, in one direction: times in the view that do not touch. */
function busyTimes(lanes: Lanes, view: TimelineView, lane: number): [startNs: number, endNs: number][] {
  const { laneStart, startNs, endNs, streamOfRow } = lanes;
  const times: [number, number][] = [];
  for (let row = (lane >> 1) + 1; row < lanes.rowCount && streamOfRow[row]! >= 0; row++) {
    for (let at = laneStart[2 * row + (lane & 1)]!; at < laneStart[2 * row + (lane & 1) + 1]!; at++) {
      if (startNs[at]! < view.toNs && endNs[at]! >= view.fromNs) times.push([startNs[at]!, endNs[at]!]);
    }
  }
  times.sort(([one], [other]) => one - other);
  const busy: [number, number][] = [];
  for (const [start, end] of times) {
    const last = busy.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else busy.push([start, end]);
  }
  return busy;
}

/** `#rrggbb` of 0xAABBGGRR. */
function hex(colour: number): string {
  const rgb = ((colour & 0xff) << 16) | (colour & 0xff00) | ((colour >>> 16) & 0xff);
  return `#${rgb.toString(16).padStart(6, '0')}`;
}

const short = (px: number): string => String(Math.round(px * 1000) / 1000);

async function encodedPng({ pixels }: Drawing, widthPx: number, heightPx: number): Promise<string> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, widthPx, heightPx), 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  let text = '';
  // In parts: an argument list has a limit.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:image/png;base64,${btoa(text)}`;
}
