/**
 * The tabs below the figures.
 *
 * In: what is selected. Out: applications, servers, objects, streams, their model, and how good the data are. Guaranteed: arrow keys
 * move between tabs; the number beside data quality is the number of things that its reader should know.
 */

import type { Key } from '../i18n';
import type { Tab } from '../state/store';
import { findingsOf } from './findings';
import { Model } from './model';
import { Quality } from './quality';
import { Objects, Streams } from './records';
import { Applications, Servers } from './servers';
import { usePage, useShown } from './page';

const TABS = [
  ['applications', 'applications', Applications], ['servers', 'servers', Servers], ['objects', 'objects', Objects],
  ['streams', 'streams', Streams], ['model', 'model', Model], ['quality', 'quality', Quality],
] as const satisfies readonly (readonly [Tab, Key, () => unknown])[];

export function Tables() {
  const { session, t, format } = usePage();
  const tab = useShown((state) => state.tab);
  const finished = useShown((state) => state.finished);
  const hasResults = useShown((state) => state.overview !== null);
  if (!hasResults) return null;
  const open = (name: Tab) => session.store.set({ tab: name });
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? TABS.length - 1 : 0;
    if (by === 0) return;
    const at = (TABS.findIndex(([name]) => name === tab) + by) % TABS.length;
    open(TABS[at]![0]);
    ((event.currentTarget as Element).children[at] as HTMLElement).focus();
  };
  const Content = TABS.find(([name]) => name === tab)![2];
  const findings = finished ? findingsOf(finished).length : 0;
  return (
    <section class="tables" data-tab={tab}>
      <h2 class="unseen">{t('tables')}</h2>
      <div role="tablist" aria-label={t('tables')} onKeyDown={step}>
        {TABS.map(([name, key]) => (
          <button
            key={name} type="button" role="tab" id={`tab-${name}`} aria-controls="tab-panel" aria-selected={name === tab}
            tabIndex={name === tab ? 0 : -1} onClick={() => open(name)}
          >
            {t(key)}
            {name === 'quality' && findings > 0 && <span class="badge">{format.count(findings)}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}><Content /></div>
    </section>
  );
}
