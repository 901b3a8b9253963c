/**
 * Records as files.
 *
 * In: kind, format, and whether all or what is selected. Out: a file that the browser saves. Guaranteed: without filter and
 * pseudonyms the bytes are those of the command line; a key that is no key exports nothing.
 */

import { useState } from 'preact/hooks';
import { visible } from '../format';
import type { RecordKind, TextFormat } from '../protocol';
import { isKey } from '../state/pseudonyms';
import { Choice, Menu, save } from './controls';
import { Pseudonyms } from './pseudonyms';
import { usePage, useShown } from './page';

const KINDS = ['objects', 'streams', 'bins', 'analysis'] as const satisfies readonly (RecordKind | 'analysis')[];
const FORMATS = ['ndjson', 'csv', 'json'] as const satisfies readonly TextFormat[];

export function ExportMenu() {
  const { session, t } = usePage();
  const phase = useShown((state) => state.phase);
  const hasFilter = useShown((state) => Object.keys(state.filter).length > 0);
  const [kind, setKind] = useState<(typeof KINDS)[number]>('objects');
  const [format, setFormat] = useState<TextFormat>('ndjson');
  const [wanted, setScope] = useState<'all' | 'selection'>('selection');
  const [pseudonymKey, setKey] = useState<string | null>(null);
  const [told, tell] = useState('');
  const scope = hasFilter && kind !== 'analysis' ? wanted : 'all';
  const isWhole = kind === 'analysis';

  async function write() {
    tell(t('export.writing'));
    try {
      const answer = await session.client.request({
        type: 'export', kind, format: isWhole ? 'json' : format, scope, pseudonymKey,
      });
      save(answer.blob, answer.fileName);
      tell(t('export.done', { name: visible(answer.fileName), n: answer.records }));
    } catch (error) {
      tell(t('export.failed', { reason: visible(String(error instanceof Error ? error.message : error)) }));
    }
  }

  return (
    <Menu label={t('export')} kind="end">
      <Choice label={t('export.kind')} value={kind} onChange={setKind} options={KINDS.map((one) => [one, t(`kind.${one}`)] as const)} />
      {!isWhole && (
        <>
          <Choice label={t('export.format')} value={format} onChange={setFormat} options={FORMATS.map((one) => [one, one.toUpperCase()] as const)} />
          {hasFilter && (
            <Choice
              label={t('export.scope')} value={scope} onChange={setScope}
              options={[['selection', t('export.selection')], ['all', t('export.all')]]}
            />
          )}
        </>
      )}
      <Pseudonyms value={pseudonymKey} onChange={setKey} />
      {phase === 'reading' && <p class="quiet">{t('export.reading')}</p>}
      <button
        type="button" class="primary" disabled={phase === 'reading' || (pseudonymKey !== null && !isKey(pseudonymKey))}
        onClick={() => void write()}
      >
        {t('export.save')}
      </button>
      <p role="status" class="quiet">{told}</p>
    </Menu>
  );
}
