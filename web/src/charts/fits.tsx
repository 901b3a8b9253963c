/**
 * A distribution with the families that were fitted to it.
 *
 * In: an empirical distribution function of one direction, and fits of its positive values. Out: a figure with a curve for each,
 * read by pointer, as a table of quantiles, and as files. Guaranteed: values of 0 are counted in all curves, so that they can be
 * compared; each curve has its own colour and dashes, and can be hidden.
 */

import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Family, VariableModel } from '../model';
import type { Curve, Curves, Direction } from '../protocol';
import { joined, quantile, shareAt, shareScale, valueScale } from './curves';
import { shareText, valueText } from './distribution';
import { figureSvg, type Tick } from './drawing';
import { FAMILY_STYLES, quantileOf, shareAbove } from './families';
import { Figure, Toggle } from './figure';
import { Plot, UP_DASH, type PlotLine } from './plot';
import type { Cell } from './save';
import { ticksOf, valueAt, type Kind, type Scale, type ScaleType } from './scales';
import { short, type Format, type Translate } from './text';
import { useColours } from './theme';

export interface FitsProps {
  readonly title: string;
  /** What the values are in files: `size_bytes` … */
  readonly name: string;
  readonly kind: Kind;
  /** What a value of the axis is in the unit of the fits: 1e-9 where the axis has ns and the fits have s. */
  readonly scale: number;
  readonly direction: Direction;
  readonly model: VariableModel;
  readonly note: string;
  readonly stale: boolean;
  readonly t: Translate;
  readonly format: Format;
}

const PLOT_PX = 260;
/** Points of a smooth curve. */
const POINTS = 240;
const QUANTILES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];
const SVG_TICKS = 8;
const NO_MARKS: readonly Tick[] = [];

export function Fits(props: FitsProps) {
  const { model: { curve }, title, t } = props;
  return curve ? <FittedCurve {...props} curve={curve} /> : (
    <figure class={props.stale ? 'figure stale' : 'figure'}>
      <figcaption><h3>{title}</h3></figcaption>
      <p class="quiet">{t('figure.none')}</p>
    </figure>
  );
}

function FittedCurve(props: FitsProps & { readonly curve: Curve }) {
  const { title, kind, scale, direction, model, curve, note, t, format } = props;
  const [wantedType, setType] = useState<ScaleType>('log');
  const [shape, setShape] = useState<'ecdf' | 'ccdf'>('ecdf');
  const [hidden, hide] = useState<readonly string[]>([]);
  const [read, setRead] = useState<number | null>(null);
  const colours = useColours();
  const isAbove = shape === 'ccdf';
  const curves: Curves = useMemo(() => ({ up: null, down: null, [direction]: curve }), [curve, direction]);
  // Where all values are 0 there is nothing that a logarithmic axis could show.
  const type = curve.max > 0 ? wantedType : 'linear';
  const xScale = useMemo(() => valueScale(curves, type)!, [curves, type]);
  const yScale = useMemo(() => shareScale(curves, type, isAbove), [curves, type, isAbove]);
  const text = useCallback((value: number) => valueText(kind, format, value), [kind, format]);
  const zeroShare = model.n > 0 ? model.zeros / model.n : 0;
  const fits = model.fits.filter(({ family }) => !hidden.includes(family));

  const points = useMemo(() => {
    const between = fits.length > 0 ? Array.from({ length: POINTS }, (_, n) => valueAt(xScale, (n + 1) / (POINTS + 1))) : [];
    return joined(curves, xScale, isAbove, between);
  }, [curves, xScale, isAbove, fits.length > 0]);
  const lines = useMemo((): PlotLine[] => [
    { ys: points[direction], colour: colours[direction], dash: direction === 'up' ? UP_DASH : [] },
    ...fits.map((fit): PlotLine => ({
      ys: points.x.map((x) => drawable(fittedShare(fit, zeroShare, x * scale, isAbove), yScale)),
      ...FAMILY_STYLES[fit.family], isSmooth: true,
    })),
  ], [points, direction, colours, model, hidden, yScale, scale]);
  const xTicks = useCallback((most: number): Tick[] =>
    ticksOf(kind, xScale, most).map((value) => ({ value, text: short(text(value)) })), [kind, xScale, text]);
  const yTicks = useMemo(() =>
    ticksOf('share', yScale, 6).map((value) => ({ value, text: shareText(format, value) })), [yScale, format]);

  const nameOf = ({ family }: Family): string => t(`family.${family}`);
  const measured = `${direction === 'up' ? '▲' : '▼'} ${t('fits.measured')}`;
  const summary = [
    t('figure.n', { n: model.n }), ...(model.zeros > 0 ? [t('fits.zeros', { n: model.zeros })] : []),
    ...(model.mean === null ? [] : [t('fits.mean', { value: text(model.mean / scale) })]),
    t('figure.median', { value: text(curve.p50) }), t('figure.p95', { value: text(curve.p95) }),
  ].join(' · ');
  const notes = [
    ...(model.zeros > 0 && fits.length > 0 ? [t('fits.zeroNote', { share: shareText(format, zeroShare) })] : []),
    ...(curve.exact ? [] : [t('figure.inexact')]),
    note,
  ];
  const reading = read === null ? null : t(isAbove ? 'figure.readCcdf' : 'figure.readEcdf', {
    value: text(read),
    shares: [
      `${direction === 'up' ? '▲' : '▼'} ${shareText(format, isAbove ? 1 - shareAt(curve, read) : shareAt(curve, read))}`,
      ...fits.map((fit) => `${nameOf(fit)} ${shareText(format, fittedShare(fit, zeroShare, read * scale, isAbove))}`),
    ].join(' · '),
  });

  const svg = (): string => figureSvg({
    title, note: notes.join(' '), x: xScale, y: yScale, xTicks: xTicks(SVG_TICKS), yTicks, marks: [], colours, hasKey: true,
    summary: [`${t(direction)} · ${summary}`], yName: t(isAbove ? 'fits.above' : 'fits.atMost'),
    curves: lines.map((line, n) => ({ ...line, name: n === 0 ? measured : nameOf(fits[n - 1]!), xs: points.x })),
  });
  const rows = (): Cell[][] => [
    ['variable', 'direction', 'curve', 'value', 'unit', 'share_at_most', 'made_with'],
    ...Array.from(curve.values, (value, n): Cell[] => [props.name, direction, 'measured', value, unitOf(kind), curve.shares[n]!, note]),
    ...model.fits.flatMap((fit) => Array.from(curve.values, (value): Cell[] =>
      [props.name, direction, fit.family, value, unitOf(kind), fittedShare(fit, zeroShare, value * scale, false), note])),
  ];
  const table = useMemo(() => [
    [t('figure.quantile'), measured, ...model.fits.map(nameOf)],
    ...QUANTILES.map((share) => [
      `p${Number((100 * share).toFixed(1))}`, text(quantile(curve, share)),
      ...model.fits.map((fit) => text(fittedQuantile(fit, zeroShare, share) / scale)),
    ]),
  ], [model, curve, text, t, direction]);

  return (
    <Figure
      title={title} stale={props.stale} t={t} reading={reading} svg={svg} rows={rows} table={table}
      summary={<>
        <p><Sample colour={colours[direction]} dash={direction === 'up' ? UP_DASH : []} /><span>{measured} · {summary}</span></p>
        {model.fits.length > 0 && (
          <div class="fit-key" role="group" aria-label={t('fits.curves')}>
            {model.fits.map((fit) => (
              <button
                key={fit.family} type="button" aria-pressed={!hidden.includes(fit.family)}
                onClick={() => hide(hidden.includes(fit.family) ? hidden.filter((one) => one !== fit.family) : [...hidden, fit.family])}
              >
                <FamilySample family={fit.family} /> {nameOf(fit)}
              </button>
            ))}
          </div>
        )}
      </>}
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
        x={points.x} lines={lines} xScale={xScale} yScale={yScale} xTicks={xTicks} yTicks={yTicks} marks={NO_MARKS}
        heightPx={PLOT_PX} onRead={setRead}
      />
    </Figure>
  );
}

/** Share of all values, zeros included, where the fit is of the others. */
export function fittedShare(family: Family, zeroShare: number, x: number, isAbove: boolean): number {
  if (x < 0) return isAbove ? 1 : 0;
  const above = (1 - zeroShare) * shareAbove(family, x);
  return isAbove ? above : 1 - above;
}

export function fittedQuantile(family: Family, zeroShare: number, share: number): number {
  return share <= zeroShare ? 0 : quantileOf(family, (share - zeroShare) / (1 - zeroShare));
}

/** Far below the axis a curve has no place, and a logarithm may have no value. */
const drawable = (share: number, { type, min }: Scale): number | null =>
  Number.isNaN(share) || (type === 'log' && share < min / 1000) ? null : share;

const unitOf = (kind: Kind): string => (kind === 'bytes' ? 'B' : kind === 'time' ? 'ns' : '1');

export const FamilySample = ({ family }: { readonly family: Family['family'] }) => <Sample {...FAMILY_STYLES[family]} />;

function Sample({ colour, dash }: { readonly colour: string; readonly dash: readonly number[] }) {
  return (
    <svg viewBox="0 0 26 10" width="26" height="10" aria-hidden="true">
      <path d="M0 5H26" stroke={colour} stroke-width="1.75" stroke-dasharray={dash.length > 0 ? dash.join(' ') : undefined} />
    </svg>
  );
}
