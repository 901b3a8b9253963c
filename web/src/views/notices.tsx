/**
 * What people must know before they look at figures.
 *
 * In: how reading ended. Out: sentences with cause, place and next step. Guaranteed: they stay until their reader closes them,
 * and after that in the tab of data quality; nothing vanishes by itself.
 */

import { useState } from 'preact/hooks';
import { visible } from '../format';
import type { Fault } from '../protocol';
import { faultInWords } from './faults';
import { FileButtons } from './file-buttons';
import { usePage, useShown } from './page';

const MOST_SHOWN = 5;

export function Notices() {
  const { session, t, format } = usePage();
  const finished = useShown((state) => state.finished);
  const failure = useShown((state) => state.failure);
  const lost = useShown((state) => state.lost);
  const errors = useShown((state) => state.errors);
  const isBroken = useShown((state) => state.broken);
  const options = useShown((state) => state.options);
  const [closed, setClosed] = useState<unknown>(null);

  if (isBroken) {
    return (
      <section class="notice bad" role="alert">
        <h2>{t('broken')}</h2>
        <p>{t('broken.what')}</p>
        <ul>{errors.map((error, at) => <li key={at}><code>{visible(error)}</code></li>)}</ul>
        <div class="buttons">
          <button type="button" class="primary" onClick={() => session.reanalyze(options)}>{t('again')}</button>
          <button type="button" onClick={() => session.close()}>{t('close')}</button>
        </div>
      </section>
    );
  }
  if (failure) {
    return (
      <section class="notice bad" role="alert">
        <h2>{t('failed')}</h2>
        {failure.reason && <p>{visible(failure.reason)}</p>}
        <Faults faults={failure.faults} />
        <LeftOut names={failure.leftOut} />
        <LeftOut names={lost} what="lost" />
        <p>{t('failed.next')}</p>
        <FileButtons />
      </section>
    );
  }
  const isWhole = !finished || (finished.status === 'complete' && finished.faults.length + finished.leftOut.length === 0);
  if (closed === (finished ?? errors) || (isWhole && errors.length + lost.length === 0)) return null;
  const packets = finished?.manifest.counters.frames ?? 0;
  return (
    <section class="notice" role="status">
      {finished?.status === 'interrupted' && (
        <p>
          {t('interrupted', { n: packets })}{' '}
          <button type="button" onClick={() => session.reanalyze(options)}>{t('again')}</button>
        </p>
      )}
      {finished && finished.faults.length > 0 && <p><strong>{t('partial', { n: packets })}</strong></p>}
      {finished && <Faults faults={finished.faults} />}
      {finished && <LeftOut names={finished.leftOut} />}
      <LeftOut names={lost} what="lost" />
      {errors.length > 0 && <ul>{errors.map((error, at) => <li key={at}>{visible(error)}</li>)}</ul>}
      <button type="button" class="close" aria-label={t('notice.close')} title={t('notice.close')} onClick={() => setClosed(finished ?? errors)}>
        ✕
      </button>
    </section>
  );

  function Faults({ faults }: { faults: readonly Fault[] }) {
    const item = (fault: Fault) => <li key={`${fault.file} ${fault.offset}`}>{faultInWords(t, format, fault)}</li>;
    if (faults.length === 0) return null;
    return (
      <>
        <ul>{faults.slice(0, MOST_SHOWN).map(item)}</ul>
        {faults.length > MOST_SHOWN && (
          <details>
            <summary>{t('more', { n: faults.length - MOST_SHOWN })}</summary>
            <ul>{faults.slice(MOST_SHOWN).map(item)}</ul>
          </details>
        )}
      </>
    );
  }
}

export function LeftOut({ names, what = 'leftOut' }: { names: readonly string[]; what?: 'leftOut' | 'lost' }) {
  const { t } = usePage();
  if (names.length === 0) return null;
  return (
    <details open={names.length <= MOST_SHOWN}>
      <summary>{t(what, { n: names.length })}</summary>
      <p class="quiet">{names.slice(0, 500).map(visible).join(' · ')}</p>
    </details>
  );
}
