/**
 * Whether figures lag behind the filter.
 *
 * In: the filter that was asked for, and the one that the overview was made with. Out: true until they agree, so that the last
 * state can be shown dimmed. Guaranteed: never true for longer than the worker takes.
 */

import { isSame } from '../state/filter';
import { useShown } from './page';

export const useIsStale = (): boolean =>
  useShown(({ overview, filter, finished, phase }) =>
    overview !== null && (!isSame(overview.filter, filter) || (phase === 'failed' && finished === null)));
