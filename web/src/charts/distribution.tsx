/**
 * A distribution: its empirical distribution function, or the share above.
 *
 * In: points of the functions, up and down. Out: a figure that is read by pointer, as a table and as files. Guaranteed: values are
 * not put into classes; what a logarithmic axis cannot show is said below it.
 */

import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Curve, Curves } from '../protocol';
import {
  deepestValley, DIRECTIONS, joined, kindOf, quantile, shareAt, shareScale, unitOf, valueScale, type DistributionMeasure,
} from './curves';
import { figureSvg, type Tick } from './drawing';
import { CurveKey, Figure, Toggle } from './figure';
import { directionLines, Plot, UP_DASH } from './plot';
import { ticksOf, type Kind, type ScaleType } from './scales';
import type { Cell } from './save';
import { short, superscript, type Format, type Translate } from './text';
import { useColours } from './theme';

export interface DistributionProps {
  readonly title: string;
  readonly measure: DistributionMeasure;
  readonly curves: Curves;
  /** What it was made with. */
  readonly note: string;
  readonly marks: readonly { readonly value: number; readonly label: string }[];
  readonly stale: boolean;
  readonly t: Translate;
  readonly format: Format;
}

const PLOT_PX = 176;
const QUANTILES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];
const SVG_TICKS = 8;

export function Distribution(props: DistributionProps) {
  const { title, measure, curves, note, t, format } = props;
  const [type, setType] = useState<ScaleType>('log');
  const [shape, setShape] = useState<'ecdf' | 'ccdf'>('ecdf');
  const [read, setRead] = useState<number | null>(null);
  const colours = useColours();
  const isAbove = shape === 'ccdf';
  const kind = kindOf(measure);
  const text = useCallback((value: number) => valueText(kind, format, value), [kind, format]);

  const xScale = useMemo(() => valueScale(curves, type), [curves, type]);
  const yScale = useMemo(() => shareScale(curves, type, isAbove), [curves, type, isAbove]);
  const points = useMemo(() => xScale && joined(curves, xScale, isAbove), [curves, xScale, isAbove]);
  const lines = useMemo(() => directionLines(points?.up ?? [], points?.down ?? [], colours), [points, colours]);
  const xTicks = useCallback((most: number): Tick[] =>
    xScale ? ticksOf(kind, xScale, most).map((value) => ({ value, text: short(text(value)) })) : [], [kind, xScale, text]);
  const yTicks = useMemo(() =>
    ticksOf('share', yScale, 5).map((value) => ({ value, text: shareText(format, value) })), [yScale, format]);
  const marks = useMemo(() => [
    ...props.marks.map(({ value, label }) => ({ value, text: label })),
    ...(measure === 'packetGap' ? valleys(curves, t, text) : []),
  ], [props.marks, measure, curves, t, text]);

  const present = DIRECTIONS.flatMap((direction) => {
    const curve = curves[direction];
    return curve === null ? [] : [{ direction, curve }];
  });
  const summaryOf = (curve: Curve): string =>
    [t('figure.n', { n: curve.n }), t('figure.median', { value: text(curve.p50) }), t('figure.p95', { value: text(curve.p95) })]
      .join(' · ');
  const arrowed = (share: (curve: Curve) => number): string => present.map(({ direction, curve }) =>
    `${direction === 'up' ? '▲' : '▼'} ${shareText(format, share(curve))}`).join('  ');
  const hasZeros = type === 'log' && present.some(({ curve }) => shareAt(curve, 0) > 0);
  const notes = [
    ...(hasZeros ? [t('figure.zeros', { shares: arrowed((curve) => shareAt(curve, 0)) })] : []),
    ...(present.some(({ curve }) => !curve.exact) ? [t('figure.inexact')] : []),
    note,
  ];
  const reading = read === null ? null : t(isAbove ? 'figure.readCcdf' : 'figure.readEcdf', {
    value: text(read), shares: arrowed((curve) => (isAbove ? 1 - shareAt(curve, read) : shareAt(curve, read))),
  });

  const svg = (): string => figureSvg({
    title, note: notes.join(' '), x: xScale!, y: yScale, xTicks: xTicks(SVG_TICKS), yTicks, marks, colours,
    summary: present.map(({ direction, curve }) => `${direction === 'up' ? '▲' : '▼'} ${t(direction)}: ${summaryOf(curve)}`),
    yName: t(isAbove ? 'figure.above' : 'figure.atMost'),
    curves: present.map(({ direction }) => ({
      name: t(direction), colour: colours[direction], dash: direction === 'up' ? UP_DASH : [], xs: points!.x, ys: points![direction],
    })),
  });
  const rows = (): Cell[][] => [
    ['measure', 'unit', 'direction', 'n', 'value', 'share_at_most', 'made_with'],
    ...present.flatMap(({ direction, curve }) => Array.from(curve.values, (value, n): Cell[] =>
      [measure, unitOf(measure), direction, curve.n, value, curve.shares[n]!, note])),
  ];

  if (!xScale || !points) {
    return (
      <figure class={props.stale ? 'figure stale' : 'figure'}>
        <figcaption><h3>{title}</h3></figcaption>
        <p class="quiet">{t('figure.none')}</p>
      </figure>
    );
  }
  return (
    <Figure
      title={title} stale={props.stale} t={t} reading={reading} svg={svg} rows={rows}
      table={[
        [t('figure.quantile'), ...present.map(({ direction }) => `${direction === 'up' ? '▲' : '▼'} ${t(direction)}`)],
        ...QUANTILES.map((share) => [`p${Number((100 * share).toFixed(1))}`, ...present.map(({ curve }) => text(quantile(curve, share)))]),
        ['min', ...present.map(({ curve }) => text(curve.min))],
        ['max', ...present.map(({ curve }) => text(curve.max))],
      ]}
      summary={present.map(({ direction, curve }) => (
        <p key={direction}><CurveKey direction={direction} /><span class="unseen">{t(direction)}: </span>{summaryOf(curve)}</p>
      ))}
      controls={<>
        <Toggle
          label={t('figure.curve')} value={shape} onChange={setShape}
          options={[['ecdf', t('figure.ecdf')], ['ccdf', t('figure.ccdf')]]}
        />
        <Toggle
          label={t('figure.scale')} value={type} onChange={setType}
          options={[['log', t('figure.log')], ['linear', t('figure.linear')]]}
        />
      </>}
      note={notes.map((line) => <p key={line}>{line}</p>)}
    >
      <Plot
        x={points.x} lines={lines} xScale={xScale} yScale={yScale} xTicks={xTicks} yTicks={yTicks}
        marks={marks} heightPx={PLOT_PX} onRead={setRead}
      />
    </Figure>
  );
}

export function valueText(kind: Kind, format: Format, value: number): string {
  if (kind === 'count') return format.number(value);
  return kind === 'bytes' ? format.bytes(value) : kind === 'rate' ? format.rate(value) : format.duration(value);
}

/** In the tails: powers of ten below a thousandth, and never all where some are missing. */
export function shareText(format: Format, share: number): string {
  if (share < 1 && format.share(share) === format.share(1)) return `< ${format.share(1)}`;
  return share > 0 && share < 0.001 ? `10${superscript(Math.round(Math.log10(share)))}` : short(format.share(share));
}

/** Of the direction with more gaps. */
function valleys(curves: Curves, t: Translate, text: (value: number) => string): Tick[] {
  const curve = (curves.up?.n ?? 0) > (curves.down?.n ?? 0) ? curves.up : curves.down;
  const value = curve && deepestValley(curve);
  return value === null ? [] : [{ value, text: t('figure.valley', { value: text(value) }) }];
}
