/**
 * The model as files.
 *
 * In: a grouping. Out: `model.json`, or input for a simulator, which the browser saves. Guaranteed: what is saved is of what is
 * selected; what went wrong is said; browsers hold back what a page saves beyond ten files at a time, so the rest waits for a press.
 */

import { useState } from 'preact/hooks';
import { visible } from '../format';
import { MODEL_TARGETS, type Grouping, type ModelFile, type ModelTarget } from '../model';
import { isKey } from '../state/pseudonyms';
import { save } from './controls';
import { usePage } from './page';
import { Pseudonyms } from './pseudonyms';

const MOST_AT_ONCE = 10;

export function ModelExports({ by }: { by: Grouping }) {
  const { session, t } = usePage();
  const [pseudonymKey, setKey] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [rest, setRest] = useState<readonly ModelFile[]>([]);
  const [told, tell] = useState('');

  const take = (files: readonly ModelFile[]): void => {
    const now = files.slice(0, MOST_AT_ONCE);
    for (const { blob, name } of now) save(blob, name);
    setRest(files.slice(MOST_AT_ONCE));
    tell(t('model.saved', { n: now.length, name: visible(now[0]?.name ?? '') }));
  };
  async function write(target: ModelTarget): Promise<void> {
    setBusy(true);
    setRest([]);
    tell(t('export.writing'));
    try {
      take((await session.client.request({ type: 'exportModel', target, by, pseudonymKey })).files);
    } catch (error) {
      tell(t('export.failed', { reason: visible(String(error instanceof Error ? error.message : error)) }));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section>
      <h3>{t('model.save')}</h3>
      <p class="quiet">{t('model.saveNote')}</p>
      <div class="model-targets">
        {MODEL_TARGETS.map((target) => (
          <button
            key={target} type="button" disabled={isBusy || (pseudonymKey !== null && !isKey(pseudonymKey))}
            onClick={() => void write(target)}
          >
            {t(`target.${target}`)}
          </button>
        ))}
      </div>
      <Pseudonyms value={pseudonymKey} onChange={setKey} />
      <p role="status" class="quiet">{told}</p>
      {rest.length > 0 && <button type="button" onClick={() => take(rest)}>{t('model.saveMore', { n: rest.length })}</button>}
    </section>
  );
}
