/**
 * Buttons that open files: for keyboards, and for who would rather choose than drop.
 *
 * In: a press. Out: files, to the session. Guaranteed: the same file may be chosen twice in a row.
 */

import { useRef } from 'preact/hooks';
import { distinct } from '../input';
import { usePage, useShown } from './page';

export function FileButtons() {
  const { session, t } = usePage();
  const phase = useShown((state) => state.phase);
  return (
    <div class="buttons">
      <Chooser label={t('choose.files')} kind="primary" onFiles={(files) => session.open(files)} />
      <Chooser label={t('choose.folder')} isFolder onFiles={(files) => session.open(files)} />
      {phase !== 'empty' && <button type="button" onClick={() => session.close()}>{t('close')}</button>}
    </div>
  );
}

function Chooser(props: { label: string; kind?: string; isFolder?: boolean; onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={props.kind} onClick={() => input.current?.click()}>{props.label}</button>
      <input
        type="file" multiple hidden ref={input} aria-label={props.label} {...(props.isFolder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          const files = distinct(Array.from(currentTarget.files ?? []));
          if (files.length > 0) props.onFiles(files);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
