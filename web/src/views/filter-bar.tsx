/**
 * The filter, and what it leaves.
 *
 * In: the filter. Out: a chip for each part of it, which takes the part away; a menu that adds parts; how many objects are
 * left; the way out as files. Guaranteed: every part of the filter can be set here without a pointer.
 */

import { visible, type Format } from '../format';
import type { Key, Translate } from '../i18n';
import { type Chip, chipsOf, DIRECTIONS, END_REASONS, TRANSPORTS } from '../state/filter';
import { Swatch } from './application';
import { Arrow, Check, Menu } from './controls';
import { ExportMenu } from './export-menu';
import { usePage, useShown } from './page';

export function FilterBar() {
  const { session, t, format } = usePage();
  const filter = useShown((state) => state.filter);
  const overview = useShown((state) => state.overview);
  const chips = chipsOf(filter);
  return (
    <section class="filters" aria-label={t('filters')}>
      <ul>
        {chips.map((chip) => (
          <li key={`${chip.name} ${String(chip.value)}`}>
            <button
              type="button" class="chip" aria-label={t('filter.remove', { what: chipInWords(t, format, chip) })}
              onClick={() => session.toggle(chip)}
            >
              {chip.name === 'direction' && <Arrow direction={chip.value} />}{chip.name === 'applications' && <Swatch application={chip.value} />} {chipInWords(t, format, chip)}
              <span aria-hidden="true">✕</span>
            </button>
          </li>
        ))}
        <li><Menu label={t('filter.add')}><Choices /></Menu></li>
        {chips.length > 1 && <li><button type="button" class="link" onClick={() => session.setFilter({})}>{t('filter.clear')}</button></li>}
      </ul>
      {overview && (
        <p class="selected" role="status">
          {t('selected', { some: overview.selected.objects, n: overview.all.objects })}
          <span class="quiet wide"> · {format.bytes(overview.selected.payloadBytes)}</span>
        </p>
      )}
      <ExportMenu />
    </section>
  );
}

export function chipInWords(t: Translate, format: Format, chip: Chip): string {
  switch (chip.name) {
    case 'timeNs': return t('chip.time', { from: format.time(chip.value[0]), to: format.time(chip.value[1]) });
    case 'servers': case 'applications': return visible(chip.value);
    case 'direction': return t(chip.value);
    case 'transport': return chip.value.toUpperCase();
    case 'serverPorts': return t('chip.port', { port: String(chip.value) });
    case 'streams': return t('chip.stream', { stream: String(chip.value) });
    case 'endReasons': return t('chip.end', { reason: t(`end.${chip.value}`) });
  }
}

function Choices() {
  const { session, t, format } = usePage();
  const filter = useShown((state) => state.filter);
  const overview = useShown((state) => state.overview);
  const chosen = chipsOf(filter);
  const group = (title: Key, chips: readonly Chip[]) => chips.length > 0 && (
    <fieldset>
      <legend>{t(title)}</legend>
      {chips.map((chip) => (
        <Check
          key={String(chip.value)} label={chip.name === 'endReasons' ? t(`end.${chip.value}`) : chipInWords(t, format, chip)}
          checked={chosen.some(({ name, value }) => name === chip.name && value === chip.value)}
          onChange={() => session.toggle(chip)}
        />
      ))}
    </fieldset>
  );
  const seen = new Set(overview?.endReasons.map(({ reason }) => reason));
  return (
    <div class="choices">
      <div>
        {group('filter.direction', DIRECTIONS.map((value) => ({ name: 'direction', value })))}
        {group('filter.transport', TRANSPORTS.map((value) => ({ name: 'transport', value })))}
        {group('filter.application', (overview?.knownApplications ?? []).map((value) => ({ name: 'applications', value })))}
        {group('filter.port', (overview?.knownPorts ?? []).map((value) => ({ name: 'serverPorts', value })))}
      </div>
      {group('filter.server', (overview?.knownServers ?? []).map((value) => ({ name: 'servers', value })))}
      {group('filter.end', END_REASONS
        .filter((value) => seen.has(value) || filter.endReasons?.includes(value))
        .map((value) => ({ name: 'endReasons', value })))}
    </div>
  );
}
