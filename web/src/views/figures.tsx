/**
 * The band of figures.
 *
 * In: distributions of what is selected. Out: four small figures of the same height, each with its alternatives. Guaranteed: each
 * says what its objects were cut with.
 */

import { useState } from 'preact/hooks';
import { Distribution } from '../charts/distribution';
import { ThroughputChart } from '../charts/throughput';
import type { Key } from '../i18n';
import type { Measure } from '../protocol';
import { Arrow } from './controls';
import { useMadeWith } from './made-with';
import { usePage, useShown } from './page';
import { useIsStale } from './stale';

type Shown = Measure | 'throughput' | 'ends';

const PANELS: readonly (readonly Shown[])[] = [['size', 'throughput'], ['interArrival', 'gap'], ['duration', 'rate'], ['ends']];
const TITLES: Readonly<Record<Shown, Key>> = {
  size: 'size', throughput: 'throughput', interArrival: 'interArrival', gap: 'gap', duration: 'duration', rate: 'rate', ends: 'ends',
};

export function Figures() {
  const { t } = usePage();
  return (
    <section class="figures" aria-labelledby="figures">
      <h2 class="unseen" id="figures">{t('figures')}</h2>
      {PANELS.map((kinds) => <Panel key={kinds[0]} kinds={kinds} />)}
    </section>
  );
}

function Panel({ kinds }: { kinds: readonly Shown[] }) {
  const { t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const stale = useIsStale();
  const [kind, setKind] = useState<Shown>(kinds[0]!);
  const note = useMadeWith();
  if (!overview) return null;
  const common = { t, format, stale, note };
  return (
    <article class={kind}>
      {kinds.length > 1 && (
        <select class="title" aria-label={t('figure')} value={kind} onChange={(event) => setKind(event.currentTarget.value as Shown)}>
          {kinds.map((one) => <option key={one} value={one}>{t(TITLES[one])}</option>)}
        </select>
      )}
      {kind === 'throughput' ? <ThroughputChart throughput={overview.throughput} {...common} />
        : kind === 'ends' ? <Ends note={note} />
        : <Distribution title={t(TITLES[kind])} measure={kind} curves={overview.figures[kind]} marks={[]} {...common} />}
    </article>
  );
}

/** What ended the objects: a bar for each reason, up above down; pressing a reason selects it. */
function Ends({ note }: { note: string }) {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview)!;
  const chosen = useShown((state) => state.filter.endReasons);
  const isStale = useIsStale();
  const reasons = [...overview.endReasons].sort((one, other) => other.up + other.down - one.up - one.down);
  const most = Math.max(...reasons.map(({ up, down }) => up + down), 1);
  return (
    <div class={`ends${isStale ? ' stale' : ''}`}>
      <h3>{t('ends')}</h3>
      <table>
        <thead class="unseen"><tr><th scope="col">{t('endedBy')}</th><th scope="col">{t('up')}</th><th scope="col">{t('down')}</th><td /></tr></thead>
        <tbody>
          {reasons.map(({ reason, up, down }) => (
            <tr key={reason} class={chosen?.includes(reason) ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button" class="link" aria-pressed={chosen?.includes(reason) ?? false} title={t(`ends.${reason}`)}
                  onClick={() => session.toggle({ name: 'endReasons', value: reason })}
                >
                  {t(`end.${reason}`)}
                </button>
              </th>
              <td class="number"><Arrow direction="up" /> {format.count(up)}</td>
              <td class="number"><Arrow direction="down" /> {format.count(down)}</td>
              <td class="bars" aria-hidden="true">
                <i class="up" style={{ width: `${(100 * up) / most}%` }} /><i class="down" style={{ width: `${(100 * down) / most}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {overview.multiplexed > 0 && <p class="quiet">{t('multiplexed.some', { n: overview.multiplexed })}</p>}
      <p class="quiet note">{note}</p>
    </div>
  );
}
