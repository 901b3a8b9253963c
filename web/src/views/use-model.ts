/**
 * The model of what is selected.
 *
 * In: a grouping and a group. Out: the worker's answer, and whether it is that of the question. Guaranteed: the worker is asked
 * only while the tab is open and reading is over, and never for more than one model at a time; the last answer stays until the next.
 */

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Grouping, ModelView } from '../model';
import { usePage, useShown } from './page';
import { Latest } from './timeline/latest';

export interface Modelled {
  /** Null before the first answer, and where there was an error. */
  readonly model: ModelView | null;
  /** What the error says. */
  readonly reason: string | null;
  readonly isBusy: boolean;
}

interface Question {
  readonly by: Grouping;
  readonly group: string | null;
  readonly key: string;
}

export function useModel(by: Grouping, group: string | null): Modelled {
  const { session } = usePage();
  const revision = useShown((state) => state.overview?.revision ?? 0);
  const isReady = useShown((state) => state.finished !== null);
  const [answer, take] = useState<{ model: ModelView | null; reason: string | null; key: string } | null>(null);
  const key = JSON.stringify([revision, by, group]);
  const questions = useMemo(() => new Latest(
    ({ by, group }: Question) => session.client.request({ type: 'model', by, group }).then(
      ({ model }) => ({ model, reason: null }),
      (error: unknown) => ({ model: null, reason: String(error instanceof Error ? error.message : error) }),
    ),
    (given, { key }) => take({ ...given, key }),
  ), [session]);
  useEffect(() => {
    if (isReady) questions.want({ by, group, key });
  }, [questions, isReady, key]);
  return { model: answer?.model ?? null, reason: answer?.reason ?? null, isBusy: isReady && answer?.key !== key };
}
