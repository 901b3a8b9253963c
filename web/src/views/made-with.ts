/**
 * What figures were made with, and of what.
 *
 * In: the options of the overview, and the capture once all of it was read. Out: a line for below figures and in saved ones.
 * Guaranteed: a figure that left the page can be traced to its capture and made again.
 */

import { inWords } from '../state/method';
import { usePage, useShown } from './page';

export function useMadeWith(): string {
  const { t } = usePage();
  const options = useShown((state) => state.overview?.options ?? state.options);
  const id = useShown((state) => state.finished?.manifest.capture_id ?? null);
  return id === null ? inWords(options) : `${inWords(options)} · ${t('capture.of', { id })}`;
}
