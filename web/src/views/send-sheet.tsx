/**
 * The way to Elasticsearch.
 *
 * In: a destination, and whether addresses become pseudonyms. Out: documents, sent by the worker; what became of them, and why
 * what did not arrive did not. Guaranteed: nothing is sent before Send is pressed; the key is kept in memory while the sheet is
 * open and nowhere else.
 */

import { useEffect, useRef, useState } from 'preact/hooks';
import { visible } from '../format';
import type { ConnectionTest, Destination, RecordKind, Sending, SendingFailure } from '../protocol';
import { command } from '../state/method';
import { isKey } from '../state/pseudonyms';
import { Choice, Copy, Field, save } from './controls';
import { Pseudonyms } from './pseudonyms';
import { usePage, useShown } from './page';

const OWN_SERVER = '/es';
const KINDS = ['objects', 'streams', 'bins'] as const satisfies readonly RecordKind[];

export function SendSheet() {
  const { session, t, format } = usePage();
  const names = useShown((state) => state.names);
  const finished = useShown((state) => state.finished);
  const options = useShown((state) => state.overview?.options ?? state.options);
  const sending = useShown((state) => state.sending);
  const [mode, setMode] = useState<'own' | 'direct'>(location.protocol === 'file:' ? 'direct' : 'own');
  const [url, setUrl] = useState('');
  const [apiKey, setApiKey] = useState('');
  const [pseudonymKey, setPseudonymKey] = useState<string | null>(null);
  const [own, setOwn] = useState<ConnectionTest | null>(null);
  const [test, setTest] = useState<ConnectionTest | 'running' | null>(null);
  const title = useRef<HTMLHeadingElement>(null);

  const destination: Destination = mode === 'own' ? { url: OWN_SERVER, apiKey: null } : { url: url.trim(), apiKey: apiKey.trim() || null };
  const ask = (destination: Destination) =>
    session.client.request({ type: 'testConnection', destination }).then(({ test }) => test, failed);
  const tryIt = () => {
    if (!isAddress) return;
    setTest('running');
    void ask(destination).then((answer) => {
      setTest(answer);
      if (mode === 'own') setOwn(answer);
    });
  };
  const close = () => {
    session.store.set({ panel: null });
    document.getElementById('send')?.focus();
  };

  useEffect(() => {
    title.current?.focus();
    if (location.protocol === 'file:') return;
    void ask({ url: OWN_SERVER, apiKey: null }).then((answer) => {
      setOwn(answer);
      if (!answer.ok) setMode('direct');
    });
  }, []);

  const isBusy = sending?.state === 'running' || sending?.state === 'waiting';
  const isAddress = mode === 'own' || /^https?:\/\/[^\s/]/.test(destination.url);
  const canSend = finished !== null && isAddress && (mode === 'direct' || own?.ok === true) && !isBusy && (pseudonymKey === null || isKey(pseudonymKey));
  const line = command(names, options, mode === 'own' ? 'http://127.0.0.1:9200' : destination.url || 'http://127.0.0.1:9200');

  return (
    <aside class="sheet" aria-labelledby="send-title" onKeyDown={(event) => event.key === 'Escape' && close()}>
      <form onSubmit={(event) => { event.preventDefault(); tryIt(); }}>
        <header>
          <h2 id="send-title" tabIndex={-1} ref={title}>{t('send.title')}</h2>
          <button type="button" class="close" aria-label={t('hide')} onClick={close}>✕</button>
        </header>

        <section>
          <h3>{t('send.where')}</h3>
          <Choice
            label={t('send.where')} value={mode} onChange={(mode) => { setMode(mode); setTest(null); }}
            options={[['own', t('send.own')], ['direct', t('send.direct')]]}
          />
          {mode === 'own' && location.protocol === 'file:' && <p>{t('send.file')}</p>}
          {mode === 'own' && (own?.ok ? <p class="good">✓ {t('send.ownReady')}</p> : own && <Why failure={own.failure} />)}
          {mode === 'own' && <p class="quiet">{t('send.ownWhat')}</p>}
          {mode === 'direct' && (
            <>
              <Field label={t('send.url')}>
                <input
                  type="url" placeholder="https://elasticsearch.example.org:9200" value={url} spellcheck={false} autocomplete="off"
                  onInput={(event) => setUrl(event.currentTarget.value)}
                />
              </Field>
              <Field label={t('send.key')} note={t('send.keyNote')}>
                <input
                  type="password" value={apiKey} autocomplete="off" spellcheck={false}
                  onInput={(event) => setApiKey(event.currentTarget.value)}
                />
              </Field>
            </>
          )}
        </section>

        <section>
          <h3>{t('send.what')}</h3>
          {finished ? (
            <p>{KINDS.map((kind) => t(`send.${kind}`, { n: finished.manifest.records[kind] ?? 0 })).join(' · ')}</p>
          ) : <p class="quiet">{t('send.wait')}</p>}
          <p class="quiet">{t('send.all')}</p>
          <Pseudonyms value={pseudonymKey} onChange={setPseudonymKey} />
        </section>

        <p class="buttons">
          <button type="submit" disabled={!isAddress || test === 'running'}>{t('send.test')}</button>
          <button type="button" class="primary" disabled={!canSend} onClick={() => session.submit(destination, pseudonymKey)}>{t('send')}</button>
          {isBusy && <button type="button" onClick={() => session.client.send({ type: 'cancelSending' })}>{t('cancel')}</button>}
          {sending?.state === 'stopped' && (
            <button type="button" onClick={() => session.client.send({ type: 'resumeSending' })}>{t('send.resume')}</button>
          )}
        </p>
        <div role="status">
          {test === 'running' ? <p>{t('send.testing')}</p>
            : test?.ok ? <p class="good">✓ {t('send.answers', { status: visible(test.status) })}</p>
            : test && <Why failure={test.failure} />}
        </div>
      </form>
      {sending && <Outcome sending={sending} />}

      <details>
        <summary>{t('send.command')}</summary>
        <p class="quiet">{t('send.commandNote')}</p>
        <pre tabIndex={0}>{line}</pre>
        <Copy text={line} label={t('copy')} done={t('copied')} />
      </details>
    </aside>
  );

  function Outcome({ sending }: { sending: Sending }) {
    const kinds = [...KINDS, 'analyses'] as const;
    const shown = kinds.map((kind) => {
      const { expected, created, alreadyThere, refused } = sending.counts[kind];
      return { kind, expected, parts: [created, alreadyThere, refused, Math.max(expected - created - alreadyThere - refused, 0)] };
    });
    const expected = shown.reduce((sum, row) => sum + row.expected, 0);
    const waiting = shown.reduce((sum, row) => sum + row.parts[3]!, 0);
    const refused = shown.reduce((sum, row) => sum + row.parts[2]!, 0);
    const download = () => void session.client.request({ type: 'refused' }).then(({ blob, fileName }) => save(blob, fileName));
    return (
      <section>
        <h3>{t(`send.state.${sending.state}`)}</h3>
        <progress max={Math.max(expected, 1)} value={expected - waiting} aria-label={t('send.title')} />
        <table>
          <thead>
            <tr>
              <td /><th scope="col" class="number">{t('created')}</th><th scope="col" class="number">{t('already')}</th>
              <th scope="col" class="number">{t('refused')}</th><th scope="col" class="number">{t('waiting')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ kind, parts }) => (
              <tr key={kind}>
                <th scope="row">{t(`kind.${kind}`)}</th>
                {parts.map((part, at) => <td key={at} class={at === 2 && part > 0 ? 'number bad' : 'number'}>{format.count(part)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
        <p class="quiet">
          {t('sent', { bytes: format.bytes(sending.bytesSent), destination: visible(sending.destination) })}
          {sending.retried > 0 && ` · ${t('retried', { n: sending.retried })}`}
        </p>
        {sending.failure && <Why failure={sending.failure} />}
        {refused > 0 && (
          <>
            <ul>{sending.refusals.map(({ reason, documents }) => <li key={reason}>{format.count(documents)} × {visible(reason)}</li>)}</ul>
            <button type="button" onClick={download}>{t('refused.download')}</button>
          </>
        )}
      </section>
    );
  }
}

function failed(error: Error): ConnectionTest {
  return { ok: false, failure: { cause: 'same-origin-down', status: 0, detail: error.message } };
}

/** What Elasticsearch must be told to take requests of this page. */
const cors = () => `http.cors.enabled: true
http.cors.allow-origin: "${location.protocol === 'file:' ? 'null' : location.origin}"
http.cors.allow-headers: Authorization,Content-Type,Content-Encoding,Content-Length,X-Requested-With`;

function Why({ failure }: { failure: SendingFailure }) {
  const { t } = usePage();
  const { cause, status, detail } = failure;
  const said = [status > 0 && `HTTP ${status}`, detail && visible(detail)].filter(Boolean).join(': ');
  return (
    <div class="why" role="alert">
      <p><strong>{t(`cause.${cause}`)}</strong></p>
      <p>{t(`cure.${cause}`)}</p>
      {cause === 'cross-origin-or-down' && <pre tabIndex={0}>{cors()}</pre>}
      {cause === 'no-template' && <pre tabIndex={0}>sniffit es setup --elasticsearch http://127.0.0.1:9200</pre>}
      {said && <p class="quiet">{t('said', { said })}</p>}
    </div>
  );
}
