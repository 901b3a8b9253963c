/**
 * Throughput over time, up and down.
 *
 * In: payload of equal steps of time. Out: a figure in bit/s that is read by pointer, as a table and as files. Guaranteed: each
 * value is the mean over its step, and the step is said; on a logarithmic axis a step without payload is at its lower edge.
 */

import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Throughput } from '../protocol';
import { DIRECTIONS } from './curves';
import { figureSvg, type Tick } from './drawing';
import { CurveKey, Figure, Toggle } from './figure';
import { directionLines, Plot, UP_DASH } from './plot';
import { ticksOf, type Scale, type ScaleType } from './scales';
import type { Cell } from './save';
import { short, type Format, type Translate } from './text';
import { useColours } from './theme';
import { timeTicks } from './time-axis';

export interface ThroughputProps {
  readonly throughput: Throughput;
  /** What it was made with. */
  readonly note: string;
  readonly stale: boolean;
  readonly t: Translate;
  readonly format: Format;
}

const PLOT_PX = 176;
const TABLE_ROWS = 60;
const NO_MARKS: readonly Tick[] = [];

export function ThroughputChart({ throughput, note, stale, t, format }: ThroughputProps) {
  const [read, setRead] = useState<number | null>(null);
  const [type, setType] = useState<ScaleType>('linear');
  const colours = useColours();
  const { startNs, stepNs } = throughput;
  const count = throughput.upBytes.length;
  const title = t('throughput.title');

  const points = useMemo(() => {
    const rate = (bytes: Float64Array): number[] => {
      const rates = Array.from(bytes, (step) => (step * 8e9) / stepNs);
      // The last value holds until its step ends.
      return [...rates, rates.at(-1) ?? 0];
    };
    return {
      x: Array.from({ length: count + 1 }, (_, n) => startNs + n * stepNs),
      up: rate(throughput.upBytes),
      down: rate(throughput.downBytes),
    };
  }, [throughput]);
  const peak = { up: greatest(points.up), down: greatest(points.down) };
  const xScale: Scale = { type: 'linear', min: startNs, max: startNs + Math.max(count, 1) * stepNs };
  const yScale: Scale = type === 'linear'
    ? { type, min: 0, max: Math.max(peak.up, peak.down, 1) * 1.05 }
    : { type, min: leastRate(points) / 1.25, max: Math.max(peak.up, peak.down, leastRate(points)) * 1.25 };
  const shown = useMemo(() => ({
    up: points.up.map((rate) => Math.max(rate, yScale.min)), down: points.down.map((rate) => Math.max(rate, yScale.min)),
  }), [points, yScale.min]);
  const lines = useMemo(() => directionLines(shown.up, shown.down, colours), [shown, colours]);
  const xTicks = useCallback((most: number): Tick[] => timeTicks(format, xScale.min, xScale.max, most), [format, xScale.min, xScale.max]);
  const yTicks = useMemo(() =>
    ticksOf('rate', yScale, 4).map((value) => ({ value, text: short(format.rate(value)) })), [type, yScale.min, yScale.max, format]);

  const summaryOf = (direction: 'up' | 'down'): string => t('throughput.summary', {
    peak: format.rate(peak[direction]),
    mean: format.rate(points[direction].slice(0, count).reduce((sum, rate) => sum + rate, 0) / Math.max(count, 1)),
  });
  const stepNote = t('throughput.step', { step: short(format.duration(stepNs)) });
  const at = read === null ? -1 : Math.min(Math.max(Math.floor((read - startNs) / stepNs), 0), count - 1);
  const svg = (): string => figureSvg({
    title, summary: DIRECTIONS.map((direction) => `${direction === 'up' ? '▲' : '▼'} ${t(direction)}: ${summaryOf(direction)}`),
    note: `${stepNote}. ${note}`, x: xScale, y: yScale, xTicks: xTicks(6), yTicks, yName: '', marks: [], colours,
    curves: DIRECTIONS.map((direction) => ({
      name: t(direction), colour: colours[direction], dash: direction === 'up' ? UP_DASH : [], xs: points.x, ys: shown[direction],
    })),
  });
  const rows = (): Cell[][] => [
    ['from_ns', 'step_ns', 'up_bytes', 'down_bytes', 'made_with'],
    ...Array.from({ length: count }, (_, n): Cell[] =>
      [points.x[n]!, stepNs, throughput.upBytes[n]!, throughput.downBytes[n]!, note]),
  ];
  return (
    <Figure
      title={title} stale={stale} t={t} svg={svg} rows={rows}
      reading={at < 0 ? null : `${format.time(points.x[at]!)}  ▲ ${format.rate(points.up[at]!)}  ▼ ${format.rate(points.down[at]!)}`}
      summary={DIRECTIONS.map((direction) => (
        <p key={direction}><CurveKey direction={direction} /><span class="unseen">{t(direction)}: </span>{summaryOf(direction)}</p>
      ))}
      table={tableOf(throughput, t, format)}
      controls={(
        <Toggle
          label={t('figure.scale')} value={type} onChange={setType}
          options={[['linear', t('figure.linear')], ['log', t('figure.log')]]}
        />
      )}
      note={<><p>{stepNote}</p><p>{note}</p></>}
    >
      <Plot
        x={points.x} lines={lines} xScale={xScale} yScale={yScale} xTicks={xTicks} yTicks={yTicks} marks={NO_MARKS}
        heightPx={PLOT_PX} onRead={setRead}
      />
    </Figure>
  );
}

/** At most `TABLE_ROWS` rows: neighbouring steps are put together. */
function tableOf({ startNs, stepNs, upBytes, downBytes }: Throughput, t: Translate, format: Format): string[][] {
  const together = Math.max(1, Math.ceil(upBytes.length / TABLE_ROWS));
  const rows = [[t('throughput.from'), `▲ ${t('up')}`, `▼ ${t('down')}`]];
  for (let from = 0; from < upBytes.length; from += together) {
    const rate = (bytes: Float64Array): string => {
      const part = bytes.subarray(from, from + together);
      return format.rate((part.reduce((sum, step) => sum + step, 0) * 8e9) / (stepNs * part.length));
    };
    rows.push([format.time(startNs + from * stepNs), rate(upBytes), rate(downBytes)]);
  }
  return rows;
}

const leastRate = ({ up, down }: { readonly up: readonly number[]; readonly down: readonly number[] }): number =>
  Math.min(...[up, down].map((rates) => rates.reduce((least, rate) => (rate > 0 ? Math.min(least, rate) : least), 1e12)));

const greatest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
