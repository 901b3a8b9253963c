/**
 * A plot of curves over the same values.
 *
 * In: values, a row of numbers for each curve, scales and ticks. Out: a canvas that follows its width, and the value under the
 * pointer. Guaranteed: one canvas for as long as the curves look the same, so that new data cost no more than drawing them; up is
 * dashed, so that the curves differ in more than colour.
 */

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Tick } from './drawing';
import type { Scale } from './scales';
import { useColours, type Colours } from './theme';

export interface PlotLine {
  readonly ys: (number | null)[];
  readonly colour: string;
  readonly dash: readonly number[];
  /** Else a value holds until the next one. */
  readonly isSmooth?: boolean;
}

export interface PlotProps {
  readonly x: number[];
  readonly lines: readonly PlotLine[];
  readonly xScale: Scale;
  readonly yScale: Scale;
  readonly xTicks: (most: number) => readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly marks: readonly Tick[];
  readonly heightPx: number;
  /** What stands under the pointer; null when it left. */
  readonly onRead: (value: number | null) => void;
}

export const UP_DASH = [6, 3] as const;
/** Of what goes up and what goes down, where there are both. */
export const directionLines = (up: (number | null)[], down: (number | null)[], colours: Colours): PlotLine[] =>
  [{ ys: up, colour: colours.up, dash: UP_DASH }, { ys: down, colour: colours.down, dash: [] }];

/** A label and its room. */
const TICK_PX = 62;
const CHARACTER_PX = 6.2;

export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(props);
  latest.current = props;
  const colours = useColours();

  const look = props.lines.map(({ colour, dash, isSmooth }) => `${colour} ${dash.join(' ')} ${isSmooth}`).join();
  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(options(element.clientWidth, latest, colours), data(latest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: latest.current.heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [props.xScale.type, props.yScale.type, colours, look]);
  useEffect(() => {
    plot.current?.setData(data(props));
    // New words for the same scale are no reason for the plot to look at its axes again.
    plot.current?.redraw(false, true);
  }, [props.x, props.lines, props.yTicks, props.xTicks, props.marks]);

  return <div class="plot" ref={place} />;
}

const data = ({ x, lines }: PlotProps): uPlot.AlignedData => [x, ...lines.map(({ ys }) => ys)];

function options(width: number, latest: { readonly current: PlotProps }, colours: Colours): uPlot.Options {
  const { xScale, yScale, heightPx, lines } = latest.current;
  const stepped = uPlot.paths.stepped!({ align: 1 });
  const smooth = uPlot.paths.linear!();
  const distr = ({ type }: Scale): 1 | 3 => (type === 'log' ? 3 : 1);
  const shownTicks = (isX: boolean, plot: uPlot): readonly Tick[] =>
    isX ? latest.current.xTicks(Math.max(2, Math.floor(plot.bbox.width / devicePixelRatio / TICK_PX))) : latest.current.yTicks;
  const axis = (isX: boolean): uPlot.Axis => ({
    stroke: colours.quiet,
    font: '11px system-ui, sans-serif',
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    size: isX ? 22 : () => 10 + CHARACTER_PX * Math.max(...latest.current.yTicks.map(({ text }) => text.length), 3),
    gap: 4,
    splits: (plot) => shownTicks(isX, plot).map(({ value }) => value),
    filter: (_, splits) => splits,
    values: (plot) => shownTicks(isX, plot).map(({ text }) => text),
  });
  return {
    width,
    height: heightPx,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
    scales: {
      x: { time: false, distr: distr(xScale), range: () => [latest.current.xScale.min, latest.current.xScale.max] },
      y: { distr: distr(yScale), range: () => [latest.current.yScale.min, latest.current.yScale.max] },
    },
    axes: [axis(true), axis(false)],
    series: [
      {},
      ...lines.map(({ colour, dash, isSmooth }): uPlot.Series =>
        ({ stroke: colour, width: 1.5, dash: [...dash], paths: isSmooth ? smooth : stepped, points: { show: false } })),
    ],
    hooks: {
      draw: [(plot) => drawMarks(plot, latest.current.marks, colours)],
      setCursor: [({ cursor, posToVal }) => {
        const left = cursor.left ?? -1;
        latest.current.onRead(left < 0 ? null : posToVal(left, 'x'));
      }],
    },
  };
}

function drawMarks(plot: uPlot, marks: readonly Tick[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colours.quiet;
  ctx.lineJoin = 'round';
  ctx.font = `${11 * unit}px system-ui, sans-serif`;
  marks.forEach(({ value, text }, n) => {
    const x = Math.round(plot.valToPos(value, 'x', true)) + 0.5;
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) return;
    ctx.setLineDash([2 * unit, 3 * unit]);
    ctx.strokeStyle = colours.quiet;
    ctx.lineWidth = unit;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const isRight = x + ctx.measureText(text).width + 6 * unit > bbox.left + bbox.width;
    ctx.textAlign = isRight ? 'right' : 'left';
    // One below the other, since marks may be close, and readable above the curves.
    const at = [x + (isRight ? -4 : 4) * unit, bbox.top + (11 + 13 * (n % 4)) * unit] as const;
    ctx.setLineDash([]);
    ctx.strokeStyle = colours.surface;
    ctx.lineWidth = 4 * unit;
    ctx.strokeText(text, ...at);
    ctx.fillText(text, ...at);
  });
  ctx.restore();
}
