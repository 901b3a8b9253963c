/**
 * What people can do, and what the worker tells.
 *
 * In: acts of people, news of the worker, changes of the address. Out: patches of the store and orders to the worker.
 * Guaranteed: the address always holds the filter; the phases are empty → reading → done or failed, and reading may follow
 * each; what went wrong stays until something is read anew.
 */

import { Client, type News } from '../client';
import type { AnalysisOptions, Destination, Filter, ObjectDetail } from '../protocol';
import { type Chip, isSame, parseFilter, toggled, writeFilter } from './filter';
import { applyPreferences, type Preferences } from './preferences';
import { INITIAL, Store, type State } from './store';

export class Session {
  readonly client: Client;
  readonly store: Store;
  #files: readonly File[] = [];

  constructor(spawn: () => Worker, preferences: Preferences) {
    this.store = new Store({ ...INITIAL, ...preferences, filter: parseFilter(location.hash) });
    this.client = new Client(spawn, (news) => this.#take(news), (reason) => this.#broke(reason));
    applyPreferences(preferences, false);
    addEventListener('hashchange', () => this.setFilter(parseFilter(location.hash)));
  }

  /** Reads files: what was read before is gone, filter and method stay. */
  open(files: readonly File[], lost: readonly string[] = []): void {
    this.#files = files;
    const { filter, options } = this.store.state;
    this.store.set({ ...FRESH, ...this.#settled(), names: files.map((file) => file.name), overview: null, lost });
    if (files.length === 0) {
      this.store.set({ phase: 'failed', failure: { faults: [], leftOut: [], reason: null } });
      return;
    }
    this.client.send({ type: 'analyze', files, options });
    this.client.send({ type: 'filter', filter });
  }

  /** Reads the same files once more. What is shown stays until there is something new. */
  reanalyze(options: AnalysisOptions): void {
    if (this.#files.length === 0) {
      this.store.set({ options });
      return;
    }
    const { broken, filter } = this.store.state;
    this.store.set({ ...FRESH, ...this.#settled(), options });
    this.client.send(broken ? { type: 'analyze', files: this.#files, options } : { type: 'reanalyze', options });
    if (broken) this.client.send({ type: 'filter', filter });
  }

  cancel(): void {
    this.client.send({ type: 'cancel' });
  }

  /** Back to the empty page; the worker and all that it holds are gone. */
  close(): void {
    this.client.end('closed');
    this.#files = [];
    this.store.set({ ...INITIAL, ...this.#settled(), options: this.store.state.options, newer: this.store.state.newer });
    this.setFilter({});
  }

  setFilter(filter: Filter): void {
    if (isSame(filter, this.store.state.filter)) return;
    this.store.set({ filter });
    const fragment = writeFilter(filter);
    try {
      history.replaceState(null, '', fragment ? `#${fragment}` : location.pathname + location.search);
    } catch {
      // Browsers limit how often an address may change; the filter is in force all the same.
    }
    if (this.#files.length > 0) this.client.send({ type: 'filter', filter });
  }

  toggle(chip: Chip): void {
    this.setFilter(toggled(this.store.state.filter, chip));
  }

  choose(object: ObjectDetail | null): void {
    this.store.set({ chosen: object });
  }

  prefer(change: Partial<Preferences>): void {
    this.store.set(change);
    const { language, theme } = this.store.state;
    applyPreferences({ language, theme }, true);
  }

  submit(destination: Destination, pseudonymKey: string | null): void {
    this.store.set(this.#settled());
    this.client.send({ type: 'send', destination, pseudonymKey });
  }

  /** What was sent stays told when there is a new capture, or a new sending. */
  #settled(): Pick<State, 'sending' | 'sentBefore'> {
    const { sending, sentBefore } = this.store.state;
    if (!sending) return { sending, sentBefore };
    if (sending.state === 'running' || sending.state === 'waiting') this.client.send({ type: 'cancelSending' });
    return { sending: null, sentBefore: { bytes: sentBefore.bytes + sending.bytesSent, destination: sending.destination } };
  }

  #take(news: News): void {
    const set = (patch: Partial<State>) => this.store.set(patch);
    switch (news.type) {
      case 'ready': return set({ version: news.version });
      case 'progress': return set({ progress: news.progress });
      case 'overview': return set({ overview: news.overview });
      case 'finished': return set({ phase: 'done', finished: news.finished, progress: null });
      case 'failed': return set({ phase: 'failed', failure: news, progress: null, overview: null });
      case 'sending': return set({ sending: news.sending });
      case 'error': return set({ errors: [...this.store.state.errors, news.message].slice(-20) });
    }
  }

  #broke(reason: string): void {
    const { phase, sending } = this.store.state;
    this.store.set({
      broken: true, progress: null, errors: [...this.store.state.errors, reason].slice(-20),
      phase: phase === 'reading' || phase === 'done' ? 'failed' : phase,
      sending: sending && { ...sending, state: 'stopped' },
    });
  }
}

/** What no longer holds when reading begins. */
const FRESH = {
  phase: 'reading', progress: null, finished: null, failure: null, errors: [], broken: false, chosen: null,
} as const satisfies Partial<State>;
