/**
 * Whether addresses leave as they are.
 *
 * In: a key, or null. Out: a switch and the key, to be kept or to be taken from an earlier export. Guaranteed: a new key
 * whenever it is switched on.
 */

import { isKey, newKey } from '../state/pseudonyms';
import { Check, Copy, Field } from './controls';
import { usePage } from './page';

export function Pseudonyms({ value, onChange }: { value: string | null; onChange: (key: string | null) => void }) {
  const { t } = usePage();
  return (
    <>
      <Check label={t('pseudonyms')} checked={value !== null} onChange={(checked) => onChange(checked ? newKey() : null)} />
      {value !== null && (
        <div class="key">
          <Field label={t('pseudonyms.key')} note={isKey(value) ? t('pseudonyms.keep') : t('pseudonyms.wrong')}>
            <input
              type="text" value={value} spellcheck={false} autocomplete="off" aria-invalid={!isKey(value)}
              onInput={(event) => onChange(event.currentTarget.value.trim())}
            />
          </Field>
          <Copy text={value} label={t('copy')} done={t('copied')} />
        </div>
      )}
    </>
  );
}
