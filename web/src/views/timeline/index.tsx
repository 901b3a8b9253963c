/**
 * The timeline: a row for each stream, and each object from its begin to its end.
 *
 * In: a client of the worker, which holds the objects and draws them, and the filter. Out: a drawing that is moved by wheel, pointer,
 * fingers and keys, and the same as a table. Guaranteed: the page never waits for a frame; what the pointer tells, the keys and a
 * screen reader tell too.
 */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { SaveMenu } from '../../charts/figure';
import type { Format, Translate } from '../../charts/text';
import { pixelOf, useColours } from '../../charts/theme';
import { timeTicks } from '../../charts/time-axis';
import type { Filter, ObjectDetail, Overview, TimelineFrame, TimelineLabel, TimelineView } from '../../protocol';
import type { Asking } from './asking';
import { Card } from './card';
import { sentence } from './details';
import { timelineDocument } from './document';
import { listen, type Gestures } from './gestures';
import { Gutter, labelText, placedLabels } from './gutter';
import { keyMovement } from './keys';
import { Latest } from './latest';
import { Listing } from './listing';
import { useMovement } from './movement';
import { AXIS_PX, imageOf, paint } from './surface';
import { fit, pan, reveal, toTime, zoomRows, zoomTime } from './viewport';

export interface TimelineProps {
  readonly client: Asking;
  readonly overview: Overview;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly chosen: ObjectDetail | null;
  readonly onChoose: (object: ObjectDetail | null) => void;
  /** What the objects were cut with. */
  readonly note: string;
  readonly stale: boolean;
  readonly t: Translate;
  readonly format: Format;
}

/** An object that the pointer or the keys are at, in CSS pixels of the drawing. */
interface Pointed {
  readonly object: ObjectDetail;
  readonly x: number;
  readonly y: number;
}

const TICK_PX = 96;
const BY_BEGIN = { column: 'startNs', descending: false } as const;

export function Timeline(props: TimelineProps) {
  const { client, overview, filter, chosen, t, format } = props;
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [shown, setShown] = useState<{ frame: TimelineFrame; image: HTMLCanvasElement } | null>(null);
  const [hovered, setHovered] = useState<Pointed | null>(null);
  const [stepped, setStepped] = useState<{ object: ObjectDetail; row: number } | null>(null);
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const [isTable, setTable] = useState(false);
  const colours = useColours();
  const ratio = devicePixelRatio;
  const heightPx = Math.max(size.height - AXIS_PX, 1);
  const fromNs = Math.min(overview.strip.startNs, 0);
  const { view, move, jump } = useMovement({
    fromNs, toNs: Math.max(overview.spanNs, fromNs + 1), rowCount: shown?.frame.rowCount ?? 0, heightPx,
  });

  const drawn: TimelineView = {
    fromNs: view.fromNs, toNs: view.toNs, firstRow: view.firstRow, rowPx: view.rowPx * ratio,
    widthPx: Math.max(Math.round(size.width * ratio), 1), heightPx: Math.max(Math.round(heightPx * ratio), 1),
    upColour: pixelOf(colours.up), downColour: pixelOf(colours.down), chosenColour: pixelOf(colours.text),
    chosenObject: stepped?.object.row ?? chosen?.row ?? -1,
  };
  const latest = useRef({ props, drawn, size, stepped });
  latest.current = { props, drawn, size, stepped };

  const frames = useMemo(() => {
    let image: HTMLCanvasElement | null = null;
    return new Latest(
      (view: TimelineView) => client.request({ type: 'timeline', view }),
      ({ frame }) => {
        image = imageOf(frame, image);
        setShown({ frame, image });
      },
    );
  }, [client]);
  const hits = useMemo(() => new Latest(
    ({ x, y }: { x: number; y: number; isClick: boolean }) => {
      const { drawn } = latest.current;
      return client.request({ type: 'hit', view: drawn, xPx: x * devicePixelRatio, yPx: (y - AXIS_PX) * devicePixelRatio });
    },
    ({ object }, { x, y, isClick }) => {
      if (isClick) latest.current.props.onChoose(object);
      else setHovered(object && { object, x, y });
    },
  ), [client]);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = plot.current!;
      setSize((last) => (last.width === width && last.height === height ? last : { width, height }));
    });
    observer.observe(plot.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (size.width > 0) frames.want(drawn);
  }, [frames, view, size, ratio, colours, drawn.chosenObject, overview.revision]);

  const ticks = timeTicks(format, view.fromNs, view.toNs, Math.max(1, Math.floor(size.width / TICK_PX)));
  useLayoutEffect(() => paint(canvas.current!, {
    view, widthPx: size.width, heightPx: size.height, ticks, colours, brush,
    frame: shown && { image: shown.image, drawn: shown.frame.view },
  }));

  // The strip above and the chips select a time, too: it is what is seen then.
  const timeKey = filter.timeNs?.join();
  const lastTime = useRef(timeKey);
  useEffect(() => {
    if (lastTime.current === timeKey) return;
    lastTime.current = timeKey;
    jump((view, bounds) => toTime(view, bounds, filter.timeNs ?? [bounds.fromNs, bounds.toNs]));
  }, [timeKey]);

  const show = async (row: number): Promise<{ object: ObjectDetail; row: number }> => {
    const { object, timelineRow } = await client.request({ type: 'locate', row, sort: BY_BEGIN });
    if (timelineRow >= 0) {
      jump((view, bounds) => reveal(view, bounds, object.startNs, object.startNs + object.durationNs, timelineRow));
    }
    return { object, row: timelineRow };
  };
  useEffect(() => {
    if (chosen && chosen.row !== stepped?.object.row) show(chosen.row).catch(() => {});
  }, [chosen?.row]);

  const gestures: Gestures = {
    zoomTime: (factor, x) => move((view, bounds) => zoomTime(view, bounds, factor, x / Math.max(latest.current.size.width, 1))),
    zoomRows: (factor, y) => move((view, bounds) => zoomRows(view, bounds, factor, Math.max(y - AXIS_PX, 0))),
    pan: (dx, dy) => move((view, bounds) =>
      pan(view, bounds, (-dx * (view.toNs - view.fromNs)) / Math.max(latest.current.size.width, 1), -dy / view.rowPx)),
    brush(fromX, toX, isDone) {
      const { drawn, size, props } = latest.current;
      const ns = (x: number): number =>
        drawn.fromNs + (drawn.toNs - drawn.fromNs) * Math.min(Math.max(x / Math.max(size.width, 1), 0), 1);
      const timeNs = [ns(Math.min(fromX, toX)), ns(Math.max(fromX, toX))] as const;
      setBrush(isDone ? null : timeNs);
      if (isDone && timeNs[1] > timeNs[0]) props.onFilter({ ...props.filter, timeNs });
    },
    cancelBrush: () => setBrush(null),
    hover: (x, y) => hits.want({ x, y, isClick: false }),
    leave: () => setHovered(null),
    click: (x, y) => hits.want({ x, y, isClick: true }),
    fit: () => jump((_, bounds) => fit(bounds)),
  };
  useEffect(() => listen(plot.current!, gestures), [client]);

  const step = (to: 'next' | 'previous' | 'above' | 'below'): void => {
    const row = stepped?.object.row ?? chosen?.row ?? -1;
    client.request({ type: 'step', row, to }).then(async ({ object }) => {
      if (object) setStepped(await show(object.row));
    }).catch(() => {});
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    if (stepped) {
      const to = stepOf(event);
      if (to) step(to);
      else if (event.key === 'Enter') props.onChoose(stepped.object);
      else if (event.key === 'Escape') setStepped(null);
      else if (!keyMovement(event.key, jump, heightPx)) return;
    } else if (event.key === 'Enter') {
      if (chosen) show(chosen.row).then(setStepped, () => {});
      else step('next');
    } else if (!keyMovement(event.key, jump, heightPx)) return;
    setHovered(null);
    event.preventDefault();
    event.stopPropagation();
  };

  const bytes = useMemo(() => new Map(overview.servers.map(({ name, up, down }) =>
    [name, up.payloadBytes + down.payloadBytes])), [overview]);
  const labels = shown?.frame.labels ?? [];
  const pick = ({ kind, server, stream }: TimelineLabel): void => props.onFilter(
    kind === 'server' ? { ...filter, servers: [server] } : { ...filter, streams: [stream!] });
  const svg = async (): Promise<string> => {
    const view = { ...drawn, widthPx: Math.round(size.width), heightPx: Math.round(heightPx), rowPx: drawn.rowPx / ratio };
    const answer = await client.request({ type: 'timelineSvg', view });
    return timelineDocument({
      drawing: answer.svg, widthPx: view.widthPx, heightPx: view.heightPx, title: t('lane.name'), note: props.note, colours,
      summary: `${t('lane.objects', { n: shown?.frame.objects ?? 0 })}, ${format.time(view.fromNs)} – ${format.time(view.toNs)}`,
      up: t('up'), down: t('down'),
      ticks: ticks.map(({ value, text }) => ({ x: ((value - view.fromNs) / (view.toNs - view.fromNs)) * view.widthPx, text })),
      labels: placedLabels(labels, { ...view }, heightPx).map(({ label, y }) => ({
        y: y + 4, text: labelText(label, bytes, format), isServer: label.kind === 'server',
      })),
    });
  };

  const card: Pointed | null = stepped
    ? {
        object: stepped.object,
        x: Math.min(Math.max(((stepped.object.startNs - view.fromNs) / (view.toNs - view.fromNs)) * size.width, 0), size.width),
        y: AXIS_PX + (stepped.row - view.firstRow + 1) * view.rowPx,
      }
    : hovered;
  const isLagging = props.stale || (shown !== null && shown.frame.revision !== overview.revision);
  return (
    <div class="lane-view">
      <div class="lane-body">
        <Gutter labels={labels} view={view} heightPx={heightPx} bytes={bytes} onPick={pick} t={t} format={format} />
        <div
          class={`lane-plot${props.stale ? ' stale' : ''}`} ref={plot} tabIndex={0} role="application" aria-label={t('lane.name')}
          aria-describedby="lane-help" aria-busy={isLagging} onKeyDown={onKeyDown} onBlur={() => setStepped(null)}
        >
          <canvas ref={canvas} />
          {card && <Card {...card} widthPx={size.width} heightPx={size.height} t={t} format={format} />}
          {shown?.frame.rowCount === 0 && <p class="lane-none">{t('lane.none')}</p>}
        </div>
        {isTable && (
          <div class="lane-table" tabIndex={0} role="region" aria-label={t('figure.asTable')}>
            <Listing
              client={client} revision={overview.revision} fromNs={view.fromNs} toNs={view.toNs} t={t} format={format}
              onChoose={props.onChoose}
            />
          </div>
        )}
      </div>
      <div class="lane-tools">
        <span>{t('lane.objects', { n: shown?.frame.objects ?? 0 })}</span>
        {([['lane.zoomOut', '−'], ['lane.zoomIn', '+']] as const).map(([key, sign]) => (
          <button
            key={key} type="button" aria-label={t(key)} title={t(key)}
            onClick={() => keyMovement(sign, jump, heightPx)}
          >
            {sign}
          </button>
        ))}
        <button type="button" onClick={gestures.fit}>{t('lane.fit')}</button>
        <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>{t('figure.asTable')}</button>
        <SaveMenu title={t('lane.name')} svg={svg} t={t} />
      </div>
      <p id="lane-help" class="unseen">{t('lane.help')}</p>
      <p class="unseen" aria-live="polite">{stepped ? `${sentence(stepped.object, t, format)}. ${t('lane.open')}` : ''}</p>
    </div>
  );
}

/** Within objects: along the lane, and from lane to lane. */
function stepOf({ key, shiftKey }: KeyboardEvent): 'next' | 'previous' | 'above' | 'below' | null {
  switch (key) {
    case 'ArrowRight': return 'next';
    case 'ArrowLeft': return 'previous';
    case 'ArrowUp': return 'above';
    case 'ArrowDown': return 'below';
    case 'Tab': return shiftKey ? 'above' : 'below';
    default: return null;
  }
}
