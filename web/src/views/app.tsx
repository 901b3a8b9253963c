/**
 * The whole page.
 *
 * In: a session. Out: the empty page, or four bands: what is selected, the timeline, the figures, the tables. Guaranteed:
 * files may be dropped anywhere at any time; Esc takes away the latest part of the filter unless something nearer wants it.
 */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatter, visible } from '../format';
import { translator } from '../i18n';
import { droppedFiles } from '../input';
import { chipsOf } from '../state/filter';
import type { Session } from '../state/session';
import { useStore } from '../state/store';
import { Figures } from './figures';
import { FilterBar } from './filter-bar';
import { MethodPanel } from './method-panel';
import { Notices } from './notices';
import { PageContext } from './page';
import { ReadingBar } from './reading-bar';
import { SendSheet } from './send-sheet';
import { Tables } from './tables';
import { TimelineBand } from './timeline-band';
import { TopBar } from './top-bar';
import { Welcome } from './welcome';

export function App({ session, demo }: { session: Session; demo: () => Promise<File> }) {
  const { store } = session;
  const language = useStore(store, (state) => state.language);
  const startNs = useStore(store, (state) => state.finished?.captureStartNs ?? null);
  const offsetMinutes = useStore(store, (state) => state.offsetMinutes);
  const phase = useStore(store, (state) => state.phase);
  const panel = useStore(store, (state) => state.panel);
  const hasResults = useStore(store, (state) => state.overview !== null);
  const page = useMemo(
    () => ({ session, t: translator(language), format: formatter(language, startNs, offsetMinutes) }),
    [session, language, startNs, offsetMinutes],
  );
  const name = useStore(store, (state) => state.names[0]);
  useEffect(() => {
    document.title = name ? `${visible(name)} – Sniffit` : 'Sniffit';
  }, [name]);
  const isDragging = useDrop(session);
  useEscape(session);

  return (
    <PageContext.Provider value={page}>
      <TopBar />
      <div class={panel === 'send' ? 'body split' : 'body'}>
        <main>
          {phase === 'reading' && <ReadingBar />}
          {phase === 'empty' ? <Welcome demo={demo} /> : <Notices />}
          {panel === 'method' && <MethodPanel />}
          {phase !== 'empty' && hasResults && (
            <>
              <FilterBar />
              <TimelineBand />
              <Figures />
            </>
          )}
          {phase !== 'empty' && <Tables />}
          {phase === 'reading' && !hasResults && <p class="hint waiting">{page.t('reading.first')}</p>}
        </main>
        {panel === 'send' && <SendSheet />}
      </div>
      {isDragging && <p class="drop" aria-hidden="true">{page.t('drop')}</p>}
    </PageContext.Provider>
  );
}

/** Whether files are being dragged over the page. */
function useDrop(session: Session): boolean {
  const [isDragging, setDragging] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      setDragging(false);
      void droppedFiles(event.dataTransfer).then(({ files, lost }) => session.open(files, lost));
    };
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener as EventListener);
    };
  }, [session]);
  return isDragging;
}

function useEscape(session: Session): void {
  useEffect(() => {
    const escape = (event: KeyboardEvent) => {
      const inField = event.target instanceof Element && event.target.closest('input, select, textarea, aside');
      const latest = chipsOf(session.store.state.filter).at(-1);
      if (event.key !== 'Escape' || event.defaultPrevented || inField || !latest) return;
      session.toggle(latest);
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [session]);
}
