/**
 * What the timeline's canvas shows.
 *
 * In: the last frame, what is seen of the timeline now, and colours. Out: pixels on the canvas. Guaranteed: between frames the last one
 * is shown where its time and rows are now, so that moving never waits for the worker.
 */

import type { Tick } from '../../charts/drawing';
import type { Colours } from '../../charts/theme';
import type { TimelineFrame } from '../../protocol';
import { placed, type Viewport } from './viewport';

/** Room for the labels of the axis, in CSS pixels. */
export const AXIS_PX = 22;

export interface Scene {
  readonly view: Viewport;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ticks: readonly Tick[];
  readonly colours: Colours;
  readonly frame: { readonly image: CanvasImageSource; readonly drawn: TimelineFrame['view'] } | null;
  /** Time that is being selected. */
  readonly brush: readonly [fromNs: number, toNs: number] | null;
}

/** A canvas that holds the pixels of a frame. */
export function imageOf({ pixels, view }: TimelineFrame, last: HTMLCanvasElement | null): HTMLCanvasElement {
  const canvas = last ?? document.createElement('canvas');
  canvas.width = view.widthPx;
  canvas.height = view.heightPx;
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, view.widthPx, view.heightPx), 0, 0);
  return canvas;
}

export function paint(canvas: HTMLCanvasElement, scene: Scene): void {
  const { view, colours, frame } = scene;
  const ratio = devicePixelRatio;
  const width = Math.round(scene.widthPx * ratio);
  const height = Math.round(scene.heightPx * ratio);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return;
  const axis = Math.round(AXIS_PX * ratio);
  const xOf = (ns: number): number => ((ns - view.fromNs) / (view.toNs - view.fromNs)) * width;
  context.clearRect(0, 0, width, height);

  context.fillStyle = colours.line;
  for (const { value } of scene.ticks) context.fillRect(Math.round(xOf(value)), axis - 4 * ratio, Math.max(1, Math.round(ratio)), height);
  context.fillRect(0, axis - 1, width, 1);
  if (frame) {
    const at = placed(frame.drawn, view, width, ratio);
    context.save();
    context.beginPath();
    context.rect(0, axis, width, height - axis);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(frame.image, at.x, axis + at.y, at.width, at.height);
    context.restore();
  }
  if (scene.brush) {
    const [left, right] = scene.brush.map(xOf) as [number, number];
    context.fillStyle = colours.accent;
    context.globalAlpha = 0.14;
    context.fillRect(left, 0, right - left, height);
    context.globalAlpha = 1;
    for (const x of [left, right]) context.fillRect(Math.round(x) - ratio / 2, 0, ratio, height);
  }

  context.fillStyle = colours.quiet;
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const { value, text } of scene.ticks) {
    const half = context.measureText(text).width / 2;
    // Labels stay whole at both edges.
    context.fillText(text, Math.min(Math.max(xOf(value) - half, 2 * ratio), width - 2 * half - 2 * ratio), (axis - 4 * ratio) / 2);
  }
}
