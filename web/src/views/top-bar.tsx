/**
 * The bar at the top.
 *
 * In: what was read, and what was sent. Out: the capture in a line, its method, language, theme, and the way to
 * Elasticsearch. Guaranteed: it always says how many bytes left the page.
 */

import { visible, zone } from '../format';
import { LANGUAGES } from '../i18n';
import { inWords } from '../state/method';
import { THEMES } from '../state/preferences';
import { Choice, Menu } from './controls';
import { FileButtons } from './file-buttons';
import { usePage, useShown } from './page';

const MARKS = { auto: '◐', light: '○', dark: '●' } as const;

export function TopBar() {
  const { session, t } = usePage();
  const { language, theme, panel, phase } = {
    language: useShown((state) => state.language), theme: useShown((state) => state.theme),
    panel: useShown((state) => state.panel), phase: useShown((state) => state.phase),
  };
  const names = useShown((state) => state.names);
  const newer = useShown((state) => state.newer);
  const offsetMinutes = useShown((state) => state.offsetMinutes);
  const options = useShown((state) => state.overview?.options ?? state.options);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  const show = (name: 'method' | 'send') => session.store.set({ panel: panel === name ? null : name });
  const own = -new Date().getTimezoneOffset();
  const zones = [...new Set([0, own, ...Array.from({ length: 27 }, (_, hour) => (hour - 12) * 60)])];

  return (
    <header>
      <h1>Sniffit</h1>
      {phase !== 'empty' && <Capture />}
      <div class="tools">
        <button type="button" aria-expanded={panel === 'method'} title={inWords(options)} onClick={() => show('method')}>
          {t('method')} <span class="wide quiet">{options['method'] ?? 'exchange'}</span> <span aria-hidden="true">▾</span>
        </button>
        {phase !== 'empty' && <select
          aria-label={t('zone')} title={t('zone')} value={String(offsetMinutes)}
          onChange={(event) => session.store.set({ offsetMinutes: Number(event.currentTarget.value) })}
        >
          {zones.map((minutes) => (
            <option key={minutes} value={String(minutes)}>
              {zone(minutes)}{minutes === own && own !== 0 ? ` (${t('zone.own')})` : ''}
            </option>
          ))}
        </select>}
        <Choice
          label={t('language')} value={language}
          options={LANGUAGES.map((one) => [one, one.toUpperCase()] as const)}
          onChange={(language) => session.prefer({ language })}
        />
        <button
          type="button" class="icon" title={t(`theme.${theme}`)} aria-label={t(`theme.${theme}`)}
          onClick={() => session.prefer({ theme: next })}
        >
          {MARKS[theme]}
        </button>
        {newer && <button type="button" title={t('newer.what')} onClick={newer}>{t('newer')}</button>}
        <Sent />
        {phase !== 'empty' && <Menu key={String(names)} label={t('open')} kind="end"><FileButtons /></Menu>}
        {(phase === 'reading' || phase === 'done') && (
          <button type="button" class="primary" id="send" aria-expanded={panel === 'send'} onClick={() => show('send')}>{t('send')}…</button>
        )}
      </div>
    </header>
  );
}

function Capture() {
  const { t, format } = usePage();
  const names = useShown((state) => state.names);
  const overview = useShown((state) => state.overview);
  const manifest = useShown((state) => state.finished?.manifest);
  const progress = useShown((state) => state.progress);
  const packets = manifest?.counters.frames ?? progress?.packets;
  const bytes = manifest?.inputs.reduce((sum, input) => sum + input.bytes, 0) ?? progress?.bytesTotal;
  return (
    <p class="capture" title={names.slice(0, 40).map(visible).join('\n')}>
      <strong>{visible(names[0] ?? '')}</strong>
      {names.length > 1 && <span class="more">+{format.count(names.length - 1)}</span>}
      <span class="quiet">
        {[
          packets !== undefined && t('packets', { n: packets }),
          bytes !== undefined && format.bytes(bytes),
          overview && overview.spanNs > 0 && format.duration(overview.spanNs),
        ].filter(Boolean).join(' · ')}
      </span>
    </p>
  );
}

/** How much left the page, and where to. */
function Sent() {
  const { t, format } = usePage();
  const sending = useShown((state) => state.sending);
  const before = useShown((state) => state.sentBefore);
  const bytes = before.bytes + (sending?.bytesSent ?? 0);
  const destination = sending?.destination ?? before.destination;
  return (
    <p class={bytes > 0 ? 'sent some' : 'sent'}>
      {bytes > 0 ? t('sent', { bytes: format.bytes(bytes), destination: visible(destination) }) : t('sent.none')}
    </p>
  );
}
