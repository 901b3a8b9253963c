/**
 * What page and worker say to each other about sending.
 *
 * In: nothing. Out: types. Guaranteed: a key is in a destination and nowhere else.
 */

import type { RecordKind } from './protocol';

export interface Destination {
  /** `/es` of the page's own server, or the address of an Elasticsearch. */
  readonly url: string;
  /** Kept in memory only; null where the server adds one. */
  readonly apiKey: string | null;
}

/** Why sending, or testing a connection, did not work. The page has words for each. */
export type SendingCause =
  | 'mixed-content' | 'cross-origin-or-down' | 'local-network' | 'same-origin-down' | 'csp' | 'unauthorized' | 'forbidden'
  | 'no-template' | 'wrong-schema' | 'not-elasticsearch' | 'busy' | 'too-large' | 'refused' | 'cancelled' | 'bad-address';

export interface SendingFailure {
  readonly cause: SendingCause;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** What the server or the browser said. */
  readonly detail: string;
}

export interface SentCounts {
  readonly expected: number;
  readonly created: number;
  readonly alreadyThere: number;
  readonly refused: number;
}

export interface Sending {
  readonly state: 'running' | 'waiting' | 'stopped' | 'done';
  readonly destination: string;
  readonly counts: Readonly<Record<RecordKind | 'analyses', SentCounts>>;
  /** Of request bodies as they went out, compressed. */
  readonly bytesSent: number;
  readonly retried: number;
  /** Why it waits and since how many ms, or why it stopped. */
  readonly failure: SendingFailure | null;
  readonly refusals: readonly { readonly reason: string; readonly documents: number }[];
}

export type ConnectionTest =
  | { readonly ok: true; readonly status: string }
  | { readonly ok: false; readonly failure: SendingFailure };
