/**
 * How streams are cut into objects.
 *
 * In: the options in force. Out: other options, beside the distribution of the gaps that they judge. Guaranteed: nothing is read
 * until it is asked for, and a value that makes no sense can't be asked for.
 */

import { useState } from 'preact/hooks';
import { Distribution } from '../charts/distribution';
import { parseDuration } from '../format';
import { type Key, keyOf } from '../i18n';
import type { AnalysisOptions } from '../protocol';
import {
  durationText, EXCHANGE, GENERAL, inWords, isExchange, isValid, methodOf, METHODS, type MethodName, type Option, thresholds, tidied, valueOf,
} from '../state/method';
import { Check, Field } from './controls';
import { usePage, useShown } from './page';
import { useIsStale } from './stale';

/** The slider goes from a millisecond to about a minute, in equal ratios. */
const SLIDER_STEPS = 96;
const nsOf = (step: number) => Number((1e6 * 10 ** (step / 20)).toPrecision(2));
const stepOf = (ns: number) => Math.round(20 * Math.log10(Math.max(ns, 1e6) / 1e6));

export function MethodPanel() {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const phase = useShown((state) => state.phase);
  const inForce = useShown((state) => state.options);
  const isStale = useIsStale();
  const [draft, setDraft] = useState<AnalysisOptions>(tidied(inForce));
  const { name, value } = methodOf(draft);
  const set = (option: string, text: string) => setDraft({ ...draft, [option]: text });
  const setMethod = (method: MethodName) => set('method', method === 'fixed' ? 'fixed:1s' : method === 'rtt' ? 'rtt:1' : method);

  const options = [...(isExchange(name) ? EXCHANGE : []), ...GENERAL];
  const isRight = options.every((option) => isValid(option.kind, valueOf(draft, option))) &&
    (name !== 'fixed' || isValid('duration', value)) && (name !== 'rtt' || /^\d+(\.\d{1,3})?$/.test(value));
  const isChanged = inWords(draft) !== inWords(inForce);
  const marks = thresholds(draft).map(({ name, ns }) => ({ value: ns, label: t(keyOf(`option.${name}`) ?? 'method') }));

  const field = (option: Option) => {
    const label = t(`option.${option.name}` as Key);
    // What is being typed stays as it is.
    const text = draft[option.name] ?? valueOf(draft, option);
    if (option.kind === 'switch') {
      return <Check key={option.name} label={label} checked={text === 'true'} onChange={(checked) => set(option.name, String(checked))} />;
    }
    if (option.kind === 'protocol') {
      return (
        <Field key={option.name} label={label}>
          <select value={text} onChange={(event) => set(option.name, event.currentTarget.value)}>
            {['both', 'tcp', 'udp'].map((one) => <option key={one} value={one}>{one === 'both' ? 'TCP + UDP' : one.toUpperCase()}</option>)}
          </select>
        </Field>
      );
    }
    return (
      <Field key={option.name} label={label}>
        <input
          type="text" value={text} placeholder={option.standard} aria-invalid={!isValid(option.kind, text)} spellcheck={false}
          onInput={(event) => set(option.name, event.currentTarget.value.replace(',', option.kind === 'duration' ? '.' : ','))}
        />
      </Field>
    );
  };

  return (
    <form
      class="method" aria-label={t('method')}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) session.reanalyze(tidied(draft));
      }}
    >
      <h2 class="unseen">{t('method')}</h2>
      <div>
        <Field label={t('method')}>
          <select value={name} onChange={(event) => setMethod(event.currentTarget.value as MethodName)}>
            {METHODS.map((method) => <option key={method} value={method}>{method}</option>)}
          </select>
        </Field>
        <p class="quiet">{t(`method.${name}`)}</p>
        {name === 'fixed' && (
          <Field label={t('option.fixed')}>
            <input
              type="range" min={0} max={SLIDER_STEPS} value={stepOf(parseDuration(value) ?? 1e9)} aria-valuetext={value}
              onInput={(event) => set('method', `fixed:${durationText(nsOf(Number(event.currentTarget.value)))}`)}
            />
            <input
              type="text" value={value} aria-label={t('option.fixed')} aria-invalid={!isValid('duration', value)}
              onInput={(event) => set('method', `fixed:${event.currentTarget.value.replace(',', '.')}`)}
            />
          </Field>
        )}
        {name === 'rtt' && (
          <Field label={t('option.factor')}>
            <input
              type="number" min="0.1" step="any" value={value}
              onInput={(event) => set('method', `rtt:${event.currentTarget.value}`)}
            />
          </Field>
        )}
        {isExchange(name) && <div class="fields">{EXCHANGE.map(field)}</div>}
        <details>
          <summary>{t('method.more')}</summary>
          <div class="fields">{GENERAL.map(field)}</div>
        </details>
        <p class="buttons">
          <button type="submit" class="primary" disabled={!isRight || (!isChanged && phase !== 'empty') || phase === 'reading'}>
            {t(phase === 'empty' ? 'method.keep' : 'method.apply')}
          </button>
          <button type="button" onClick={() => setDraft({})}>{t('method.reset')}</button>
          <button type="button" onClick={() => session.store.set({ panel: null })}>{t('hide')}</button>
        </p>
        {!isRight && <p role="alert" class="bad">{t('method.wrong')}</p>}
      </div>
      {overview && (
        <Distribution
          title={t('packetGap')} measure="packetGap" curves={overview.packetGaps} marks={marks} note={t('packetGap.note')}
          t={t} format={format} stale={isStale}
        />
      )}
    </form>
  );
}
