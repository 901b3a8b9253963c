/**
 * How far the reading is.
 *
 * In: progress, at most five times a second. Out: a thin bar with speed, packets, the time that is left, the file, and Cancel.
 * Guaranteed: screen readers hear of it at most once in ten seconds.
 */

import { useRef } from 'preact/hooks';
import { visible } from '../format';
import { usePage, useShown } from './page';

export function ReadingBar() {
  const { session, t, format } = usePage();
  const progress = useShown((state) => state.progress);
  const told = useRef({ atMs: -Infinity, text: '' });

  const { pass = 1, passes = 1, bytesRead = 0, bytesTotal = 0, elapsedMs = 0 } = progress ?? {};
  const done = (pass - 1) * bytesTotal + bytesRead;
  const share = bytesTotal > 0 ? Math.min(done / (passes * bytesTotal), 1) : 0;
  const bytesPerMs = elapsedMs > 0 ? done / elapsedMs : 0;
  const leftSeconds = bytesPerMs > 0 ? Math.ceil((passes * bytesTotal - done) / bytesPerMs / 1000) : 0;
  const parts = progress && [
    format.share(share),
    `${format.bytes(bytesPerMs * 1000)}/s`,
    t('packets', { n: progress.packets }),
    // The first moments say nothing about the rest.
    elapsedMs > 800 && leftSeconds > 0 &&
      (leftSeconds < 100 ? t('left.s', { n: leftSeconds }) : t('left.min', { n: Math.ceil(leftSeconds / 60) })),
    passes > 1 && t('pass', { pass, passes }),
  ].filter((part): part is string => Boolean(part));
  const text = parts?.join(' · ') ?? t('reading');
  if (elapsedMs < told.current.atMs || elapsedMs - told.current.atMs > 10_000) told.current = { atMs: elapsedMs, text };

  return (
    <div class="reading">
      <progress max={1} value={share} aria-label={t('reading')} />
      <p>
        <span>{text}</span>
        <span class="file quiet">{visible(progress?.file ?? '')}</span>
        <button type="button" onClick={() => session.cancel()}>{t('cancel')}</button>
      </p>
      <p class="unseen" aria-live="polite">{told.current.text}</p>
    </div>
  );
}
