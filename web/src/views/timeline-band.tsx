/**
 * The band of the timeline.
 *
 * In: the overview of the capture. Out: the strip of the whole time, and below it the timeline, as high as people want it.
 * Guaranteed: brushing sets the filter's time.
 */

import { useState } from 'preact/hooks';
import { OverviewStrip } from '../charts/strip';
import { replaced } from '../state/filter';
import { useMadeWith } from './made-with';
import { usePage, useShown } from './page';
import { Timeline } from './timeline';
import { useIsStale } from './stale';

const STEP_PX = 24;
const LEAST_PX = 120;
const MOST_PX = 2000;

export function TimelineBand() {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const filter = useShown((state) => state.filter);
  const chosen = useShown((state) => state.chosen);
  const isStale = useIsStale();
  const [heightPx, setHeight] = useState(() => Math.round(Math.max(180, innerHeight * 0.24)));
  const note = useMadeWith();
  if (!overview) return null;

  const resize = (byPx: number) => setHeight(Math.min(Math.max(heightPx + byPx, LEAST_PX), MOST_PX));
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    resize(event.movementY);
  };
  return (
    <section class="timeline" aria-label={t('timeline')}>
      <OverviewStrip
        throughput={overview.strip} timeNs={filter.timeNs} stale={isStale} t={t} format={format}
        onBrush={(timeNs) => session.setFilter(replaced(filter, 'timeNs', timeNs))}
      />
      <div class="lanes" style={{ height: `${heightPx}px` }}>
        <Timeline
          client={session.client} overview={overview} filter={filter} note={note} stale={isStale} t={t} format={format}
          onFilter={(filter) => session.setFilter(filter)} chosen={chosen} onChoose={(object) => session.choose(object)}
        />
      </div>
      <div
        class="handle" role="separator" aria-orientation="horizontal" aria-label={t('timeline.height')} tabIndex={0}
        aria-valuenow={heightPx} aria-valuemin={LEAST_PX} aria-valuemax={MOST_PX}
        onPointerMove={drag}
        onKeyDown={(event) => {
          if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
            event.preventDefault();
            resize(event.key === 'ArrowUp' ? -STEP_PX : STEP_PX);
          }
        }}
      />
    </section>
  );
}
