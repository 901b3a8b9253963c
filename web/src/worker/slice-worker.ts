/**
 * A worker that does nothing but read slices of files.
 *
 * In: `Wanted` slices. Out: a `Got` for each, in any order. Guaranteed: the bytes are handed over and not copied; what can't be
 * read is told in words.
 *
 * A browser copies what it read in the thread that asked for it, so that reading and analysing would take turns in one.
 */

import { readHere, reasonOf, type Got, type Wanted } from './slice';

/** The part of a worker's scope that is used; the page's own types know none. */
interface Scope {
  postMessage: (message: Got, transfer: Transferable[]) => void;
  onmessage: ((event: MessageEvent<Wanted>) => void) | null;
}

const scope = self as unknown as Scope;

scope.onmessage = ({ data: { id, file, from, to } }) => {
  readHere(file, from, to).then(
    (bytes) => scope.postMessage({ id, bytes }, [bytes]),
    (problem: unknown) => scope.postMessage({ id, reason: reasonOf(problem) }, []),
  );
};
