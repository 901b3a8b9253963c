/**
 * Everything that the page shows, in one place.
 *
 * In: patches. Out: the state, and a hook that draws a component again when its part of it changed. Guaranteed: states are
 * never changed in place; listeners are called once a change.
 */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type {
  AnalysisOptions, Fault, Filter, Finished, ObjectDetail, Overview, Progress, Sending,
} from '../protocol';
import type { Preferences } from './preferences';

export type Phase = 'empty' | 'reading' | 'done' | 'failed';
export type Tab = 'applications' | 'servers' | 'objects' | 'streams' | 'model' | 'quality';

export interface State extends Preferences {
  /** Version of the analyzer; empty until the worker said it. */
  readonly version: string;
  readonly phase: Phase;
  /** Names of the files that were given. */
  readonly names: readonly string[];
  readonly progress: Progress | null;
  readonly overview: Overview | null;
  readonly finished: Finished | null;
  /** Paths of dropped files that could not be opened. */
  readonly lost: readonly string[];
  /** Why nothing could be read. */
  readonly failure: { readonly faults: readonly Fault[]; readonly leftOut: readonly string[]; readonly reason: string | null } | null;
  /** Errors that belong to no request, and the end of the worker. */
  readonly errors: readonly string[];
  /** True when the worker broke: everything has to be read again. */
  readonly broken: boolean;
  readonly filter: Filter;
  readonly options: AnalysisOptions;
  /** The object that table and timeline show as chosen. */
  readonly chosen: ObjectDetail | null;
  readonly tab: Tab;
  readonly panel: 'method' | 'send' | null;
  readonly offsetMinutes: number;
  readonly sending: Sending | null;
  /** Changes over to a newer build that waits. */
  readonly newer: (() => void) | null;
  /** What earlier sendings of this page took away. */
  readonly sentBefore: { readonly bytes: number; readonly destination: string };
}

export const INITIAL: Omit<State, keyof Preferences | 'filter'> = {
  version: '', phase: 'empty', names: [], progress: null, overview: null, finished: null, failure: null, lost: [], errors: [],
  broken: false, options: {}, chosen: null, tab: 'servers', panel: null, offsetMinutes: 0, sending: null,
  newer: null, sentBefore: { bytes: 0, destination: '' },
};

export class Store {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  set(patch: Partial<State>): void {
    this.#state = { ...this.#state, ...patch };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Gives back what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The part of the state that `select` takes out. */
export function useStore<Part>(store: Store, select: (state: State) => Part): Part {
  const [, draw] = useState(0);
  const part = select(store.state);
  const shown = useRef(part);
  const latest = useRef(select);
  shown.current = part;
  latest.current = select;
  useLayoutEffect(() => {
    const look = () => {
      if (!Object.is(latest.current(store.state), shown.current)) draw((count) => count + 1);
    };
    // The state may have changed between drawing and listening.
    look();
    return store.listen(look);
  }, [store]);
  return part;
}
