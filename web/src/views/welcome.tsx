/**
 * The empty page.
 *
 * In: nothing yet. Out: what this is for, what happens to captures, which formats, and three ways to begin. Guaranteed: the
 * whole page takes files that are dropped.
 */

import { useState } from 'preact/hooks';
import { Arrow } from './controls';
import { FileButtons } from './file-buttons';
import { usePage } from './page';

export function Welcome({ demo }: { demo: () => Promise<File> }) {
  const { session, t } = usePage();
  const [failure, setFailure] = useState('');
  const tryDemo = () => void demo().then((file) => session.open([file]), (error: unknown) => setFailure(String(error)));
  return (
    <section class="welcome">
      <div>
        <h2>{t('welcome.title')}</h2>
        <p>{t('welcome.what')}</p>
        <p>{t('welcome.private')}</p>
        <p>{t('welcome.formats')}</p>
        <p class="dropline">{t('welcome.drop')}</p>
        <FileButtons />
        <p><button type="button" class="link" onClick={tryDemo}>{t('welcome.demo')}</button></p>
        {failure && <p role="alert" class="bad">{t('welcome.demoFailed', { reason: failure })}</p>}
      </div>
      <figure>
        <Picture title={t('welcome.picture')} />
        <figcaption>
          {t('welcome.bars')} <span><Arrow direction="up" /> {t('up')}</span>, <span><Arrow direction="down" /> {t('down')}</span>
        </figcaption>
      </figure>
    </section>
  );
}

/** x, y, width, height of objects of three streams. */
const UP = [
  [52, 22, 6, 9], [178, 22, 6, 9], [304, 22, 6, 9], [430, 22, 6, 9], [86, 74, 5, 9], [250, 74, 5, 9], [392, 65, 118, 18],
  [112, 126, 4, 9], [232, 126, 4, 9], [352, 126, 4, 9], [472, 126, 4, 9],
] as const;
const DOWN = [
  [64, 32, 74, 26], [190, 32, 68, 26], [316, 32, 80, 26], [442, 32, 71, 26], [98, 84, 30, 15], [262, 84, 88, 20],
  [516, 84, 8, 9], [122, 136, 5, 8], [242, 136, 5, 8], [362, 136, 5, 8], [482, 136, 5, 8],
] as const;

function Picture({ title }: { title: string }) {
  const bars = (kind: string, boxes: readonly (readonly [number, number, number, number])[]) =>
    boxes.map(([x, y, width, height]) => <rect key={`${x} ${y}`} class={kind} x={x} y={y} width={width} height={height} rx="1" />);
  return (
    <svg viewBox="16 6 608 152" role="img" aria-label={title}>
      <path class="rule" d="M28 31.5H620M28 83.5H620M28 135.5H620" />
      {bars('up', UP)}
      {bars('down', DOWN)}
    </svg>
  );
}
