/**
 * Payload over the whole time of the capture, to select a part of it.
 *
 * In: payload of equal steps of time, and the selected time. Out: bars, up above and down below the axis, and a brush. Guaranteed:
 * the brush is moved by pointer and by keyboard; what is selected is told in words.
 */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Throughput } from '../protocol';
import { short, type Format, type Translate } from './text';
import { useColours, type Colours } from './theme';
import { timeTicks } from './time-axis';

type Span = readonly [fromNs: number, toNs: number];

export interface OverviewStripProps {
  readonly throughput: Throughput;
  readonly timeNs: Span | undefined;
  readonly onBrush: (timeNs: Span | undefined) => void;
  readonly stale: boolean;
  readonly t: Translate;
  readonly format: Format;
}

/** A shorter drag is a click, which clears the brush. */
const CLICK_PX = 4;
const AXIS_PX = 16;
/** Of the height, above the axis. */
const UP_SHARE = 0.36;
const TICK_PX = 110;
/** Of the whole time, for a key; ten times with Page keys. */
const KEY_STEP = 0.01;

export function OverviewStrip(props: OverviewStripProps) {
  const { throughput, timeNs, onBrush, t, format } = props;
  const { startNs, stepNs } = throughput;
  const endNs = startNs + Math.max(throughput.upBytes.length, 1) * stepNs;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drag, setDrag] = useState<Span | null>(null);
  const [widthPx, setWidth] = useState(0);
  const colours = useColours();

  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(place.current?.clientWidth ?? 0));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => drawBars(canvas.current!, throughput, colours), [throughput, colours, widthPx]);

  const nsAt = (event: PointerEvent): number => {
    const { left, width } = place.current!.getBoundingClientRect();
    return startNs + (endNs - startNs) * Math.min(Math.max((event.clientX - left) / width, 0), 1);
  };
  const share = (ns: number): number => Math.min(Math.max((ns - startNs) / (endNs - startNs), 0), 1);
  const ordered = (span: Span): Span => (span[0] <= span[1] ? span : [span[1], span[0]]);
  const shown = drag ? ordered(drag) : timeNs;

  const handle = (side: 0 | 1) => {
    const ns = shown?.[side] ?? (side === 0 ? startNs : endNs);
    const move = (to: number): void => {
      const other = shown?.[1 - side] ?? (side === 0 ? endNs : startNs);
      const next = side === 0
        ? Math.min(Math.max(to, startNs), other - stepNs)
        : Math.max(Math.min(to, endNs), other + stepNs);
      const span: Span = side === 0 ? [next, other] : [other, next];
      onBrush(span[0] <= startNs && span[1] >= endNs ? undefined : span);
    };
    const keys: Readonly<Record<string, number>> = {
      ArrowLeft: -KEY_STEP, ArrowDown: -KEY_STEP, ArrowRight: KEY_STEP, ArrowUp: KEY_STEP,
      PageDown: -10 * KEY_STEP, PageUp: 10 * KEY_STEP, Home: -1, End: 1,
    };
    return (
      <div
        class={`strip-handle ${shown ? 'set' : ''}`} role="slider" tabIndex={0} aria-label={t(side === 0 ? 'strip.from' : 'strip.to')}
        aria-valuemin={0} aria-valuemax={1000} aria-valuenow={Math.round(1000 * share(ns))} aria-valuetext={format.time(ns)}
        style={{ left: `${100 * share(ns)}%` }}
        onKeyDown={(event) => {
          const by = keys[event.key];
          if (by !== undefined) move(ns + by * (endNs - startNs));
          else if (event.key === 'Delete' || event.key === 'Backspace') onBrush(undefined);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerDown={(event) => {
          event.stopPropagation();
          place.current!.setPointerCapture(event.pointerId);
          setDrag(side === 0 ? [shown?.[1] ?? endNs, ns] : [shown?.[0] ?? startNs, ns]);
        }}
      />
    );
  };

  const peak = (bytes: Float64Array): string =>
    t('strip.peak', { bytes: short(format.bytes(bytes.reduce(most, 0))), step: short(format.duration(stepNs)) });
  return (
    <div class={props.stale ? 'strip stale' : 'strip'}>
      <div class="strip-peaks">
        <p><span class="up">▲</span> {peak(throughput.upBytes)}</p>
        <p><span class="down">▼</span> {peak(throughput.downBytes)}</p>
      </div>
      <div
        class="strip-plot" ref={place} role="group" aria-label={t('strip.name')}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([nsAt(event), nsAt(event)]);
        }}
        onPointerMove={(event) => drag && setDrag([drag[0], nsAt(event)])}
        onPointerCancel={() => setDrag(null)}
        onPointerUp={() => {
          if (!drag) return;
          const span = ordered(drag);
          setDrag(null);
          const isClick = share(span[1]) - share(span[0]) < CLICK_PX / Math.max(widthPx, 1);
          if (!isClick || timeNs) onBrush(isClick ? undefined : span);
        }}
      >
        <canvas ref={canvas} />
        {shown && <div class="strip-shade" style={{ left: 0, width: `${100 * share(shown[0])}%` }} />}
        {shown && <div class="strip-shade" style={{ left: `${100 * share(shown[1])}%`, right: 0 }} />}
        {timeTicks(format, startNs, endNs, Math.max(1, Math.floor(widthPx / TICK_PX))).map(({ value, text }) => (
          <span
            key={value} class={`tick ${share(value) < 0.04 ? 'first' : share(value) > 0.96 ? 'last' : ''}`} aria-hidden="true"
            style={{ left: `${100 * share(value)}%` }}
          >
            {text}
          </span>
        ))}
        {handle(0)}
        {handle(1)}
      </div>
    </div>
  );
}

const most = (one: number, other: number): number => Math.max(one, other);

/** A column for each pixel: the greatest of its steps, so that no peak is lost. */
function drawBars(canvas: HTMLCanvasElement, { upBytes, downBytes }: Throughput, colours: Colours): void {
  const ratio = devicePixelRatio;
  const width = (canvas.width = Math.round(canvas.clientWidth * ratio));
  const height = (canvas.height = Math.round(canvas.clientHeight * ratio));
  const context = canvas.getContext('2d');
  const count = upBytes.length;
  if (!context || count === 0 || width === 0) return;
  // Each direction has a scale of its own, whose peak is told: requests are too small to be seen beside their replies.
  const axis = Math.round((height - AXIS_PX * ratio) * UP_SHARE);
  const upUnit = (axis - ratio) / Math.max(upBytes.reduce(most, 0), 1);
  const downUnit = (height - AXIS_PX * ratio - axis - ratio) / Math.max(downBytes.reduce(most, 0), 1);
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * count) / width);
    const to = Math.max(Math.ceil(((x + 1) * count) / width), from + 1);
    const up = upBytes.subarray(from, to).reduce(most, 0);
    const down = downBytes.subarray(from, to).reduce(most, 0);
    // What is there is seen, however little it is.
    const upPx = up > 0 ? Math.max(up * upUnit, ratio) : 0;
    const downPx = down > 0 ? Math.max(down * downUnit, ratio) : 0;
    context.fillStyle = colours.up;
    context.fillRect(x, axis - upPx, 1, upPx);
    context.fillStyle = colours.down;
    context.fillRect(x, axis + 1, 1, downPx);
  }
  context.fillStyle = colours.quiet;
  context.fillRect(0, axis, width, 1);
}
