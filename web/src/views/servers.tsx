/**
 * The tables of servers and of applications.
 *
 * In: servers or applications of what is selected, by payload. Out: a table that sorts itself. Guaranteed: pressing one makes it a part of
 * the filter, or takes it away; a list that was cut says so; no more rows are laid out, five times a second while files are read,
 * than the page can lay out at ease.
 */

import { useState } from 'preact/hooks';
import { visible } from '../format';
import type { Key } from '../i18n';
import type { Direction, ServerDirection, ServerRow } from '../protocol';
import { DIRECTIONS } from '../state/filter';
import { Application, Swatch } from './application';
import { Arrow } from './controls';
import { usePage, useShown } from './page';
import { useIsStale } from './stale';

type Figure = keyof ServerDirection;

/** Sorted by the sum of both directions; medians and the like by the greater. */
const FIGURES: readonly (readonly [figure: Figure, label: Key, unit: 'count' | 'bytes' | 'duration', isMain: boolean])[] = [
  ['objects', 'objects', 'count', false],
  ['payloadBytes', 'bytes', 'bytes', true],
  ['sizeP50', 'size.p50', 'bytes', false],
  ['sizeP95', 'size.p95', 'bytes', false],
  ['durationNsP50', 'duration.p50', 'duration', false],
  ['gapNsP50', 'gap.p50', 'duration', false],
];

/** Rows until all are asked for: laying out a table of hundreds takes longer than a page may be away. */
const ROWS = 40;

type SortKey = Figure | 'name' | 'streams';

export const Servers = () => <Groups by="servers" />;
export const Applications = () => <Groups by="applications" />;

function Groups({ by }: { by: 'servers' | 'applications' }) {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const chosen: readonly string[] | undefined = useShown((state) => state.filter[by]);
  const isStale = useIsStale();
  const [sort, setSort] = useState<{ key: SortKey; descending: boolean }>({ key: 'payloadBytes', descending: true });
  const [most, setMost] = useState(ROWS);
  if (!overview) return null;

  const value = (row: ServerRow): number | string => {
    if (sort.key === 'name' || sort.key === 'streams') return row[sort.key];
    const [up, down] = [row.up[sort.key] || 0, row.down[sort.key] || 0];
    return sort.key === 'objects' || sort.key === 'payloadBytes' ? up + down : Math.max(up, down);
  };
  const sign = sort.descending ? -1 : 1;
  const rows = [...overview[by]].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    return left === right ? 0 : left < right ? -sign : sign;
  });
  const head = (key: SortKey, label: Key, span: number, kind: string) => (
    <th
      scope={span > 1 ? 'colgroup' : 'col'} colSpan={span} class={kind}
      aria-sort={sort.key === key ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        onClick={() => setSort({ key, descending: sort.key === key ? !sort.descending : key !== 'name' })}
      >
        {t(label)}
      </button>
    </th>
  );
  return (
    <div class={`scroll${isStale ? ' stale' : ''}`} tabIndex={0} role="region" aria-label={t(by)}>
      <table>
        <thead>
          <tr>
            {head('name', by === 'servers' ? 'server' : 'application', 1, '')}
            {by === 'servers' && <th scope="col" class="minor">{t('application')}</th>}
            <th scope="col" class="minor">{t('services')}</th>
            {head('streams', 'streams', 1, 'number minor')}
            {FIGURES.map(([figure, label, , isMain]) => head(figure, label, 2, isMain ? 'number' : 'number minor'))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((row) => (
            <tr key={row.name} class={chosen?.includes(row.name) ? 'chosen' : ''}>
              <th scope="row">
                {by === 'applications' && <Swatch application={row.name} />}
                {row.name === '' ? t('application.unknown') : (
                  <button
                    type="button" class="link" aria-pressed={chosen?.includes(row.name) ?? false}
                    onClick={() => session.toggle({ name: by, value: row.name })}
                  >
                    {visible(row.name)}
                  </button>
                )}
              </th>
              {by === 'servers' && <td class="minor"><Application name={row.application} /></td>}
              <td class="minor quiet services">{row.services.join(' ')}</td>
              <td class="number minor">{format.count(row.streams)}</td>
              {FIGURES.map(([figure, , unit, isMain]) => DIRECTIONS.map((direction: Direction) => (
                <td key={`${figure} ${direction}`} class={isMain ? 'number' : 'number minor'}>
                  <Arrow direction={direction} title={t(direction)} /> {format[unit](row[direction][figure])}
                </td>
              )))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <p class="hint"><button type="button" class="link" onClick={() => setMost(Infinity)}>{t('more', { n: rows.length - most })}</button></p>
      )}
      {by === 'servers' && overview.serverCount > rows.length && <p class="hint">{t('servers.cut', { some: rows.length, n: overview.serverCount })}</p>}
      {rows.length === 0 && <p class="hint">{t('table.empty')}</p>}
    </div>
  );
}
